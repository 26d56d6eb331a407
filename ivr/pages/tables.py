"""A table of figures, as a page shows it and as a spreadsheet takes it."""

import csv
import io
from dataclasses import dataclass

Cell = str | int | float | None
"""None where there is no figure."""

_BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""Signs with which a spreadsheet lets a cell do something (OWASP, CSV injection)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """What stands behind a picture, figure by figure."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    """Each as long as there are columns."""


def as_csv(table: Table) -> str:
    """RFC 4180, with a header. Text that a spreadsheet would take for a formula is text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([harmless(name) for name in table.columns])
    writer.writerows([[harmless(cell) for cell in row] for row in table.rows])
    return out.getvalue()


def harmless(cell: Cell) -> Cell:
    """A figure may be negative; a text that begins like a formula is quoted."""
    if isinstance(cell, str) and cell.startswith(_BEGINS_FORMULA):
        return f"'{cell}"
    return cell
