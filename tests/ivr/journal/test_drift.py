from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from ivr.journal.drift import compared, distance, drift, stability
from ivr.journal.memory_journal import MemoryJournal
from ivr.journal.record import CallRecord, Outcome, RecordId
from ivr.journal.tallies import Scope

MONDAY = datetime(2026, 11, 1, 23, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
CALL = CallRecord(
    id=RecordId("r"),
    began_at=MONDAY,
    ended_at=MONDAY,
    business="airline",
    gateway="rest",
    language="de",
    turns=1,
    unheard=0,
    not_understood=0,
    intents=(),
    outcome=Outcome.SERVED,
    verification="accepted",
    llr=8.0,
)


def scores(calls: int, *, mean: float = 80, seed: int = 1) -> Counter[int]:
    """Tenths."""
    return Counter(np.random.default_rng(seed).normal(mean, 20, calls).astype(int).tolist())


def test_of_too_few_calls_nothing_is_said() -> None:
    few = compared(MONDAY, scores(49, mean=0), scores(1_000))

    assert (few.stability, few.distance, few.is_flagged) == (None, None, False)
    assert not compared(MONDAY, Counter(), Counter()).is_flagged


def test_a_week_like_the_others_is_not_flagged() -> None:
    then = scores(2_000, seed=0)
    flagged = [
        compared(MONDAY, scores(calls, seed=seed), then).is_flagged
        for calls in (50, 100, 400)
        for seed in range(1, 201)
    ]

    assert sum(flagged) <= 3, f"{sum(flagged)} of {len(flagged)} unchanged weeks"


@pytest.mark.parametrize("calls", [100, 1_000])
def test_a_week_whose_scores_have_fallen_is_flagged(calls: int) -> None:
    week = compared(MONDAY, scores(calls, mean=60), scores(2_000, seed=0))

    assert week.is_flagged
    assert week.stability == pytest.approx(1.0, abs=0.4)
    assert week.distance == pytest.approx(0.38, abs=0.1)


def test_the_same_calls_are_at_no_distance() -> None:
    assert distance(scores(500), scores(500)) == 0
    assert stability(scores(500), scores(500)) == 0
    assert distance(Counter({1: 5}), Counter({2: 5})) == 1


def test_only_accepted_voices_are_compared_week_by_week() -> None:
    journal = MemoryJournal()
    week = timedelta(days=7)
    journal.write_all(
        replace(
            CALL,
            id=RecordId(f"{kind}-{number}"),
            began_at=MONDAY + number % 3 * week,
            verification=kind,
            llr=llr + number % 5,
        )
        for kind, llr in (("accepted", 6.0), ("rejected", -9.0))
        for number in range(300)
    )
    scope = Scope(since=MONDAY + week, until=MONDAY + 3 * week)

    found = drift(journal, scope, Scope(since=MONDAY, until=MONDAY + week), BERLIN)

    assert [one.start for one in found] == [MONDAY + week, MONDAY + 2 * week]
    assert [(one.accepted, one.mean, one.p10, one.median, one.p90) for one in found] == [
        (100, 8.0, 6.0, 8.0, 10.0)
    ] * 2
    assert not any(one.is_flagged for one in found)
