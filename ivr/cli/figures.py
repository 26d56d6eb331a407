"""Figures as a table on the terminal and as a file."""

import json
from collections.abc import Mapping
from pathlib import Path


def show(figures: Mapping[str, Mapping[str, object]], json_file: Path | None) -> None:
    """A column each; the file holds the bare figures when there is one column."""
    from rich.console import Console
    from rich.table import Table

    table = Table("", *figures, show_header=len(figures) > 1)
    for name in next(iter(figures.values())):
        table.add_row(name, *(shown(column[name]) for column in figures.values()))
    Console().print(table)
    write(next(iter(figures.values())) if len(figures) == 1 else figures, json_file)


def write(figures: object, json_file: Path | None) -> None:
    """The figures as JSON, where a file is named."""
    if json_file:
        json_file.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")


def shown(value: object) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)
