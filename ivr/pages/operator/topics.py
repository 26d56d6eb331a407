"""What callers want: topic by topic over time, and which of them rise."""

from dataclasses import dataclass

from ivr.journal import questions
from ivr.journal.figures import OverTime
from ivr.journal.rises import Rise
from ivr.journal.tallies import Facet
from ivr.pages.charts.bars import drawn_spark
from ivr.pages.charts.drawing import About, Drawing
from ivr.pages.operator.panel import Asked
from ivr.pages.tables import Table

_MOST = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One row of small pictures."""

    code: str
    name: str
    calls: int
    share: str
    line: Drawing
    rise: Rise | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Topics:
    """All of them, the most frequent first."""

    rows: tuple[Topic, ...]
    rises: tuple[tuple[str, Rise], ...]
    """Those that rise now, with their names."""

    table: Table


def topics(asked: Asked) -> Topics:
    """Rises are looked for in the last hours, whatever the range is."""
    found = questions.over_time(asked.tallies, asked.scope, asked.steps, Facet.TOPIC)
    risen = asked.figures.rises(asked.scope)
    by_code = {one.topic: one for one in risen}
    total = sum(found.totals) or 1
    rows = tuple(
        Topic(
            code=code,
            name=asked.topic(code),
            calls=sum(counts),
            share=asked.written.percent(sum(counts) / total),
            line=_spark(asked, code, counts, is_flagged=code in by_code),
            rise=by_code.get(code),
        )
        for code, counts in found.lines.items()
    )
    return Topics(
        rows=rows[:_MOST],
        rises=tuple((asked.topic(one.topic), one) for one in risen),
        table=_table(asked, found),
    )


def topic_table(asked: Asked) -> Table:
    """A column a topic."""
    found = questions.over_time(asked.tallies, asked.scope, asked.steps, Facet.TOPIC)
    return _table(asked, found)


def _table(asked: Asked, found: OverTime) -> Table:
    rows = zip(found.starts, *found.lines.values(), strict=True)
    return Table(
        columns=(asked.t("op.when"), *(asked.topic(code) for code in found.lines)),
        rows=tuple((asked.exact(row[0]), *row[1:]) for row in rows),
    )


def _spark(asked: Asked, code: str, counts: tuple[int, ...], *, is_flagged: bool) -> Drawing:
    highest = asked.written.count(max(counts, default=0))
    about = About(
        id=f"topic-{code.replace('_', '-')}",
        title=asked.topic(code),
        text=asked.t("op.topic_line", calls=asked.written.count(sum(counts)), highest=highest),
    )
    return drawn_spark(about, counts, is_flagged=is_flagged)
