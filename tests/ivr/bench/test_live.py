"""Live calls that are measured: what became of every turn, in real sessions by the clock."""

import asyncio
import time
from dataclasses import replace

from anyio import CapacityLimiter
from fakes.live import FakeTalk, fake_ear, quiet, sound, spoken

from ivr.bench.live import _OF_ALL, _OF_TURNS, LiveFigures, Recording, _Caller, _row
from ivr.bench.turn_time import Answered, TurnTime
from ivr.live.happening import Watch
from ivr.live.wire import Incoming, Wire
from ivr.session import Equipment, Session
from ivr.settings import LiveSettings

WHOLE = Recording(name="whole.wav", pcm=spoken(300) + quiet(100), speech_end_ms=300)
PAUSED = Recording(
    name="paused.wav",
    pcm=spoken(300) + quiet(600) + spoken(200) + quiet(100),
    speech_end_ms=1_100,
)


class Desk:
    """Takes calls for a house that does as it is told."""

    def __init__(self, talk: FakeTalk) -> None:
        self._talk = talk

    def answer(self, incoming: Incoming, wire: Wire, *, watch: Watch) -> Session:
        limiter = CapacityLimiter(4)
        equipment = Equipment(settings=LiveSettings(), ear=fake_ear, limiter=lambda: limiter)
        return Session(wire, self._talk, equipment, watch=watch)


def measured(recording: Recording, *words: str) -> Answered:
    """What became of a recording of which these words are understood, piece by piece."""
    talk = FakeTalk(words)
    talk.protected = talk.question = sound(60)

    async def run() -> TurnTime:
        caller = _Caller(Desk(talk), [])
        await caller._call("+4989123456", [recording], time.monotonic() + 60)
        assert len(caller.turns) == 1
        return caller.turns[0]

    return asyncio.run(run()).answered


def test_a_turn_that_is_whole_is_answered_in_turn() -> None:
    assert measured(WHOLE, "ja") is Answered.IN_TURN


def test_a_turn_with_a_pause_in_it_is_answered_early_and_not_unanswered() -> None:
    assert measured(PAUSED, "ja", "ja") is Answered.EARLY


def turn(spoken_at: float, *, is_early: bool = False, sounded_at: float = 0.0) -> TurnTime:
    return TurnTime(
        recording="klaus-yes.wav",
        spoken_at=spoken_at,
        ended_at=spoken_at + 0.3,
        sounded_at=sounded_at,
        is_early=is_early,
    )


FIGURES = LiveFigures(
    calls=1,
    spoken=(
        turn(1.0, sounded_at=1.5),
        turn(2.0, sounded_at=2.5),
        turn(3.0, sounded_at=3.1, is_early=True),
        turn(4.0),
    ),
    greeting_ms=(6.0,),
    dropped_frames=0,
    gaps=2,
    frames=100,
)


def test_only_turns_that_were_answered_when_they_were_over_have_times() -> None:
    found = FIGURES.as_json()

    assert (found["turns"], found["answered_early"], found["unanswered"]) == (2, 1, 1)
    assert found["first_audio_p50_ms"] == 500


def test_the_names_that_others_rely_on() -> None:
    relied_on = {"first_audio_p50_ms", "first_audio_p95_ms", "dropped_frames", "fallbacks"}

    assert relied_on <= set(FIGURES.as_json())


def test_a_row_of_the_table() -> None:
    assert _row("1", FIGURES, _OF_ALL) == (
        *("1", "2", "500", "500", "300", "200"),
        *("6", "0", "0", "2", "1", "1"),
    )


def test_a_row_of_some_turns_shows_what_can_be_told_of_them() -> None:
    none = replace(FIGURES, spoken=())

    assert _row("none", none, _OF_TURNS) == (
        *("none", "0", "0", "0", "0", "0"),
        *("", "0", "", "", "0", "0"),
    )
