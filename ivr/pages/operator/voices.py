"""How sure voices are: outcomes, scores, signs of deceit, and what people say of it."""

from collections import Counter
from collections.abc import Mapping

from ivr.journal import questions
from ivr.journal.buckets import Bucket, Steps
from ivr.journal.figures import OverTime, Share
from ivr.journal.tallies import Facet, number
from ivr.pages.charts.bars import Bar, Bars, Histogram, drawn_bars, drawn_histogram
from ivr.pages.charts.drawing import NOTHING, About
from ivr.pages.charts.lines import drawn_lines
from ivr.pages.charts.times import Line, Times
from ivr.pages.operator.calls import COLOURS, columns_of, table_over_time
from ivr.pages.operator.panel import Asked, Fact, Panel
from ivr.pages.tables import Table

_JUDGED = ("accepted", "inconclusive", "rejected", "spoof_suspected")
_LOW, _HIGH, _STEP = -120, 160, 10
"""Tenths of the log-likelihood ratio; what lies outside stands in the outermost columns."""


def outcomes(asked: Asked) -> Panel:
    """What was decided, over time."""
    found = questions.over_time(asked.tallies, asked.scope, asked.steps, Facet.VERIFICATION)
    names = {code: asked.code("evidence", code) for code in _ordered(found.lines)}
    title = asked.t("op.outcomes")
    whole = sum(sum(found.lines.get(code, ())) for code in _JUDGED)
    accepted = Share(part=sum(found.lines.get("accepted", ())), whole=whole)
    low, high = accepted.bounds
    written = asked.written
    return Panel(
        id="outcomes",
        title=title,
        note=asked.t("op.outcomes_note"),
        picture=columns_of(asked, "outcomes", title, found, names),
        table=table_over_time(asked, found, names),
        facts=(
            Fact(
                name=asked.t("op.accepted_rate"),
                value=written.percent(accepted.rate),
                hint=asked.t("op.between", low=written.percent(low), high=written.percent(high)),
            ),
        )
        if whole
        else (),
        is_wide=True,
    )


def by_hour_of_day(asked: Asked) -> Panel:
    """The share that is accepted, by the clock on the wall: lines and noise have their hours."""
    zone = asked.figures.zone
    hours = Steps(bucket=Bucket.HOUR, zone=zone)
    counts: Counter[tuple[int, str]] = Counter()
    for (hour, decision), many in asked.tallies.tally(
        asked.scope, Facet.HOUR, Facet.VERIFICATION
    ).items():
        counts[hours.start_of(number(hour)).astimezone(zone).hour, str(decision)] += many
    wholes = [sum(counts[hour, code] for code in _JUDGED) for hour in range(24)]
    lines = tuple(
        Line(
            name=asked.code("evidence", code),
            colour=COLOURS[code],
            values=tuple(
                counts[hour, code] / wholes[hour] if wholes[hour] else None for hour in range(24)
            ),
        )
        for code in ("accepted", "rejected", "inconclusive")
    )
    title = asked.t("op.by_hour")
    names = tuple(f"{hour:02}:00" for hour in range(24))
    times = Times(
        about=About(id="by-hour", title=title),
        steps=names,
        lines=lines,
        written=asked.written.whole_percent,
        high=1.0,
        is_whole=False,
    )
    columns = tuple(asked.code("evidence", code) for code in _JUDGED)
    return Panel(
        id="by-hour",
        title=title,
        note=asked.t("op.by_hour_note"),
        picture=drawn_lines(times) if sum(wholes) else NOTHING,
        table=Table(
            columns=(asked.t("op.hour"), *columns),
            rows=tuple(
                (names[hour], *(counts[hour, code] for code in _JUDGED)) for hour in range(24)
            ),
        ),
    )


def scores(asked: Asked) -> Panel:
    """How all voices that were compared scored."""
    counts: Counter[int] = Counter()
    for (tenths,), many in asked.tallies.tally(asked.scope, Facet.LLR_TENTHS).items():
        if tenths is not None:
            place = min(max(number(tenths), _LOW), _HIGH - 1)
            counts[(place - _LOW) // _STEP] += many
    edges = tuple(edge / 10 for edge in range(_LOW, _HIGH + 1, _STEP))
    title = asked.t("op.scores")
    histogram = Histogram(
        about=About(id="scores", title=title, text=asked.t("op.scores_note")),
        edges=edges,
        counts=tuple(counts[place] for place in range(len(edges) - 1)),
        written=lambda edge: asked.written.count(edge).replace("-", "\N{MINUS SIGN}"),
        limit=0.0,
        limit_name=asked.t("op.speaks_for"),
    )
    return Panel(
        id="scores",
        title=title,
        note=asked.t("op.scores_note"),
        picture=drawn_histogram(histogram) if counts else NOTHING,
        table=Table(
            columns=(asked.t("op.from"), asked.t("op.to"), asked.t("op.calls")),
            rows=tuple(
                (edges[place], edges[place + 1], counts[place]) for place in range(len(edges) - 1)
            ),
        ),
    )


def drift(asked: Asked) -> Panel:
    """Whether accepted voices score as they used to."""
    found = asked.figures.drift(asked.scope)
    t, written = asked.t, asked.written
    title = t("op.drift")
    weeks = tuple(written.step(one.start, Bucket.WEEK) for one in found)
    flagged = frozenset(place for place, one in enumerate(found) if one.is_flagged)
    times = Times(
        about=About(id="drift", title=title, text=t("op.drift_note")),
        steps=weeks,
        lines=(
            Line(
                name=t("op.median"),
                values=tuple(one.median for one in found),
                band=tuple(
                    (one.p10, one.p90) if one.p10 is not None and one.p90 is not None else None
                    for one in found
                ),
            ),
        ),
        written=written.decimal,
        is_whole=False,
        flagged=flagged,
    )
    columns = ("op.week", "op.accepted", "op.mean", "op.p10", "op.median", "op.p90")
    rows = tuple(
        (
            *(written.exact(one.start, Bucket.WEEK), one.accepted, _rounded(one.mean)),
            *(one.p10, one.median, one.p90, _rounded(one.stability), _rounded(one.distance)),
            t("op.yes") if one.is_flagged else "",
        )
        for one in found
    )
    return Panel(
        id="drift",
        title=title,
        note=t("op.drift_note"),
        picture=drawn_lines(times) if any(one.accepted for one in found) else NOTHING,
        table=Table(
            columns=(*map(t, columns), "PSI", "KS", t("op.flagged")),
            rows=rows,
        ),
        flag=t("op.drift_flag", weeks=", ".join(weeks[place] for place in sorted(flagged)))
        if flagged
        else "",
        is_wide=True,
    )


def signs(asked: Asked) -> Panel:
    """What sounded like a recording or a machine, and doors that closed."""
    found = questions.over_time(asked.tallies, asked.scope, asked.steps, Facet.SIGN)
    locked = questions.over_time(asked.tallies, asked.scope, asked.steps, Facet.IS_LOCKED)
    lines = {**found.lines, **locked.lines}
    together = OverTime(starts=found.starts, lines=lines)
    names = {code: asked.code("sign", code) for code in lines}
    title = asked.t("op.signs")
    return Panel(
        id="signs",
        title=title,
        note=asked.t("op.signs_note"),
        picture=columns_of(asked, "signs", title, together, names),
        table=table_over_time(asked, together, names),
    )


def judged(asked: Asked) -> Panel:
    """What the people who took the calls say."""
    found = questions.feedback(asked.tallies, asked.scope)
    t, written = asked.t, asked.written
    shares = {"person": found.person, "intent": found.intent, "solved": found.solved}
    title = t("op.judged")
    bars = Bars(
        about=About(id="judged", title=title),
        bars=tuple(
            Bar(name=t(f"op.judged_{name}"), value=share.rate)
            for name, share in shares.items()
            if share.rate is not None
        ),
        written=written.percent,
        high=1.0,
    )
    wrong = found.false_accepts
    low, high = wrong.bounds
    return Panel(
        id="judged",
        title=title,
        note=t("op.judged_note"),
        picture=drawn_bars(bars) if bars.bars else NOTHING,
        table=Table(
            columns=(t("op.judged"), t("op.right"), t("op.judged_calls")),
            rows=(
                *((t(f"op.judged_{name}"), one.part, one.whole) for name, one in shares.items()),
                (t("op.false_accepts"), wrong.part, wrong.whole),
            ),
        ),
        facts=(
            Fact(
                name=t("op.false_accepts"),
                value=t("op.of", part=written.count(wrong.part), whole=written.count(wrong.whole)),
                hint=t("op.between", low=written.percent(low), high=written.percent(high)),
            ),
        )
        if wrong.whole
        else (),
        flag=t("op.false_accepts_flag") if wrong.part else "",
    )


def hearing(asked: Asked) -> Panel:
    """How well words are recognised."""
    found = questions.hearing(asked.tallies, asked.scope, asked.steps)
    t = asked.t
    title = t("op.hearing")
    times = Times(
        about=About(id="hearing", title=title, text=t("op.hearing_note")),
        steps=tuple(asked.step(one.start) for one in found),
        lines=(Line(name=title, values=tuple(one.confidence for one in found)),),
        written=asked.written.whole_percent,
        high=1.0,
        is_whole=False,
    )
    fallbacks = sum(one.fallbacks for one in found)
    heard = sum(one.calls for one in found)
    fact = Fact(name=t("op.fallbacks"), value=asked.written.count(fallbacks))
    return Panel(
        id="hearing",
        title=title,
        note=t("op.hearing_note"),
        picture=drawn_lines(times) if heard else NOTHING,
        table=Table(
            columns=(t("op.when"), t("op.calls"), t("op.confidence"), t("op.fallbacks")),
            rows=tuple(
                (asked.exact(one.start), one.calls, _rounded(one.confidence), one.fallbacks)
                for one in found
            ),
        ),
        facts=(fact,) if heard else (),
    )


def _ordered(lines: Mapping[str, tuple[int, ...]]) -> list[str]:
    return [code for code in _JUDGED if code in lines] + [c for c in lines if c not in _JUDGED]


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
