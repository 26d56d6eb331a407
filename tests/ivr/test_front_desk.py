"""Where gateways bring their calls: what is remembered of them, and what is refused."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest
from fakes.live import FakeHearing, FakeSpeech, FakeWire, answer, sound

from biometrics import StoreUnavailable, Waveform
from ivr.bounds.admission import Admission
from ivr.call import CallerNumber, CallId, Language, Line, Queue, Unheard, Withheld
from ivr.decide.dialogue import Dialogue
from ivr.errors import CallBusy, HouseFull, TooLate, UnknownCall
from ivr.front_desk import Behind, FrontDesk
from ivr.live.reception import Message
from ivr.live.wire import Incoming
from ivr.result import Result
from ivr.settings import LiveSettings, LoadSettings
from ivr.turn import Answer, Awaited, Turn

NOON = datetime(2026, 5, 13, 12, tzinfo=UTC)
CALL = Incoming(call_id=CallId("call"), caller_id="+4989123456")


class Spoken:
    text = "some words"
    sound = sound(200)


class FakeSwitchboard:
    """Answers every turn alike."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.forgotten: list[CallId] = []
        self.action = "ask"
        self.handed_on: list[str] = []

    def take(self, turn: Turn, *, now: datetime) -> Answer:
        self.turns.append(turn)
        given = answer(self.action, sound(200), Unheard.SILENCE)
        token = "t0ken" if self.action == "queue" else None
        part = replace(given.result.action, queue="senior", priority=80, context_token=token)
        return replace(given, result=replace(given.result, call_id=turn.call_id, action=part))

    def results(self, call_id: CallId) -> tuple[Result, ...]:
        if not any(turn.call_id == call_id for turn in self.turns):
            raise UnknownCall("None.")
        return (answer(self.action, sound(1), Unheard.SILENCE).result,)

    def hand_on(self, turn: Turn, why: str, *, now: datetime) -> Answer:
        self.handed_on.append(why)
        given = answer("queue", sound(200), Unheard.SILENCE)
        part = replace(given.result.action, queue="agents", context_token="t0ken")
        return replace(given, result=replace(given.result, call_id=turn.call_id, action=part))

    def awaited(self, turn: Turn, *, now: datetime) -> Awaited:
        return Awaited(language=None, dialogue=Dialogue())

    def tried(self, *_: Any, **__: Any) -> None: ...

    def forget(self, call_id: CallId) -> None:
        self.forgotten.append(call_id)


class Clock:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


def said(lines: tuple[Line, ...], language: Language) -> Spoken:
    return Spoken()


def published(_: Waveform) -> str:
    return "/prompts/x.wav"


def withheld(_: str | None) -> CallerNumber:
    return Withheld()


class FakeWaits:
    """A queue that knows one caller."""

    def __init__(self, *lines: Line) -> None:
        self.lines = lines
        self.gone: list[str] = []

    def told(self, token: str, now: datetime) -> tuple[Line, ...]:
        return self.lines if token == "t0ken" else ()

    def left(self, token: str, now: datetime) -> None:
        self.gone.append(token)

    def call_back(self, token: str) -> tuple[Line, ...]:
        if not self.lines:
            raise StoreUnavailable("The store is gone.")
        return (Line(key="queue.call_back_noted"),) if token == "t0ken" else ()


def desk(
    switchboard: FakeSwitchboard | None = None,
    clock: Clock | None = None,
    waits: FakeWaits | None = None,
    admission: Admission | None = None,
    **settings: Any,
) -> FrontDesk:
    board: Any = switchboard or FakeSwitchboard()
    return FrontDesk(
        Behind(
            settings=LiveSettings(**settings),
            switchboard=board,
            read_number=withheld,
            listen=lambda language, names: FakeHearing("ja"),
            speech=FakeSpeech,
            speech_probability=0.5,
            say=said,
            publish=published,
            clock=clock or Clock(),
            default_language=Language.GERMAN,
            fallback=Queue(lines=(), queue="agents", priority=50),
            workers=2,
            waits=waits,
            asked_within_s=0.01,
            admission=admission or Admission(),
        )
    )


@pytest.mark.parametrize("hears_voice", [False, True])
def test_recognising_a_voice_is_spoken_of_only_where_one_is_heard(*, hears_voice: bool) -> None:
    spoken: list[str] = []

    def say(lines: tuple[Line, ...], language: Language) -> Spoken:
        spoken.extend(line.key for line in lines)
        return Spoken()

    front = desk()
    front._behind = replace(front._behind, say=say)
    asyncio.run(front.opening(None, hears_voice=hears_voice))

    assert ("notice.voice" in spoken) is hears_voice
    assert [key for key in spoken if key != "notice.voice"] == [
        *("greet.neutral", "notice.machine", "ask.request"),
    ]


def taken(front: FrontDesk, message: Message) -> Answer:
    return asyncio.run(front.take(CALL, message))


def test_one_call_too_many_is_refused_and_room_is_made_when_one_ends() -> None:
    async def run() -> None:
        front = desk(most_calls=1)
        first = front.answer(CALL, FakeWire())
        with pytest.raises(HouseFull):
            front.answer(replace(CALL, call_id=CallId("other")), FakeWire())
        first.hang_up()
        await first.run()
        front.answer(replace(CALL, call_id=CallId("other")), FakeWire())

    asyncio.run(run())


def test_nobody_joins_a_call_that_goes_on() -> None:
    async def run() -> None:
        front = desk()
        first = front.answer(CALL, FakeWire())
        with pytest.raises(CallBusy):
            front.answer(CALL, FakeWire())
        first.hang_up()
        await first.run()

    asyncio.run(run())


def test_without_consent_or_where_recordings_are_off_nothing_is_recorded(tmp_path: Path) -> None:
    async def run(front: FrontDesk, incoming: Incoming) -> None:
        call = front.answer(incoming, FakeWire())
        call.hang_up()
        await call.run()

    asyncio.run(run(desk(record_into=str(tmp_path / "on")), CALL))
    asyncio.run(run(desk(), replace(CALL, may_record=True)))
    assert list(tmp_path.iterdir()) == []

    asyncio.run(run(desk(record_into=str(tmp_path / "on")), replace(CALL, may_record=True)))
    assert len(list((tmp_path / "on").iterdir())) == 1


def test_words_of_a_gateway_are_a_turn_without_a_voice() -> None:
    board = FakeSwitchboard()
    taken(desk(board), Message(said="Ich möchte umbuchen", confidence=0.7))

    heard = board.turns[0].said
    assert heard is not None
    assert (heard.text, heard.confidence, heard.engine) == ("Ich möchte umbuchen", 0.7, "gateway")
    assert board.turns[0].audio == b""


def test_words_of_a_gateway_hold_nothing_that_acts_in_a_terminal() -> None:
    board = FakeSwitchboard()
    taken(desk(board), Message(said="ja\x1b]0;x\x07\u202e bitte", confidence=0.7))

    heard = board.turns[0].said
    assert heard is not None
    assert heard.text == "ja\ufffd]0;x\ufffd\ufffd bitte"


def test_keys_recordings_and_silence_are_turns_too() -> None:
    board = FakeSwitchboard()
    front = desk(board)
    taken(front, Message(keys="1"))
    taken(front, Message(audio=b"RIFF"))
    taken(front, Message(said="  "))

    keys, recording, silence = board.turns
    assert (keys.keys, recording.audio) == ("1", b"RIFF")
    assert silence.live is not None
    assert silence.live.words() is Unheard.SILENCE


def test_how_a_call_ended_is_told_for_a_while_and_only_once_it_has() -> None:
    board, clock = FakeSwitchboard(), Clock()
    front = desk(board, clock)
    taken(front, Message(keys="1"))
    assert asyncio.run(front.ending(CALL.call_id)) is None

    board.action = "queue"
    taken(front, Message(keys="0"))
    ending = asyncio.run(front.ending(CALL.call_id))
    assert ending is not None
    assert (ending.type, ending.queue, ending.priority) == ("queue", "senior", 80)

    clock.now = NOON + timedelta(hours=1)
    assert asyncio.run(front.ending(CALL.call_id)) is None


def test_what_was_announced_is_forgotten_after_minutes() -> None:
    clock = Clock()
    front = desk(clock=clock)
    asyncio.run(front.announce(CALL))
    assert asyncio.run(front.announced(CALL.call_id)) == CALL
    assert asyncio.run(front.announced(CallId("other"))) is None

    clock.now = NOON + timedelta(minutes=3)
    assert asyncio.run(front.announced(CALL.call_id)) is None


def test_whoever_hangs_up_in_a_live_call_is_forgotten() -> None:
    async def run() -> None:
        call = front.answer(CALL, FakeWire())
        call.hang_up()
        await call.run()

    board = FakeSwitchboard()
    front = desk(board)
    asyncio.run(run())

    assert board.forgotten == [CALL.call_id]


def test_the_fallback_is_the_policy_s_queue_for_people() -> None:
    fallback = desk().fallback

    assert (fallback.type, fallback.queue, fallback.priority) == ("queue", "agents", 50)


def wait_of(front: FrontDesk, call_id: CallId = CALL.call_id) -> object:
    return asyncio.run(front.waiting(call_id, Language.GERMAN))


def test_nothing_is_told_of_a_wait_that_is_not_known() -> None:
    board = FakeSwitchboard()
    waits = FakeWaits(Line(key="queue.position"))
    front = desk(board, waits=waits)
    taken(front, Message(keys="1"))

    assert wait_of(front) is None
    assert wait_of(front, CallId("other")) is None
    asyncio.run(front.forget(CALL.call_id))
    front._aside.close()
    assert waits.gone == []

    board.action = "queue"
    assert wait_of(desk(board)) is None
    silent = desk(board, waits=FakeWaits())
    taken(silent, Message(keys="0"))
    assert wait_of(silent) is None


def test_who_waits_is_told_how_long_and_waits_no_more_after_hanging_up() -> None:
    board = FakeSwitchboard()
    board.action = "queue"
    waits = FakeWaits(Line(key="queue.position"))
    front = desk(board, waits=waits)
    taken(front, Message(keys="0"))

    told = asyncio.run(front.waiting(CALL.call_id, Language.GERMAN))
    assert told is not None
    assert (told.text, told.sound, told.offers_call_back) == (Spoken.text, Spoken.sound, False)

    asyncio.run(front.forget(CALL.call_id))
    front._aside.close()
    assert waits.gone == ["t0ken"]


def test_nothing_is_whispered_of_a_call_that_is_not_known_or_cannot_be_read() -> None:
    def broken(token: str, now: datetime) -> Waveform:
        raise StoreUnavailable("The store is gone.")

    board = FakeSwitchboard()
    board.action = "queue"
    front = desk(board)
    taken(front, Message(keys="0"))
    front._behind = replace(front._behind, whisper=broken)

    assert asyncio.run(front.whisper(CallId("other"))) is None
    assert asyncio.run(front.whisper(CALL.call_id)) is None


def test_the_person_is_told_of_the_call_with_its_token() -> None:
    board = FakeSwitchboard()
    board.action = "queue"
    front = desk(board)
    taken(front, Message(keys="0"))
    told = {"t0ken": sound(400)}
    front._behind = replace(front._behind, whisper=lambda token, _: told.get(token))

    assert asyncio.run(front.whisper(CALL.call_id)) is told["t0ken"]


def test_a_call_back_is_offered_only_where_keys_are_heard() -> None:
    board = FakeSwitchboard()
    board.action = "queue"
    front = desk(board, waits=FakeWaits(Line(key="queue.call_back_offer")))
    taken(front, Message(keys="0"))

    assert asyncio.run(front.waiting(CALL.call_id, Language.GERMAN)) is None
    told = asyncio.run(front.waiting(CALL.call_id, Language.GERMAN, may_offer=True))
    assert told is not None
    assert told.offers_call_back


def test_a_call_back_that_cannot_be_noted_is_not_promised() -> None:
    board = FakeSwitchboard()
    board.action = "queue"
    broken, fine = desk(board, waits=FakeWaits()), desk(board, waits=FakeWaits(Line(key="x")))
    for front in (broken, fine):
        taken(front, Message(keys="0"))

    assert asyncio.run(broken.call_back(CALL.call_id, Language.GERMAN)) is None
    assert asyncio.run(fine.call_back(CallId("other"), Language.GERMAN)) is None
    assert asyncio.run(fine.call_back(CALL.call_id, Language.GERMAN)) is not None


def handed_on(waits: FakeWaits) -> FrontDesk:
    board = FakeSwitchboard()
    board.action = "queue"
    front = desk(board, waits=waits)
    taken(front, Message(keys="0"))
    return front


def soon(condition: Callable[[], bool]) -> bool:
    end = monotonic() + 5
    while not condition() and monotonic() < end:
        sleep(0.01)
    return condition()


def test_who_was_gone_before_the_end_was_told_waits_for_nobody() -> None:
    waits = FakeWaits(Line(key="queue.position"))
    handed_on(waits).left(CALL.call_id)

    assert soon(lambda: waits.gone == ["t0ken"])


def test_a_line_that_broke_loses_no_caller_whose_gateway_asks_what_is_next() -> None:
    waits, other = FakeWaits(Line(key="queue.position")), FakeWaits()
    front = handed_on(waits)
    asyncio.run(front.ending(CALL.call_id))
    front.left(CALL.call_id)
    handed_on(other).left(CALL.call_id)

    assert soon(lambda: other.gone == ["t0ken"])
    assert waits.gone == []


def test_while_the_service_ends_no_call_begins_and_those_that_go_on_are_answered() -> None:
    admission = Admission()
    front = desk(admission=admission)
    assert taken(front, Message(keys="1")).result.action.type == "ask"
    admission.drain()

    with pytest.raises(HouseFull):
        front.admit()
    with pytest.raises(HouseFull):
        front.answer(replace(CALL, call_id=CallId("other")), FakeWire())
    with pytest.raises(HouseFull):
        asyncio.run(front.opening(None))
    with pytest.raises(HouseFull):
        asyncio.run(front.take(replace(CALL, call_id=CallId("other")), Message(keys="1")))
    assert taken(front, Message(keys="1")).result.action.type == "ask"


def test_a_turn_that_nothing_ends_gives_its_place_back() -> None:
    release = Event()

    class Hanging(FakeSwitchboard):
        def take(self, turn: Turn, *, now: datetime) -> Answer:
            release.wait(30)
            return super().take(turn, now=now)

    admission = Admission(LoadSettings(stuck_turn_s=0.05))
    with pytest.raises(TooLate):
        taken(desk(Hanging(), admission=admission), Message(keys="1"))
    places = admission.turns
    release.set()

    assert places == 0


def test_a_turn_too_many_of_a_call_that_begins_is_refused() -> None:
    board, admission = FakeSwitchboard(), Admission(LoadSettings(most_turns=1))

    with admission.live_turn(), pytest.raises(HouseFull):
        taken(desk(board, admission=admission), Message(keys="1"))

    assert board.handed_on == board.turns == []


def test_a_turn_too_many_of_a_call_that_goes_on_hands_it_on_with_what_was_said() -> None:
    board, admission = FakeSwitchboard(), Admission(LoadSettings(most_turns=1))
    front = desk(board, admission=admission)
    taken(front, Message(keys="1"))

    with admission.live_turn():
        answered = taken(front, Message(keys="2"))

    assert board.handed_on == ["too much is to be done"]
    assert answered.result.action.type == "queue"
    ending = asyncio.run(front.ending(CALL.call_id))
    assert ending is not None
    assert (ending.queue, ending.context_token) == ("agents", "t0ken")
    assert len(board.turns) == 1
