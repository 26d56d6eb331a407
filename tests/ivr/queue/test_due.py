"""Waiting too long has consequences, each once; and nobody is moved away from a person."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ivr.call import CallId, Language
from ivr.queue.due import carry_out, due
from ivr.queue.entry import AgentId, ContextToken, Entry, EntryId, State
from ivr.queue.memory_waiting import MemoryWaitingRoom
from ivr.queue.queues import Queues
from ivr.queue.seating import seat, seated

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
NIGHT = datetime(2026, 11, 25, 23, tzinfo=UTC)
SECOND = timedelta(seconds=1)
QUEUE = {
    "name": {"de": "A", "en": "A"},
    "languages": ["de", "en"],
    "service_level": {"percent": 80, "within_s": 20},
    "handling_s": 240,
}
DAY = {"zone": "UTC", "days": {"wed": ["08:00-18:00"], "thu": ["08:00-18:00"]}}
QUEUES = Queues.model_validate(
    {
        "default": QUEUE,
        "queues": {
            "vip": {**QUEUE, "skills": ["charm"], "overflow": {"after_s": 60, "to": "agents"}},
            "agents": {
                **QUEUE,
                "escalation": {"after_s": 120, "by": 20},
                "overflow": {"after_s": 300, "to": "vip"},
            },
            "office": {**QUEUE, "hours": DAY, "closed": {"queue": "night"}, "skills": ["forms"]},
            "german": {
                **QUEUE,
                "languages": ["de"],
                "overflow": {"after_s": 60, "to": "agents"},
            },
            "to_office": {**QUEUE, "overflow": {"after_s": 60, "to": "office"}},
        },
    }
)


def entry(queue: str = "agents", waited_s: int = 0, priority: int = 50) -> Entry:
    return Entry(
        id=EntryId("e-1"),
        call_id=CallId("c-1"),
        token=ContextToken("t-1"),
        queue=queue,
        language=Language.ENGLISH,
        priority=priority,
        reasons=("asked for a person",),
        skills=QUEUES.of(queue).skills,
        joined_at=NOW - waited_s * SECOND,
    )


@pytest.mark.parametrize("state", [State.CLAIMED, State.FINISHED, State.ABANDONED])
def test_nobody_is_moved_who_does_not_wait(state: State) -> None:
    assert due([replace(entry(waited_s=9_999), state=state)], NOW, QUEUES) == ()


def test_whoever_was_taken_between_the_look_and_the_move_stays_taken() -> None:
    room = MemoryWaitingRoom()
    room.join(entry(waited_s=400))
    (one,) = due(room.waiting(now=NOW), NOW, QUEUES)
    room.claim(one.entry, AgentId("anna"), NOW)

    moved = room.move(
        one.entry,
        queue=one.move.queue,
        priority=one.move.priority,
        reason=one.move.reason,
        seen=one.move.seen,
    )
    assert moved is None
    assert len(room.claimed()) == 1


@pytest.mark.parametrize(("queue", "waited_s"), [("vip", 59), ("agents", 119), ("office", 9_999)])
def test_nothing_is_due_before_its_time(queue: str, waited_s: int) -> None:
    assert due([entry(queue, waited_s)], NOW, QUEUES) == ()


def test_whoever_waits_too_long_goes_further_ahead_once() -> None:
    room = MemoryWaitingRoom()
    room.join(entry(waited_s=120))

    assert carry_out(room, NOW, QUEUES) == 1
    assert carry_out(room, NOW, QUEUES) == 0
    (there,) = room.waiting(now=NOW)
    assert (there.queue, there.priority) == ("agents", 70)
    assert there.reasons[-1] == "waited 120 s, 20 points ahead -> priority 70"


def test_nobody_goes_further_ahead_than_there_is() -> None:
    (one,) = due([entry(waited_s=120, priority=90)], NOW, QUEUES)

    assert one.move.priority == 100
    assert due([entry(waited_s=120, priority=100)], NOW, QUEUES) == ()


def test_whoever_overflows_needs_what_the_other_queue_needs() -> None:
    kept = replace(entry("vip", 60), skills=frozenset({"charm", "own"}))
    (one,) = due([kept], NOW, QUEUES)

    assert one.move.queue == "agents"
    assert one.move.skills == {"own"}
    assert one.move.reason == "waited 60 s in queue vip -> queue agents"


def test_queues_that_overflow_into_each_other_do_not_toss_callers() -> None:
    room = MemoryWaitingRoom()
    room.join(entry("vip", 400))
    moves = [carry_out(room, NOW, QUEUES) for _ in range(6)]

    assert moves == [1, 1, 0, 0, 0, 0]
    (there,) = room.waiting(now=NOW)
    assert there.queue == "vip"


def test_nobody_overflows_into_what_is_closed_or_does_not_speak_their_language() -> None:
    assert due([entry("to_office", 60)], NIGHT, QUEUES) == ()
    assert len(due([entry("to_office", 60)], NOW, QUEUES)) == 1
    to_german = Queues.model_validate(
        {
            "default": QUEUE,
            "queues": {
                "a": {**QUEUE, "overflow": {"after_s": 60, "to": "german"}},
                "german": {**QUEUE, "languages": ["de"]},
            },
        }
    )
    assert due([replace(entry(waited_s=60), queue="a")], NOW, to_german) == ()


def test_whoever_still_waits_when_it_closes_goes_where_it_is_open() -> None:
    (one,) = due([entry("office", 60)], NIGHT, QUEUES)

    assert (one.move.queue, one.move.skills) == ("night", frozenset())
    rung = replace(entry("office", 60), state=State.CALL_BACK, is_call_back=True)
    assert due([rung], NIGHT, QUEUES) == ()


def test_a_caller_sits_down_where_it_is_open_and_the_language_is_spoken() -> None:
    assert seat(QUEUES, "office", Language.GERMAN, NOW).queue == "office"
    closed = seat(QUEUES, "office", Language.GERMAN, NIGHT)
    assert (closed.queue, closed.is_open) == ("night", True)
    assert closed.reasons == ("queue office is closed -> queue night",)
    foreign = seat(QUEUES, "german", Language.ENGLISH, NOW)
    assert foreign.reasons == ("queue german does not speak en -> queue agents",)


def test_whoever_sits_down_needs_what_the_queue_needs() -> None:
    there = seated(QUEUES, replace(entry("office"), skills=frozenset({"own"})))

    assert there.skills == {"forms", "own"}
    night = seated(QUEUES, replace(entry("office"), joined_at=NIGHT, skills=frozenset()))
    assert (night.queue, night.skills) == ("night", frozenset())
    assert night.reasons == ("asked for a person", "queue office is closed -> queue night")
