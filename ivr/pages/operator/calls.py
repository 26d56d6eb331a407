"""How many calls there are, and how far the machine gets with them."""

from collections.abc import Mapping

from ivr.journal import questions
from ivr.journal.figures import Count, OverTime
from ivr.journal.record import Outcome
from ivr.journal.tallies import Facet
from ivr.pages.charts.bars import Bar, Bars, drawn_bars
from ivr.pages.charts.columns import drawn_columns
from ivr.pages.charts.drawing import NOTHING, About, Drawing
from ivr.pages.charts.lines import drawn_lines
from ivr.pages.charts.times import Line, Times
from ivr.pages.operator.panel import Asked, Fact, Panel
from ivr.pages.reasons import by_kind
from ivr.pages.tables import Table

_ORDER = (Outcome.SERVED, Outcome.HANDED_OVER, Outcome.HUNG_UP, Outcome.FAILED)
_MOST_BARS = 8
COLOURS = {
    "accepted": 0,
    "inconclusive": 4,
    "rejected": 1,
    "spoof_suspected": 3,
    "not_enrolled": 5,
    "opted_out": 2,
}
"""The same decision looks the same wherever it is drawn; others take the next colour."""


def calls(asked: Asked) -> Panel:
    """By what became of them."""
    found = questions.calls(asked.tallies, asked.scope, asked.steps)
    names = {code.value: asked.code("outcome", code) for code in _ORDER if code in found.lines}
    title = asked.t("op.calls")
    total = sum(found.totals)
    return Panel(
        id="calls",
        title=title,
        picture=columns_of(asked, "calls", title, found, names),
        table=table_over_time(asked, found, names),
        facts=(Fact(name=asked.t("op.all_calls"), value=asked.written.count(total)),)
        if total
        else (),
        is_wide=True,
    )


def containment(asked: Asked) -> Panel:
    """Calls that nobody else was needed for."""
    found = questions.containment(asked.tallies, asked.scope, asked.steps)
    title, w = asked.t("op.containment"), asked.written
    rates = tuple(share.rate for share in found.shares)
    low, high = found.overall.bounds
    times = Times(
        about=About(id="containment", title=title, text=asked.t("op.containment_note")),
        steps=tuple(map(asked.step, found.starts)),
        lines=(Line(name=title, values=rates),),
        written=w.whole_percent,
        high=1.0,
        is_whole=False,
    )
    hint = asked.t("op.between", low=w.percent(low), high=w.percent(high))
    return Panel(
        id="containment",
        title=title,
        note=asked.t("op.containment_note"),
        picture=drawn_lines(times, is_filled=True) if found.overall.whole else NOTHING,
        table=Table(
            columns=(asked.t("op.when"), asked.t("outcome.served"), asked.t("op.all_calls")),
            rows=tuple(
                (asked.exact(start), share.part, share.whole)
                for start, share in zip(found.starts, found.shares, strict=True)
            ),
        ),
        facts=(
            (Fact(name=asked.t("op.overall"), value=w.percent(found.overall.rate), hint=hint),)
            if found.overall.whole
            else ()
        ),
    )


def reasons(asked: Asked) -> Panel:
    """Why calls went to people."""
    found = by_kind(questions.transfers(asked.tallies, asked.scope, Facet.REASON))
    names = {one.code: asked.code("reason", one.code) for one in found}
    return _counted(asked, "reasons", found, names)


def queues(asked: Asked) -> Panel:
    """Where they went."""
    found = questions.transfers(asked.tallies, asked.scope, Facet.QUEUE)
    names = {
        one.code: asked.queue_words(one.code) if one.code else asked.t("op.none") for one in found
    }
    return _counted(asked, "queues", found, names)


def columns_of(
    asked: Asked, id_: str, title: str, found: OverTime, names: Mapping[str, str]
) -> Drawing:
    """`names`: codes in the order in which they stand on each other, and what they are called."""
    if not sum(found.totals):
        return NOTHING
    lines = tuple(
        Line(name=name, values=tuple(found.lines[code]), colour=COLOURS.get(code))
        for code, name in names.items()
    )
    totals = ", ".join(
        f"{name}: {asked.written.count(sum(found.lines[code]))}" for code, name in names.items()
    )
    times = Times(
        about=About(id=id_, title=title, text=totals),
        steps=tuple(map(asked.step, found.starts)),
        lines=lines,
        written=asked.written.count,
    )
    return drawn_columns(times)


def table_over_time(asked: Asked, found: OverTime, names: Mapping[str, str]) -> Table:
    rows = zip(found.starts, *(found.lines[code] for code in names), strict=True)
    return Table(
        columns=(asked.t("op.when"), *names.values()),
        rows=tuple((asked.exact(row[0]), *row[1:]) for row in rows),
    )


def _counted(asked: Asked, id_: str, found: tuple[Count, ...], names: Mapping[str, str]) -> Panel:
    title = asked.t(f"op.{id_}")
    bars = Bars(
        about=About(id=id_, title=title),
        bars=tuple(Bar(name=names[one.code], value=one.calls) for one in found[:_MOST_BARS]),
        written=asked.written.count,
    )
    rows = tuple((names[one.code], one.calls) for one in found)
    return Panel(
        id=id_,
        title=title,
        note=asked.t(f"op.{id_}_note"),
        picture=drawn_bars(bars) if found else NOTHING,
        table=Table(
            columns=(title, asked.t("op.calls")),
            rows=rows,
        ),
    )
