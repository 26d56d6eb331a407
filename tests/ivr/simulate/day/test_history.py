from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from fakes.filled_journal import records

from ivr.journal.memory_journal import MemoryJournal
from ivr.journal.rises import Watch, rises, series_of
from ivr.journal.tallies import Scope
from ivr.simulate.day.history import earlier_weeks
from ivr.simulate.day.plan import Rise

BERLIN = ZoneInfo("Europe/Berlin")
MIDNIGHT = datetime(2026, 11, 20, tzinfo=BERLIN)
UNTIL = (MIDNIGHT + timedelta(days=1)).astimezone(UTC)
DAY = [one for one in records(calls=900, seed=1, days=1, until=UNTIL) if one.business == "airline"]
RISE = Rise(topic="refund", hour=9, factor=4)


def test_without_a_day_there_are_no_weeks_before() -> None:
    assert list(earlier_weeks([], MIDNIGHT, 4, [], np.random.default_rng(1))) == []


def test_weeks_before_are_before_and_have_quiet_sundays() -> None:
    before = list(earlier_weeks(DAY, MIDNIGHT, 2, [], np.random.default_rng(7)))
    by_day = [one.began_at.astimezone(BERLIN).weekday() for one in before]

    assert all(one.began_at < UNTIL for one in before)
    assert by_day.count(6) < by_day.count(0) / 2
    assert len({one.id for one in before} | {one.id for one in DAY}) == len(before) + len(DAY)
    assert not any(one.token for one in before)


def test_a_usual_day_is_no_rise_after_them_and_a_risen_one_is() -> None:
    draw = np.random.default_rng(1)
    refund = next(one for one in DAY if one.topic == "refund")
    more = [
        replace(
            refund, id=f"m-{n}", began_at=MIDNIGHT.astimezone(UTC) + timedelta(hours=9 + n / 20)
        )
        for n in range(280)
    ]
    for day, expected in ((DAY, []), ([*DAY, *more], ["refund"])):
        journal = MemoryJournal()
        journal.write_all(day)
        journal.write_all(earlier_weeks(day, MIDNIGHT, 8, [RISE] if expected else [], draw))
        scope = Scope(since=UNTIL, until=UNTIL)
        found = rises(series_of(journal, scope, weeks=8, zone=BERLIN), Watch())
        assert [one.topic for one in found] == expected
