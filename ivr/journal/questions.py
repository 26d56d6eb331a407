"""Questions about calls, answered from counts. Nothing here knows where records are kept."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from ivr.journal.buckets import Steps
from ivr.journal.figures import (
    Contained,
    Count,
    Feedback,
    Guessed,
    Handled,
    Hearing,
    OverTime,
    Satisfaction,
    Saved,
    Service,
    Share,
    Spread,
    spread_of,
)
from ivr.journal.record import Outcome
from ivr.journal.tallies import Facet, Scope, Tallies, Value, number

_ACCEPTED = "accepted"
_MARKS = (1, 2, 3, 4, 5)


def over_time(tallies: Tallies, scope: Scope, steps: Steps, facet: Facet) -> OverTime:
    """Calls by the codes of one facet; calls that have none are left out."""
    starts = steps.starts(scope)
    place = {start: index for index, start in enumerate(starts)}
    lines: defaultdict[str, list[int]] = defaultdict(lambda: [0] * len(starts))
    for (hour, code), calls in tallies.tally(scope, Facet.HOUR, facet).items():
        if code not in ("", None, False):
            lines[_name(facet, code)][place[steps.start_of(number(hour))]] += calls
    ordered = sorted(lines.items(), key=lambda line: (-sum(line[1]), line[0]))
    return OverTime(starts=starts, lines={code: tuple(counts) for code, counts in ordered})


def calls(tallies: Tallies, scope: Scope, steps: Steps) -> OverTime:
    """By outcome: the totals are all calls."""
    return over_time(tallies, scope, steps, Facet.OUTCOME)


def containment(tallies: Tallies, scope: Scope, steps: Steps) -> Contained:
    """Calls that were served, of all."""
    found = calls(tallies, scope, steps)
    served = found.lines.get(Outcome.SERVED, (0,) * len(found.starts))
    return Contained(
        starts=found.starts,
        shares=tuple(
            Share(part=part, whole=whole) for part, whole in zip(served, found.totals, strict=True)
        ),
        overall=Share(part=sum(served), whole=sum(found.totals)),
    )


def transfers(tallies: Tallies, scope: Scope, facet: Facet) -> tuple[Count, ...]:
    """Calls that were handed over, by reason or by queue, the most frequent first."""
    handed = (Outcome.HANDED_OVER, Outcome.FAILED)
    counts: Counter[str] = Counter()
    for (outcome, code), many in tallies.tally(scope, Facet.OUTCOME, facet).items():
        if outcome in handed:
            counts[str(code)] += many
    return _counts(counts)


def guesses(tallies: Tallies, scope: Scope) -> tuple[Guessed, ...]:
    """By kind of event, the most frequent first."""
    kinds: defaultdict[str, Counter[Value]] = defaultdict(Counter)
    for (kind, is_right), many in tallies.tally(scope, Facet.GUESS, Facet.GUESSED_RIGHT).items():
        if kind:
            kinds[str(kind)][is_right] += many
    found = [
        Guessed(kind=kind, offered=found.total(), right=found[True], wrong=found[False])
        for kind, found in kinds.items()
    ]
    return tuple(sorted(found, key=lambda one: (-one.offered, one.kind)))


def service(tallies: Tallies, scope: Scope, *, answer_within_s: int) -> Service:
    """Waiting, of calls for which it is known how long that was."""
    waited: Counter[int] = Counter()
    in_time = abandoned = 0
    for (seconds, has_left), many in tallies.tally(
        scope, Facet.WAITED_S, Facet.IS_ABANDONED
    ).items():
        if seconds is None:
            continue
        waited[number(seconds)] += many
        abandoned += many if has_left else 0
        in_time += many if not has_left and number(seconds) < answer_within_s else 0
    return Service(
        waited=spread_of(waited),
        in_time=Share(part=in_time, whole=waited.total()),
        abandoned=Share(part=abandoned, whole=waited.total()),
        answer_within_s=answer_within_s,
    )


def handling(tallies: Tallies, scope: Scope) -> Handled:
    return Handled(
        machine=_spread(tallies, scope, Facet.MACHINE_S),
        person=_spread(tallies, scope, Facet.HANDLED_S),
    )


def saved(tallies: Tallies, scope: Scope, *, by_questions_s: int) -> Saved:
    verified = took = 0
    found = tallies.tally(scope, Facet.VERIFICATION, Facet.PROVEN_S)
    for (decision, seconds), many in found.items():
        if decision == _ACCEPTED and seconds is not None:
            verified, took = verified + many, took + many * number(seconds)
    return Saved(verified=verified, by_questions_s=by_questions_s, took_s=took)


def satisfaction(tallies: Tallies, scope: Scope) -> Satisfaction:
    given = {mark: many for (mark,), many in tallies.tally(scope, Facet.SATISFACTION).items()}
    first, second, third, fourth, fifth = (given.get(mark, 0) for mark in _MARKS)
    marks = (first, second, third, fourth, fifth)
    answers = sum(marks)
    total = sum(mark * many for mark, many in zip(_MARKS, marks, strict=True))
    return Satisfaction(answers=answers, mean=total / answers if answers else None, marks=marks)


def hearing(tallies: Tallies, scope: Scope, steps: Steps) -> tuple[Hearing, ...]:
    """Of calls in which something was recognised."""
    heard: defaultdict[object, Counter[int]] = defaultdict(Counter)
    fallbacks: Counter[object] = Counter()
    found = tallies.tally(scope, Facet.HOUR, Facet.HEARING_PERCENT, Facet.FALLBACKS)
    for (hour, percent, turns), many in found.items():
        start = steps.start_of(number(hour))
        fallbacks[start] += many * number(turns)
        if percent is not None:
            heard[start][number(percent)] += many
    return tuple(
        Hearing(
            start=start,
            calls=heard[start].total(),
            confidence=_hundredths(spread_of(heard[start]).mean),
            fallbacks=fallbacks[start],
        )
        for start in steps.starts(scope)
    )


def feedback(tallies: Tallies, scope: Scope) -> Feedback:
    """Of calls that somebody has judged."""
    people = tallies.tally(scope, Facet.PERSON_RIGHT, Facet.VERIFICATION)
    accepted = _share((right, many) for (right, how), many in people.items() if how == _ACCEPTED)
    return Feedback(
        person=_share((right, many) for (right, _), many in people.items()),
        false_accepts=Share(part=accepted.whole - accepted.part, whole=accepted.whole),
        intent=_share_of(tallies, scope, Facet.INTENT_RIGHT),
        solved=_share_of(tallies, scope, Facet.SOLVED),
    )


def _spread(tallies: Tallies, scope: Scope, facet: Facet) -> Spread:
    found = tallies.tally(scope, facet).items()
    return spread_of(
        Counter({number(value): many for (value,), many in found if value is not None})
    )


def _share_of(tallies: Tallies, scope: Scope, facet: Facet) -> Share:
    return _share((right, many) for (right,), many in tallies.tally(scope, facet).items())


def _share(judged: Iterable[tuple[Value, int]]) -> Share:
    counts: Counter[Value] = Counter()
    for is_right, many in judged:
        counts[is_right] += many
    return Share(part=counts[True], whole=counts[True] + counts[False])


def _counts(counts: Counter[str]) -> tuple[Count, ...]:
    ordered = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple(Count(code=code, calls=many) for code, many in ordered)


def _name(facet: Facet, code: Value) -> str:
    """Truth is named after what is true, such as locked."""
    return facet.value.removeprefix("is_") if code is True else str(code)


def _hundredths(percent: float | None) -> float | None:
    return None if percent is None else percent / 100
