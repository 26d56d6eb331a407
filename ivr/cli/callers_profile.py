"""`ivr callers show`: everything that is known of a customer, and who says so."""

from collections.abc import Iterable
from datetime import timedelta

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from ivr.identify.view import ConflictView, FactView, MissingView, ProfileView
from ivr.plain_text import plain


def show_profile(view: ProfileView, console: Console) -> None:
    """Facts, conflicts and what is missing, each in a table of its own."""
    parts: list[RenderableType] = [
        Text(f"Customer {view.customer_id}, by the word of {view.identified_by}."),
        _facts(view.facts),
    ]
    if view.conflicts:
        parts.append(_conflicts(view.conflicts))
    if view.missing:
        parts.append(_missing(view.missing))
    console.print(Group(*parts))


def _facts(facts: Iterable[FactView]) -> Table:
    table = Table("fact", "value", "source", "age", "as of", "may be mentioned", title="Known")
    for one in facts:
        age = f"{_span(one.age_s)}{' (stale)' if one.is_stale else ''}"
        as_of = f"{one.as_of:%Y-%m-%d %H:%M}" if one.as_of else ""
        # What a source wrote is shown as it is, never as markup.
        mention = "yes" if one.may_mention else "no"
        table.add_row(one.name, Text(plain(one.value)), one.source, age, as_of, mention)
    return table


def _conflicts(conflicts: Iterable[ConflictView]) -> Table:
    table = Table("fact", "does not hold", "source", "why", "holds", title="Conflicts")
    for one in conflicts:
        lost = one.fact
        table.add_row(
            lost.name, Text(plain(lost.value)), lost.source, one.why, Text(plain(one.kept))
        )
    return table


def _missing(missing: Iterable[MissingView]) -> Table:
    table = Table("source", "why", "facts", title="Missing")
    for one in missing:
        table.add_row(one.source, one.why, ", ".join(one.facts))
    return table


def _span(seconds: int) -> str:
    return str(timedelta(seconds=seconds))
