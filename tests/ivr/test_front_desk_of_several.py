"""Two front desks whose workers share their calls."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from typing import Any

import pytest
from fakes.live import FakeHearing, FakeSpeech, sound
from fakes.scripted import scripted_rooms

from biometrics import Waveform
from ivr.call import CallId, Language, Line, Queue, Withheld
from ivr.call_ends import Ends, Losses
from ivr.decide.moment import Decision, Moment, decided, remembered
from ivr.front_desk import Behind, FrontDesk
from ivr.kept_call import KeptCall
from ivr.live.reception import Message
from ivr.live.wire import Ending, Incoming
from ivr.pipeline import Pipeline
from ivr.settings import LiveSettings
from ivr.shared_switchboard import SharedSwitchboard
from ivr.sharing.codec import Codec
from ivr.sharing.memory_calls import MemoryCalls, Shelf
from ivr.sharing.memory_notes import MemoryNotes
from ivr.sharing.noted import Noted, NotedOnce
from ivr.sharing.notes import Kind
from ivr.sharing.place import Lease
from ivr.switchboard import Witnesses
from ivr.turn import Turn

NOON = datetime(2026, 5, 13, 12, tzinfo=UTC)
CALL = Incoming(call_id=CallId("call"), caller_id="+4989123456", gateway="asterisk")


class Spoken:
    text = "some words"
    sound = sound(200)


def to_people(moment: Moment) -> Decision:
    action = Queue(lines=(Line(key="tell.queue"),), queue="senior", priority=80)
    return remembered(decided(moment, action, "asked for a person -> queue senior"), moment)


@dataclass
class House:
    """What all workers share."""

    shelf: Shelf[KeptCall] = field(default_factory=Shelf)
    notes: MemoryNotes = field(default_factory=MemoryNotes)
    waiting: set[str] = field(default_factory=set)
    """Tokens of those who wait for a person."""

    now: datetime = NOON

    def worker(self, name: str, **rooms: Any) -> FrontDesk:
        board = SharedSwitchboard(
            Pipeline(scripted_rooms(**rooms), default_language=Language.GERMAN),
            MemoryCalls(self.shelf, worker=name, lease=Lease(holds=timedelta(seconds=4))),
            Ends(
                tell=Witnesses(hand_over=lambda story: self.waiting.add(self._token(story))),
                losses=Losses(gone=self.left),
            ),
            clock=lambda: self.now,
            patience_s=0.1,
        )
        codec = Codec([Incoming, Language])

        def clock() -> datetime:
            return self.now

        return FrontDesk(
            Behind(
                settings=LiveSettings(),
                switchboard=board,
                elsewhere=board,
                announced=Noted(Kind.ANNOUNCED, self.notes, codec, Incoming, clock),
                tickets=NotedOnce(Kind.TICKET, self.notes, codec, Incoming, clock),
                read_number=lambda _: Withheld(),
                listen=lambda language, names: FakeHearing("ja"),
                speech=FakeSpeech,
                speech_probability=0.5,
                say=lambda lines, language: Spoken(),
                publish=lambda _: "/prompts/x.wav",
                clock=clock,
                default_language=Language.GERMAN,
                fallback=Queue(lines=(), queue="agents", priority=50),
                workers=2,
                waits=self,
                asked_within_s=0.01,
                whisper=self.whispered,
            )
        )

    def told(self, token: str, now: datetime) -> tuple[Line, ...]:
        return (Line(key="queue.position"),) if token in self.waiting else ()

    def left(self, token: str, now: datetime) -> None:
        self.waiting.discard(token)

    def call_back(self, token: str) -> tuple[Line, ...]:
        return ()

    def whispered(self, token: str, now: datetime) -> Waveform | None:
        return Spoken.sound if token in self.waiting else None

    @staticmethod
    def _token(story: Any) -> str:
        return story.last.result.action.context_token or ""


@pytest.fixture
def house() -> House:
    return House()


def streamed(front: FrontDesk) -> None:
    """One turn of a call whose line is at this worker."""
    turn = Turn(call_id=CALL.call_id, number=Withheld(), may_answer_in_parts=True, audio=b"...")
    front._behind.switchboard.take(turn, now=NOON)


def ending(front: FrontDesk, call_id: CallId = CALL.call_id) -> Ending | None:
    return asyncio.run(front.ending(call_id))


def soon_empty(tokens: set[str]) -> bool:
    end = monotonic() + 5
    while tokens and monotonic() < end:
        sleep(0.01)
    return not tokens


def test_of_a_call_that_nobody_knows_or_that_goes_on_no_ending_is_told(house: House) -> None:
    anna, ben = house.worker("anna"), house.worker("ben")
    asyncio.run(anna.take(CALL, Message(keys="1")))

    assert ending(ben) is None
    assert ending(ben, CallId("other")) is None
    assert asyncio.run(ben.waiting(CALL.call_id, Language.GERMAN)) is None


def test_a_line_that_broke_with_its_worker_leads_to_people_who_know_the_call(house: House) -> None:
    streamed(house.worker("anna"))
    ben = house.worker("ben")

    ended = ending(ben)

    assert ended is not None
    assert (ended.type, ended.queue, ended.priority) == ("queue", "agents", 50)
    assert house.waiting == {ended.context_token}
    assert asyncio.run(ben.waiting(CALL.call_id, Language.GERMAN)) is not None
    assert asyncio.run(house.worker("carl").whisper(CALL.call_id)) is Spoken.sound


def test_who_was_handed_on_by_one_worker_is_known_to_another(house: House) -> None:
    anna, ben = house.worker("anna", decide=to_people), house.worker("ben")
    asyncio.run(anna.take(CALL, Message(keys="0")))

    ended = ending(ben)
    assert ended == ending(anna)
    assert ended is not None
    assert ended.queue == "senior"

    asyncio.run(ben.forget(CALL.call_id))
    assert soon_empty(house.waiting)


def test_a_line_that_broke_after_the_end_loses_nobody_whose_gateway_asks_another_worker(
    house: House,
) -> None:
    anna, ben = house.worker("anna", decide=to_people), house.worker("ben")
    streamed(anna)
    assert ending(ben) is not None
    anna.left(CALL.call_id)

    sleep(0.1)
    assert len(house.waiting) == 1


def test_a_line_that_broke_after_the_end_of_which_nobody_asks_was_a_caller_who_left(
    house: House,
) -> None:
    anna = house.worker("anna", decide=to_people)
    streamed(anna)
    anna.left(CALL.call_id)

    assert soon_empty(house.waiting)


def test_a_turn_that_is_sent_again_to_another_worker_is_answered_as_before(house: House) -> None:
    anna, ben = house.worker("anna"), house.worker("ben")
    first = asyncio.run(anna.take(CALL, Message(keys="1", event="e-1")))

    assert asyncio.run(ben.take(CALL, Message(keys="1", event="e-1"))).result == first.result


def test_what_was_announced_to_one_worker_is_known_to_another_for_two_minutes(
    house: House,
) -> None:
    anna, ben = house.worker("anna"), house.worker("ben")
    asyncio.run(anna.announce(CALL))

    assert asyncio.run(ben.announced(CALL.call_id)) == CALL
    assert asyncio.run(ben.announced(CallId("other"))) is None
    house.now += timedelta(minutes=3)
    assert asyncio.run(ben.announced(CALL.call_id)) is None
