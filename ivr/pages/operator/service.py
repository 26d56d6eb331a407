"""What calls cost people: waiting, handling, leaving; and what they say of them afterwards."""

from collections import Counter, defaultdict
from datetime import datetime

from ivr.journal import questions
from ivr.journal.figures import Spread, spread_of
from ivr.journal.tallies import Facet, number
from ivr.pages.charts.bars import Bar, Bars, drawn_bars
from ivr.pages.charts.drawing import NOTHING, About
from ivr.pages.charts.lines import drawn_lines
from ivr.pages.charts.scale import unit_of_time
from ivr.pages.charts.times import Line, Times
from ivr.pages.operator.panel import Asked, Fact, Panel
from ivr.pages.tables import Table


def waiting(asked: Asked) -> Panel:
    """How long callers wait for a person, and who does not."""
    found = asked.figures.service(asked.scope)
    w, t = asked.written, asked.t
    by_step = _waited(asked)
    starts = asked.steps.starts(asked.scope)
    spreads = [spread_of(by_step[start]) for start in starts]
    title = t("op.waiting")
    times = Times(
        about=About(id="waiting", title=title, text=t("op.waiting_note")),
        steps=tuple(map(asked.step, starts)),
        lines=(
            Line(name=t("op.p90"), values=tuple(one.p90 for one in spreads)),
            Line(name=t("op.median"), values=tuple(one.median for one in spreads)),
        ),
        written=w.seconds,
        unit=unit_of_time(max((one.p90 or 0 for one in spreads), default=0)),
    )
    facts = (
        Fact(name=t("op.median"), value=w.seconds(found.waited.median)),
        Fact(
            name=t("op.service_level"),
            value=w.percent(found.in_time.rate),
            hint=t("op.within", seconds=found.answer_within_s),
        ),
        Fact(name=t("op.abandoned"), value=w.percent(found.abandoned.rate)),
    )
    return Panel(
        id="waiting",
        title=title,
        note=t("op.waiting_note"),
        picture=drawn_lines(times) if found.waited.count else NOTHING,
        table=_spread_table(asked, list(zip(starts, spreads, strict=True))),
        facts=facts if found.waited.count else (),
    )


def handling(asked: Asked) -> Panel:
    """How long a call takes, of the machine and of a person."""
    found = questions.handling(asked.tallies, asked.scope)
    w, t = asked.written, asked.t
    named = (("op.machine", found.machine), ("op.person", found.person))
    title = t("op.handling")
    bars = Bars(
        about=About(id="handling", title=title),
        bars=tuple(
            Bar(name=t(name), value=spread.mean or 0, colour=place)
            for place, (name, spread) in enumerate(named)
        ),
        written=w.seconds,
    )
    rows = tuple(
        (t(name), spread.count, _whole(spread.mean), spread.median, spread.p90)
        for name, spread in named
    )
    columns = (t("op.of_whom"), t("op.calls"), t("op.mean_s"), t("op.median_s"), t("op.p90_s"))
    return Panel(
        id="handling",
        title=title,
        note=t("op.handling_note"),
        picture=drawn_bars(bars) if found.machine.count else NOTHING,
        table=Table(columns=columns, rows=rows),
    )


def saved(asked: Asked) -> Panel:
    """Time that nobody spent on questions about who they are."""
    found = asked.figures.saved(asked.scope)
    w, t = asked.written, asked.t
    each = found.saved_s / found.verified if found.verified else 0
    title = t("op.saved")
    return Panel(
        id="saved",
        title=title,
        note=t("op.saved_note", seconds=found.by_questions_s),
        table=Table(
            columns=(t("op.verified"), t("op.assumed_s"), t("op.took_s"), t("op.saved_s")),
            rows=((found.verified, found.by_questions_s, found.took_s, found.saved_s),),
        ),
        facts=(
            Fact(name=t("op.in_all"), value=w.seconds(found.saved_s)),
            Fact(name=t("op.each"), value=w.seconds(each)),
            Fact(name=t("op.verified"), value=w.count(found.verified)),
        )
        if found.verified
        else (),
    )


def satisfaction(asked: Asked) -> Panel:
    """What callers typed when they were asked."""
    found = questions.satisfaction(asked.tallies, asked.scope)
    w, t = asked.written, asked.t
    title = t("op.satisfaction")
    bars = Bars(
        about=About(id="satisfaction", title=title),
        bars=tuple(
            Bar(name=t("op.mark", mark=mark), value=found.marks[mark - 1])
            for mark in range(5, 0, -1)
        ),
        written=w.count,
    )
    mean = t("op.none") if found.mean is None else w.decimal(found.mean)
    hint = t("op.answers", answers=w.count(found.answers))
    return Panel(
        id="satisfaction",
        title=title,
        note=t("op.satisfaction_note"),
        picture=drawn_bars(bars) if found.answers else NOTHING,
        table=Table(
            columns=(t("op.given"), t("op.calls")),
            rows=tuple((mark, many) for mark, many in enumerate(found.marks, start=1)),
        ),
        facts=(Fact(name=t("op.mean"), value=mean, hint=hint),) if found.answers else (),
    )


def guesses(asked: Asked) -> Panel:
    """Reasons of calls that were guessed."""
    found = questions.guesses(asked.tallies, asked.scope)
    w, t = asked.written, asked.t
    title = t("op.guesses")
    bars = Bars(
        about=About(id="guesses", title=title),
        bars=tuple(
            Bar(name=asked.code("event", one.kind), value=one.right / (one.right + one.wrong))
            for one in found
            if one.right + one.wrong
        ),
        written=w.percent,
        high=1.0,
    )
    columns = (t("op.event"), t("op.offered"), t("op.right"), t("op.wrong"))
    return Panel(
        id="guesses",
        title=title,
        note=t("op.guesses_note"),
        picture=drawn_bars(bars) if bars.bars else NOTHING,
        table=Table(
            columns=columns,
            rows=tuple(
                (asked.code("event", one.kind), one.offered, one.right, one.wrong) for one in found
            ),
        ),
    )


def _waited(asked: Asked) -> defaultdict[datetime, Counter[int]]:
    found: defaultdict[datetime, Counter[int]] = defaultdict(Counter)
    counted = asked.tallies.tally(asked.scope, Facet.HOUR, Facet.WAITED_S)
    for (hour, seconds), many in counted.items():
        if seconds is not None:
            found[asked.steps.start_of(number(hour))][number(seconds)] += many
    return found


def _spread_table(asked: Asked, steps: list[tuple[datetime, Spread]]) -> Table:
    t = asked.t
    return Table(
        columns=(t("op.when"), t("op.calls"), t("op.mean_s"), t("op.median_s"), t("op.p90_s")),
        rows=tuple(
            (asked.exact(start), one.count, _whole(one.mean), one.median, one.p90)
            for start, one in steps
        ),
    )


def _whole(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)
