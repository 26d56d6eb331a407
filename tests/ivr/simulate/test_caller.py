"""What a simulated caller does, on a line that is made up."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest
from fakes.live import quiet, spoken

import ivr.simulate.caller
from ivr.simulate.caller import Caller, Manners, TurnTimes
from ivr.simulate.leg import Heard, Said

LOUD = spoken(20)
QUIET = quiet(20)
TURN = Said(title="a turn", pcm=spoken(200), speech_end_ms=200)


class FakeLeg:
    """A machine that says a prompt of so many ms, and again after every turn."""

    def __init__(self, prompt_ms: int = 1_000, *, ends_after: int = 100) -> None:
        self.heard = Heard()
        self.sent: list[bytes] = []
        self.pressed: list[str] = []
        self.is_closed = False
        self._prompt = prompt_ms // 20
        self._left = self._prompt
        self._was_loud = False
        self._ends_after = ends_after
        self._turns = 0

    async def open(self) -> None: ...

    async def send(self, frame: bytes) -> None:
        self.sent.append(frame)
        if self._was_loud and not any(frame):
            self._turns += 1
            self._left = self._prompt
        self._was_loud = any(frame)
        if self._turns >= self._ends_after:
            self.heard.end()
        self.heard.put(LOUD if self._left > 0 else QUIET)
        self._left -= 1

    async def press(self, key: str) -> None:
        self.pressed.append(key)

    async def close(self) -> None:
        self.is_closed = True

    async def ending(self) -> Mapping[str, str]:
        return {}


def called(leg: FakeLeg, *turns: Said, **manners: object) -> Caller:
    async def run() -> Caller:
        caller = Caller(leg, Manners(is_fast=True, **manners))  # type: ignore[arg-type]
        await caller.call(turns)
        await caller.leave()
        return caller

    return asyncio.run(run())


def test_a_caller_waits_for_the_end_of_a_prompt() -> None:
    caller = called(FakeLeg(), TURN)

    assert caller.turns[0].begins_ms == 1_000 + 700


def test_a_caller_may_speak_into_it() -> None:
    caller = called(FakeLeg(), TURN, barge_in_ms=300)

    assert caller.turns[0].begins_ms == 300


def test_a_turn_may_say_by_itself_when_it_is_spoken_into_the_prompt() -> None:
    caller = called(FakeLeg(), replace(TURN, after_ms=400), TURN, barge_in_ms=300)

    first, second = caller.turns
    assert first.begins_ms == 400
    assert second.begins_ms == 400 + 200 + 300


def test_how_long_an_answer_took() -> None:
    caller = called(FakeLeg(), TURN)

    assert caller.turns[0].first_audio_ms == 20


@pytest.mark.parametrize(("at_ms", "is_early"), [(100, True), (280, False)])
def test_a_turn_that_was_over_before_its_last_word_is_answered_early(
    at_ms: int, *, is_early: bool
) -> None:
    caller = Caller(FakeLeg(), Manners(is_fast=True))
    caller.note("turn_ends")  # nothing was said yet
    times = TurnTimes(title="a turn", begins_ms=0, speech_ends_ms=200, answer_ms=300)
    caller.turns.append(times)
    caller._now_ms = at_ms

    caller.note("answer")
    assert not times.is_early
    caller.note("turn_ends")
    assert times.is_early is is_early
    assert times.first_audio_ms == (None if is_early else 100)


def test_keys_are_pressed() -> None:
    leg = FakeLeg()
    called(leg, Said(title="keys", keys="12#"))

    assert leg.pressed == ["1", "2", "#"]


def test_a_caller_hangs_up_when_it_is_time() -> None:
    leg = FakeLeg()
    caller = called(leg, TURN, TURN, hang_up_ms=1_200)

    assert caller.tape.length_ms == 1_200
    assert leg.is_closed
    assert caller.turns == []


def test_what_is_over_is_over() -> None:
    caller = called(FakeLeg(ends_after=1), TURN, TURN, TURN)

    assert len(caller.turns) == 1


@pytest.mark.parametrize(("loss", "least", "most"), [(0.0, 1.0, 1.0), (0.3, 0.6, 0.8)])
def test_some_frames_are_lost_and_in_lockstep_their_answers_are_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, loss: float, least: float, most: float
) -> None:
    monkeypatch.setattr(ivr.simulate.caller, "_LOST_S", 1_000.0)
    leg = FakeLeg(prompt_ms=100)

    async def run() -> Caller:
        caller = Caller(leg, Manners(is_fast=True, loss=loss, pause_ms=200, hang_up_ms=1_500))
        async with asyncio.timeout(10):
            await caller.call([TURN])
        return caller

    caller = asyncio.run(run())
    share = len(leg.sent) / (caller.tape.length_ms / 20)
    assert least <= share <= most


def test_in_lockstep_frames_that_come_late_come_all_the_same() -> None:
    leg = FakeLeg()
    caller = called(leg, TURN, jitter_ms=120)

    loud = sum(any(frame) for frame in leg.sent)
    assert loud == len(TURN.pcm) // len(LOUD)
    assert caller.turns[0].answer_ms is not None
