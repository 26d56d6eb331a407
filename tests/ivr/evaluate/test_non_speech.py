"""Sound without speech is the same for the same seed, and words in it are counted by kind."""

from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics import Codec, Waveform
from biometrics.silero import load_silero
from ivr.call import Language, Transcript, Unheard
from ivr.errors import ModelMissing
from ivr.evaluate.non_speech import evaluate_non_speech
from ivr.evaluate.non_speech_sounds import MAKERS, STRETCH_MS, non_speech
from ivr.wiring import House


@dataclass
class FakeDetector:
    """Hears speech where it is loud on average, and nowhere else."""

    frame_ms: int = 32

    def probabilities(self, waveform: Waveform) -> NDArray[np.float32]:
        level = np.abs(waveform.samples).mean()
        return np.full(waveform.duration_ms // self.frame_ms, float(level > 0.05), np.float32)


@dataclass
class FakeRecogniser:
    """Takes every turn that is handed over for "ja", and is its own hearing."""

    answer: Transcript | Unheard
    engine: str = "fake"
    languages: frozenset[Language] = frozenset(Language)
    fed_ms: list[int] = field(default_factory=list)

    def start(
        self,
        language: Language | None,
        *,
        grammar: tuple[str, ...] = (),
        names: tuple[str, ...] = (),
    ) -> "FakeRecogniser":
        return self

    def feed(self, sound: Waveform) -> None:
        self.fed_ms.append(sound.duration_ms)

    def partial(self) -> str:
        return ""

    def finish(self) -> Transcript | Unheard:
        return self.answer


YES = Transcript(text="ja", language=Language.GERMAN, confidence=0.9, engine="fake")


def test_words_in_what_was_taken_for_speech_are_counted() -> None:
    figures = evaluate_non_speech(
        recogniser=FakeRecogniser(YES), detector=FakeDetector(), language=None, minutes=1, seed=7
    )

    detected = sum(kind.detected for kind in figures.kinds)
    assert 0 < detected < figures.stretches
    assert [kind.invented for kind in figures.kinds] == [kind.detected for kind in figures.kinds]
    assert figures.rate == detected / figures.stretches


def test_what_the_recogniser_refuses_is_not_counted() -> None:
    figures = evaluate_non_speech(
        recogniser=FakeRecogniser(Unheard.NOISE),
        detector=FakeDetector(),
        language=None,
        minutes=1,
        seed=7,
    )

    assert figures.rate == 0.0
    assert sum(kind.detected for kind in figures.kinds) > 0


def test_without_a_detector_everything_is_handed_over_whole() -> None:
    recogniser, told = FakeRecogniser(YES), []

    figures = evaluate_non_speech(
        recogniser=recogniser,
        detector=None,
        language=Language.GERMAN,
        minutes=1,
        seed=7,
        progress=lambda done, total: told.append((done, total)),
    )

    assert set(recogniser.fed_ms) == {STRETCH_MS}
    assert figures.rate == 1.0
    assert told[-1] == (figures.stretches, figures.stretches)


def test_there_is_at_least_as_much_sound_as_was_asked_for_and_some_of_every_kind() -> None:
    figures = evaluate_non_speech(
        recogniser=FakeRecogniser(Unheard.NOISE),
        detector=FakeDetector(),
        language=None,
        minutes=3,
        seed=7,
    )

    assert figures.minutes >= 3
    assert {kind.kind for kind in figures.kinds} == set(MAKERS)
    assert {kind.stretches for kind in figures.kinds} == {figures.stretches // len(MAKERS)}


def test_the_same_seed_makes_the_same_sound_and_another_seed_another() -> None:
    first, again, other = (
        [stretch.sound.samples for stretch in non_speech(seed=seed, stretches=1)]
        for seed in (1, 1, 2)
    )

    assert all(np.array_equal(*pair) for pair in zip(first, again, strict=True))
    assert not any(np.array_equal(*pair) for pair in zip(first, other, strict=True))


@pytest.mark.parametrize("kind", list(MAKERS))
def test_every_kind_is_sound_of_a_telephone(kind: str) -> None:
    made = [each for each in non_speech(seed=3, stretches=2, codec=Codec.ALAW) if each.kind == kind]

    assert len(made) == 2
    for stretch in made:
        assert (stretch.sound.rate_hz, stretch.sound.duration_ms) == (8_000, STRETCH_MS)
        assert 0.001 < np.abs(stretch.sound.samples).max() <= 1.0
        assert np.isfinite(stretch.sound.samples).all()


def test_a_minute_of_it_gives_no_words_with_the_models_in_use() -> None:
    """`ivr evaluate non-speech` does the same for a quarter of an hour."""
    try:
        recogniser = House.from_environment().words.recogniser_of("whisper")
    except ModelMissing as missing:
        pytest.skip(missing.sentence)

    figures = evaluate_non_speech(
        recogniser=recogniser, detector=load_silero(), language=None, minutes=1, seed=20
    )

    assert [kind.kind for kind in figures.kinds if kind.invented] == []
