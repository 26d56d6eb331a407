"""Estimates against what they are made of, and against a made-up day."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ivr.call import CallId, Language
from ivr.queue.entry import AgentId, Entry, EntryId, State
from ivr.queue.estimate import estimate
from ivr.queue.order import Ageing
from ivr.queue.outlook import Coming, Outlook, Seen, outlook
from ivr.queue.queues import read_queues

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LATELY = 15 * MINUTE
AGEING = Ageing()
QUEUES = read_queues(None)
BUSY = Outlook(
    ahead=0,
    agents=1,
    talking_s=(0.0,),
    handling_s=(120.0,) * 100,
    weights=(1.0,) * 100,
    usual_handling_s=120.0,
    gives_up_per_s=0.0,
)


def entry(number: int, queue: str = "agents", priority: int = 50, ago: float = 0) -> Entry:
    return Entry(
        id=EntryId(f"e-{number}"),
        call_id=CallId(f"c-{number}"),
        queue=queue,
        language=Language.GERMAN,
        priority=priority,
        reasons=(),
        joined_at=NOW - ago * MINUTE,
    )


def taken(number: int, agent: str, ago: float, queue: str = "agents") -> Entry:
    return replace(
        entry(number, queue, ago=ago + 1),
        state=State.CLAIMED,
        claimed_by=AgentId(agent),
        claimed_at=NOW - ago * MINUTE,
    )


def done(number: int, agent: str, ago: float, queue: str = "agents") -> Entry:
    """Took two minutes, and ended so many minutes ago."""
    return replace(
        taken(number, agent, ago + 2, queue), state=State.FINISHED, left_at=NOW - ago * MINUTE
    )


def seen(*entries: Entry) -> Seen:
    return Seen(
        waiting=tuple(sorted((one for one in entries if one.is_live), key=AGEING.in_order)),
        claimed=tuple(one for one in entries if one.state is State.CLAIMED),
        over=tuple(one for one in entries if one.is_over),
        since=NOW - 60 * MINUTE,
        now=NOW,
    )


def before(one: Entry, *entries: Entry) -> Outlook:
    return outlook(one, seen(*entries), QUEUES, AGEING, lately=LATELY)


def test_where_nobody_is_seen_at_work_nothing_is_said() -> None:
    assert estimate(before(entry(1), entry(2))) is None
    assert estimate(before(entry(1), done(2, "anna", ago=20))) is None
    assert estimate(before(entry(1), taken(2, "anna", 1, queue="vip"))) is None


def test_whoever_is_next_waits_for_the_end_of_the_call_that_is_on() -> None:
    told = estimate(BUSY)

    assert told is not None
    assert told.position == 1
    assert 110 <= told.likely_s <= 130
    almost = estimate(replace(BUSY, talking_s=(110.0,)))
    assert almost is not None
    assert almost.likely_s <= 12


def test_a_call_that_lasts_longer_than_any_goes_on() -> None:
    told = estimate(replace(BUSY, talking_s=(100_000.0,)))

    assert told is not None
    assert told.likely_s > 1_000


def test_twice_as_many_people_are_twice_as_quick() -> None:
    one = estimate(replace(BUSY, ahead=9))
    two = estimate(replace(BUSY, ahead=9, agents=2, talking_s=(0.0, 60.0)))

    assert one is not None
    assert two is not None
    assert 1_100 <= one.likely_s <= 1_300
    assert 540 <= two.likely_s <= 660
    assert one.low_s <= one.likely_s <= one.high_s


def test_those_who_give_up_are_not_waited_for() -> None:
    patient = estimate(replace(BUSY, ahead=9))
    gone = estimate(replace(BUSY, ahead=9, gives_up_per_s=1 / 300))

    assert patient is not None
    assert gone is not None
    assert gone.likely_s < patient.likely_s * 0.8


def test_those_who_come_and_go_first_are_waited_for() -> None:
    alone = estimate(replace(BUSY, ahead=4))
    passed = estimate(replace(BUSY, ahead=4, coming=(Coming(per_s=1 / 240, for_s=1_200),)))
    soon_over = estimate(replace(BUSY, ahead=4, coming=(Coming(per_s=1 / 240, for_s=1),)))

    assert alone is not None
    assert passed is not None
    assert soon_over is not None
    assert passed.likely_s > alone.likely_s * 1.3
    assert soon_over.likely_s <= alone.likely_s * 1.1


def test_more_come_than_can_be_served_and_it_still_ends() -> None:
    told = estimate(replace(BUSY, ahead=5, coming=(Coming(per_s=1.0, for_s=1e9),)))

    assert told is not None
    assert told.likely_s > 3_600


def test_the_same_room_gives_the_same_estimate() -> None:
    assert estimate(BUSY) == estimate(BUSY)


def test_until_calls_were_seen_the_queues_own_figure_counts() -> None:
    told = estimate(replace(BUSY, ahead=9, handling_s=(), weights=(), usual_handling_s=600.0))

    assert told is not None
    assert 4_800 <= told.likely_s <= 7_200


def test_only_those_count_who_go_first_and_are_served_by_the_same_people() -> None:
    me = entry(1)
    there = before(
        me,
        me,
        entry(2, ago=1),
        entry(3, priority=90),
        entry(4, priority=20),
        entry(5, queue="vip", ago=1),
        entry(6, queue="orders", ago=1),
        taken(7, "anna", 1),
        done(8, "anna", 5, queue="vip"),
    )

    assert there.ahead == 3
    assert there.agents == 1


def test_whoever_leaves_callers_waiting_is_not_at_work() -> None:
    """A break is not announced; a person who is free would have taken the next."""
    there = before(entry(1), taken(2, "anna", 1), done(3, "bert", 1), done(4, "cleo", 0.1))

    assert there.agents == 2
    assert there.talking_s == (60.0,)


def test_where_nobody_is_busy_those_who_were_seen_are_free() -> None:
    there = before(entry(1), done(2, "anna", 5), done(3, "bert", 10))
    told = estimate(there)

    assert there.agents == 2
    assert told is not None
    assert told.likely_s == 0


def test_what_ended_long_ago_counts_less() -> None:
    there = before(entry(1), taken(9, "anna", 1), done(2, "anna", 90), done(3, "anna", 0))

    assert there.handling_s == (120.0, 120.0)
    assert there.weights == pytest.approx((0.5, 1.0))


def test_the_patience_of_callers_is_what_was_seen_of_it() -> None:
    gone = replace(entry(2, ago=10), state=State.ABANDONED, left_at=NOW - 5 * MINUTE)

    assert before(entry(1), gone, taken(9, "anna", 4)).gives_up_per_s == pytest.approx(1 / 360)
    assert before(entry(1), taken(9, "anna", 4)).gives_up_per_s == 0


def test_those_who_came_before_are_how_often_such_callers_come() -> None:
    there = before(
        entry(1), taken(9, "anna", 1), replace(entry(2, priority=90, ago=30), queue="agents")
    )

    assert there.coming == (Coming(per_s=1 / 3600, for_s=40 * 30.0),)
