"""What was recognised at a pause counts if the turn ended there, and never if it went on."""

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest

from biometrics import Waveform
from ivr.call import Language, Transcript, Unheard
from ivr.understand.lane import T, ThreadLane
from ivr.understand.speculation import Speculation
from ivr.understand.whisper_recogniser import WhisperRecogniser

Speaking = Callable[[str, str], Waveform]


class FakeHearing:
    """Its words are how much it heard."""

    def __init__(self) -> None:
        self.fed_ms = 0
        self.is_abandoned = False

    def feed(self, sound: Waveform) -> None:
        self.fed_ms += sound.duration_ms

    def partial(self) -> str:
        return ""

    def finish(self) -> Transcript | Unheard:
        if not self.fed_ms:
            return Unheard.SILENCE
        return Transcript(
            text=f"{self.fed_ms} ms", language=Language.GERMAN, confidence=0.9, engine="fake"
        )

    def abandon(self) -> None:
        self.is_abandoned = True


class StillLane:
    """Work waits until somebody lets it be done."""

    at_once = 1

    def __init__(self) -> None:
        self.waiting: list[tuple[Future, Callable]] = []

    @property
    def length(self) -> int:
        return sum(not answer.done() for answer, _ in self.waiting)

    def submit(self, work: Callable[[], T]) -> "Future[T]":
        self.waiting.append((Future(), work))
        return self.waiting[-1][0]

    def work(self) -> None:
        for answer, work in self.waiting:
            if not answer.done():
                answer.set_result(work())


def sound(ms: int) -> Waveform:
    return Waveform(samples=np.zeros(8 * ms, dtype=np.float32), rate_hz=8_000)


def text(heard: Transcript | Unheard) -> str:
    return heard.text if isinstance(heard, Transcript) else heard.value


@pytest.fixture
def lane() -> StillLane:
    return StillLane()


@pytest.fixture
def turn(lane: StillLane) -> Speculation:
    return Speculation(FakeHearing, lane)


def test_a_turn_without_sound_is_silence() -> None:
    assert Speculation(FakeHearing, ThreadLane(at_once=1)).finish() is Unheard.SILENCE


def test_a_pause_before_anything_was_heard_begins_nothing(
    turn: Speculation, lane: StillLane
) -> None:
    turn.pause()

    assert not turn.has_begun
    assert lane.waiting == []


def test_words_before_a_pause_are_thrown_away_when_the_caller_goes_on(
    turn: Speculation, lane: StillLane
) -> None:
    turn.feed(sound(800))
    turn.pause()
    turn.feed(sound(500))

    trial, _ = lane.waiting[0]
    assert trial.cancelled()
    assert not turn.has_begun
    turn.begin()
    lane.work()
    assert text(turn.finish()) == "1300 ms"


def test_a_trial_that_is_over_is_thrown_away_all_the_same(
    turn: Speculation, lane: StillLane
) -> None:
    turn.feed(sound(800))
    turn.pause()
    lane.work()
    turn.feed(sound(500))

    turn.begin()
    lane.work()

    assert text(turn.finish()) == "1300 ms"


def test_a_trial_that_is_being_done_is_told_when_the_caller_goes_on(lane: StillLane) -> None:
    begun: list[FakeHearing] = []

    class Slow(FakeHearing):
        """The caller goes on while it works."""

        def finish(self) -> Transcript | Unheard:
            if len(begun) == 1:
                turn.feed(sound(500))
            return super().finish()

    def start() -> FakeHearing:
        begun.append(Slow())
        return begun[-1]

    turn = Speculation(start, lane)
    turn.feed(sound(800))
    turn.pause()
    waiting, work = lane.waiting[0]
    waiting.set_running_or_notify_cancel()
    waiting.set_result(work())
    turn.begin()
    lane.work()

    assert text(turn.finish()) == "1300 ms"
    assert [hearing.is_abandoned for hearing in begun] == [True, False]


def test_a_trial_that_was_given_up_in_between_begins_abandoned(lane: StillLane) -> None:
    begun: list[FakeHearing] = []

    def start() -> FakeHearing:
        turn.abandon()
        begun.append(FakeHearing())
        return begun[-1]

    turn = Speculation(start, lane)
    turn.feed(sound(800))
    turn.pause()
    lane.waiting[0][1]()

    assert [hearing.is_abandoned for hearing in begun] == [True]


def test_a_full_lane_is_not_bothered_with_guesses(turn: Speculation, lane: StillLane) -> None:
    lane.submit(lambda: None)
    turn.feed(sound(800))

    turn.pause()

    assert not turn.has_begun


def test_the_same_pause_is_tried_once(turn: Speculation, lane: StillLane) -> None:
    turn.feed(sound(800))
    turn.pause()
    turn.feed(sound(20), is_speech=False)
    turn.pause()

    assert len(lane.waiting) == 1


def test_the_words_of_the_pause_are_there_at_the_end_when_only_quiet_follows(
    turn: Speculation, lane: StillLane
) -> None:
    turn.feed(sound(800))
    turn.pause()
    lane.work()
    for _ in range(20):
        turn.feed(sound(20), is_speech=False)

    assert turn.has_begun
    assert text(turn.finish()) == "800 ms"
    assert len(lane.waiting) == 1


def test_every_pause_is_a_new_chance(turn: Speculation, lane: StillLane) -> None:
    turn.feed(sound(800))
    turn.pause()
    turn.feed(sound(400))
    turn.pause()
    lane.work()

    assert text(turn.finish()) == "1200 ms"
    assert turn.partial() == ""


def test_whisper_has_the_words_of_a_pause_before_the_turn_is_over(
    whisper_folder: Path, telephoned: Speaking
) -> None:
    whisper, lane = WhisperRecogniser(whisper_folder), ThreadLane(at_once=1)
    turn = Speculation(lambda: whisper.start(Language.GERMAN), lane)
    spoken = telephoned("Mein Koffer ist nicht angekommen.", "de-DE")

    turn.feed(spoken)
    turn.pause()
    guess = turn.begin()
    turn.feed(sound(500), is_speech=False)

    assert text(guess.result()) == "Mein Koffer ist nicht angekommen."
    assert turn.finish() is guess.result()
