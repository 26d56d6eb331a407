"""What a caller who waits is told: how long, what it costs, and that we can ring back.

German law (§ 115 TKG) asks for the expected duration and for what the wait costs, at its
beginning. What is told later goes down with the clock: a caller who was told five minutes is not
told six a minute later, unless that is what it will be by a margin.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from ivr.call import Line
from ivr.queue.estimate import Estimate
from ivr.queue.seating import Seat

WaitCosts = Literal["unsaid", "free", "fixed_price"]

_MINUTE = timedelta(minutes=1)
_MARGIN = 1.5
"""So many times as long as was promised, and two minutes: then it is told that it takes longer."""

_MARGIN_MIN = 2
_LONGEST_TOLD_MIN = 90
"""Beyond it the figure is a guess about the rest of the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """What was told last."""

    at: datetime
    minutes: int | None
    """None where nothing could be said yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """What the operator wants told."""

    costs: WaitCosts
    tells_position: bool
    offers_call_back_after_min: int
    """0 offers none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is said, and what it promises."""

    lines: tuple[Line, ...]
    promised: Promised
    offers_call_back: bool = False


def announcement(
    expected: Estimate | None,
    there: Seat,
    manner: Manner,
    now: datetime,
    last: Promised | None = None,
) -> Told:
    """The next announcement to somebody who waits in `there`; the first where `last` is None."""
    if not there.is_open:
        return _closed(there, now, last)
    minutes = None if expected is None else _minutes(expected, now, last)
    offers = _offers(minutes, manner)
    lines = [_expected(minutes)]
    if manner.tells_position and expected is not None and expected.position > 1:
        lines.append(Line(key="queue.position", facts={"ahead": str(expected.position - 1)}))
    if last is None and manner.costs != "unsaid":
        lines.append(Line(key="queue.free" if manner.costs == "free" else "queue.fixed_price"))
    if offers:
        lines.append(Line(key="queue.call_back_offer"))
    promised = last
    if promised is None or minutes is not None:
        promised = Promised(at=now, minutes=minutes)
    return Told(lines=tuple(lines), promised=promised, offers_call_back=offers)


def _closed(there: Seat, now: datetime, last: Promised | None) -> Told:
    """Whoever is told that we call back need not know when we open."""
    promised = last or Promised(at=now, minutes=None)
    if there.rules.closed == "call_back":
        lines = (Line(key="queue.closed"), Line(key="queue.call_back_offer"))
        return Told(lines=lines, promised=promised, offers_call_back=True)
    opens = there.rules.opens_after(now)
    if opens is None:
        return Told(lines=(Line(key="queue.closed"),), promised=promised)
    until = Line(key="queue.closed_until", facts={"until": f"{opens:%Y-%m-%dT%H:%M}"})
    return Told(lines=(until,), promised=promised)


def _offers(minutes: int | None, manner: Manner) -> bool:
    after = manner.offers_call_back_after_min
    return after > 0 and (minutes is None or minutes >= after)


def _minutes(expected: Estimate, now: datetime, last: Promised | None) -> int:
    """From now on, at least 1."""
    likely = max(1, min(round(expected.likely_s / 60), _LONGEST_TOLD_MIN))
    if last is None or last.minutes is None:
        return likely
    left = max(1, last.minutes - (now - last.at) // _MINUTE)
    is_much_longer = likely >= left * _MARGIN and likely >= left + _MARGIN_MIN
    return likely if is_much_longer else min(likely, left)


def _expected(minutes: int | None) -> Line:
    if minutes is None:
        return Line(key="queue.unknown")
    if minutes <= 1:
        return Line(key="queue.about_a_minute")
    return Line(key="queue.expected_minutes", facts={"minutes": str(minutes)})
