"""Callers who wait on a simulated day, in the rooms that real ones wait in."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np

from biometrics.storage.database import open_engine
from ivr.call import CallId, Language
from ivr.journal.journal import Later
from ivr.queue.entry import AgentId, ContextToken, Entry, EntryId, State
from ivr.queue.sql_waiting import SqlWaitingRoom
from ivr.simulate.day.desk import Taken, Truth, day_at_the_desk, later_of, written_down

MIDNIGHT = datetime(2026, 11, 20, tzinfo=UTC)


def entries(many: int, *, hour: int = 10, apart_s: int = 20) -> list[Entry]:
    return [
        Entry(
            id=EntryId(f"e-{place}"),
            call_id=CallId(f"c-{place}"),
            token=ContextToken(f"t-{place}"),
            queue="agents",
            language=Language.ENGLISH if place % 5 == 0 else Language.GERMAN,
            priority=90 if place % 10 == 0 else 50,
            reasons=("people do this",),
            skills=frozenset({"cards"} if place % 7 == 0 else ()),
            joined_at=MIDNIGHT + timedelta(hours=hour, seconds=apart_s * place),
        )
        for place in range(many)
    ]


def days(many: int, seed: int = 1, *, hour: int = 10) -> list[Taken]:
    return day_at_the_desk(entries(many, hour=hour), MIDNIGHT, np.random.default_rng(seed))


def test_without_callers_nothing_happens() -> None:
    assert days(0) == []


def test_everybody_is_served_or_leaves_once() -> None:
    taken = days(150)

    assert Counter(one.entry.id for one in taken) == {f"e-{place}": 1 for place in range(150)}
    assert all(one.waited >= timedelta() for one in taken)
    assert 0 < sum(one.agent is None for one in taken) < 60


def test_at_night_too_somebody_answers() -> None:
    assert any(one.agent for one in days(3, hour=3))


def test_who_comes_first_by_priority_waits_less() -> None:
    taken = days(150)
    waited = {
        priority: np.mean([one.waited for one in taken if one.entry.priority == priority])
        for priority in (50, 90)
    }

    assert waited[90] < waited[50]


def test_one_person_talks_to_one_caller_at_a_time() -> None:
    spans: dict[AgentId, list[tuple[datetime, datetime]]] = {}
    for one in days(150):
        if one.agent:
            at = one.entry.joined_at + one.waited
            spans.setdefault(one.agent, []).append((at, at + one.talked))

    for talks in spans.values():
        talks.sort()
        assert all(ends <= begins for (_, ends), (begins, _) in pairwise(talks))


def test_the_real_room_knows_the_same(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'queue.db'}")
    room = SqlWaitingRoom(engine)
    waiting = entries(20)
    for entry in waiting:
        room.join(entry)
    taken = day_at_the_desk(waiting, MIDNIGHT, np.random.default_rng(1))

    written_down(room, taken)

    states = {one.entry.id: room.find(one.entry.id) for one in taken}
    expected = {one.entry.id: State.FINISHED if one.agent else State.ABANDONED for one in taken}
    assert {key: found.state for key, found in states.items() if found} == expected
    engine.dispose()


def test_who_left_says_nothing() -> None:
    left = Taken(entry=entries(1)[0], waited=timedelta(seconds=90), agent=None)
    truth = Truth(is_person=True, is_intent=True, mood="neutral")

    later = later_of(left, truth, np.random.default_rng(1))

    assert later == Later(waited_ms=90_000, is_abandoned=True)


def test_what_was_wrong_is_said_by_some() -> None:
    served = Taken(
        entry=entries(1)[0],
        waited=timedelta(seconds=9),
        agent=AgentId("a"),
        talked=timedelta(minutes=3),
    )
    truth = Truth(is_person=False, is_intent=None, mood="upset")
    draw = np.random.default_rng(1)

    said = [later_of(served, truth, draw) for _ in range(200)]

    assert {(one.waited_ms, one.handled_ms, one.is_abandoned) for one in said} == {
        (9_000, 180_000, False)
    }
    assert {one.person_right for one in said} == {None, False}
    assert {one.intent_right for one in said} == {None}
    assert {one.satisfaction for one in said} <= {None, 1, 2, 3, 4, 5}
    assert {one.solved for one in said} == {None, True, False}
