"""Topics that rise are found within hours; what comes every week, or everywhere, is no rise."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from numpy.typing import NDArray

from ivr.evaluate.busy_weeks import WEEK_H, calls, raised, series
from ivr.evaluate.rises import false_alarms
from ivr.journal.memory_journal import MemoryJournal
from ivr.journal.record import CallRecord, Outcome, RecordId
from ivr.journal.rises import Rise, Watch, rises, series_of, with_examples
from ivr.journal.tallies import Scope

WATCH = Watch()
WEEK = WEEK_H
MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
NINE = 9 * WEEK
MORNING = NINE + 9
"""Monday of the tenth week, nine o'clock."""


def flagged(rows: NDArray[np.int64]) -> list[str]:
    return [one.topic for one in rises(series(rows), WATCH)]


def test_without_three_weeks_to_compare_with_nothing_is_said() -> None:
    rows = calls(weeks=4, seed=1)
    young = raised(rows, 0, begins=3 * WEEK + 9, factor=9)[:, : 3 * WEEK + 15]

    assert flagged(young) == []
    assert rises(series(np.zeros((0, 0), dtype=np.int64)), WATCH) == ()


def test_few_calls_are_no_rise_however_unusual() -> None:
    rows = calls(weeks=10, seed=1)[:, : MORNING + 4]
    rows[11] = 0
    rows[11, -4:] = 1

    assert flagged(rows) == []


def test_what_comes_at_this_hour_every_week_is_no_rise() -> None:
    rows = calls(weeks=10, seed=2)
    rows[7, 9::WEEK] += 60

    assert flagged(rows[:, : NINE + 10]) == []


def test_where_everything_rises_no_topic_does() -> None:
    rows = calls(weeks=10, seed=3)
    rows[:, MORNING:] *= 2

    assert flagged(rows[:, : MORNING + 6]) == []


def test_a_quiet_day_hides_no_rise_and_makes_none() -> None:
    rows = calls(weeks=10, seed=4)
    quiet = rows.copy()
    quiet[1:, MORNING:] //= 3

    assert flagged(quiet[:, : MORNING + 6]) == []


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("topic", "hours"), [(0, 4), (2, 9), (4, 24)])
def test_a_rise_to_three_times_as_many_is_found_within_hours(
    topic: int, hours: int, seed: int
) -> None:
    rows = raised(calls(weeks=11, seed=seed), topic, begins=MORNING, factor=3, seed=seed)

    found = {name for hour in range(1, hours + 1) for name in flagged(rows[:, : MORNING + hour])}

    assert found == {f"topic-{topic}"}


def test_a_rise_says_how_large_it_is_and_since_when() -> None:
    rows = raised(calls(weeks=10, seed=5), 0, begins=MORNING, factor=4)[:, : MORNING + 6]

    (rise,) = rises(series(rows), WATCH)

    assert rise.topic == "topic-0"
    begin = (rise.since - MONDAY) // timedelta(hours=1)
    assert begin >= MORNING
    assert rise.observed == rows[0, begin:].sum()
    assert rise.ratio == pytest.approx(4, abs=1)
    assert rise.observed == pytest.approx(rise.ratio * rise.expected)
    assert rise.p < 1e-6


def test_two_rises_at_once_are_both_found() -> None:
    rows = calls(weeks=10, seed=6)
    both = raised(raised(rows, 1, begins=MORNING, factor=4), 4, begins=MORNING, factor=5)

    assert set(flagged(both[:, : MORNING + 6])) == {"topic-1", "topic-4"}


def test_false_alarms_are_rare() -> None:
    """More weeks were looked at for docs/journal.md."""
    assert false_alarms(3).false <= 1


def test_hours_are_those_of_the_clock_on_the_wall() -> None:
    """The clocks go back on 25 October: nine o'clock is another hour of UTC from then on."""
    berlin = ZoneInfo("Europe/Berlin")
    first = datetime(2026, 9, 14, 9, tzinfo=berlin)
    mondays = [first + timedelta(weeks=week) for week in range(8)]
    journal = MemoryJournal()
    call = CallRecord(
        id=RecordId("r"),
        began_at=MONDAY,
        ended_at=MONDAY,
        business="airline",
        gateway="rest",
        language="de",
        turns=1,
        unheard=0,
        not_understood=0,
        intents=("refund",),
        outcome=Outcome.SERVED,
    )
    journal.write_all(
        replace(call, id=RecordId(f"{monday}-{number}"), began_at=monday.astimezone(UTC))
        for monday in mondays
        for number in range(30)
    )
    until = (mondays[-1] + timedelta(hours=1)).astimezone(UTC)

    found = series_of(journal, Scope(since=until, until=until), weeks=8, zone=berlin)

    assert np.flatnonzero(found.calls["refund"]).tolist() == [WEEK * week for week in range(8)]
    assert rises(found, WATCH) == ()


def test_examples_are_of_the_topic_since_it_rose() -> None:
    rise = Rise(topic="refund", observed=9, expected=3.0, ratio=3.0, p=1e-9, since=MONDAY)

    (found,) = with_examples((rise,), lambda topic, since: (f"{topic} {since:%A}",))

    assert found == replace(rise, examples=("refund Monday",))
