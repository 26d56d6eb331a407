"""What every speech recogniser must do, on real telephone sound.

Kaldi dithers its features, so that Vosk's weaker words change from run to run; "money" never does.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from biometrics import Speech, Waveform
from ivr.call import Language, Transcript, Unheard
from ivr.errors import ModelMissing, NoRecogniser
from ivr.listen.turn import heard
from ivr.listen.wav import read_wav
from ivr.settings import ListenSettings
from ivr.understand.recogniser import Recogniser, transcribe
from ivr.wiring import House

FIXTURES = Path(__file__).parents[2] / "audio_fixtures"

Turn = Callable[[str], Speech]


@pytest.fixture(scope="module")
def house() -> House:
    return House.from_environment()


@pytest.fixture(scope="module", params=["whisper", "vosk", "cascade"])
def recogniser(request: pytest.FixtureRequest, house: House) -> Recogniser:
    try:
        return house.words.recogniser_of(request.param)
    except ModelMissing as missing:
        pytest.skip(missing.sentence)


@pytest.fixture(scope="module")
def turn(house: House) -> Turn:
    def listen(name: str) -> Speech:
        sound = read_wav((FIXTURES / name).read_bytes(), ListenSettings())
        return heard(sound, settings=ListenSettings(), detector=house.voices.detector)

    return listen


def test_a_language_it_does_not_know_is_refused(recogniser: Recogniser) -> None:
    for language in set(Language) - recogniser.languages:
        with pytest.raises(NoRecogniser):
            recogniser.start(language)


def test_silence_is_no_words(recogniser: Recogniser, turn: Turn) -> None:
    assert transcribe(recogniser, turn("silence.wav"), Language.ENGLISH) is Unheard.SILENCE


def test_a_hearing_that_was_fed_nothing_or_noise_has_no_words(recogniser: Recogniser) -> None:
    noise = np.random.default_rng(1).standard_normal(16_000).astype(np.float32) * 0.05
    hearing = recogniser.start(Language.ENGLISH)
    hearing.feed(Waveform(samples=noise, rate_hz=8_000))

    assert isinstance(recogniser.start(Language.ENGLISH).finish(), Unheard)
    assert isinstance(hearing.finish(), Unheard)


def test_words_come_with_language_confidence_and_engine(recogniser: Recogniser, turn: Turn) -> None:
    found = transcribe(recogniser, turn("emily-refund.wav"), Language.ENGLISH)

    assert isinstance(found, Transcript)
    assert "money" in found.text.lower()
    assert found.language is Language.ENGLISH
    assert 0 < found.confidence <= 1
    assert found.engine in {"whisper", "vosk"}


def test_sound_that_comes_in_pieces_is_heard(recogniser: Recogniser, turn: Turn) -> None:
    sound = turn("emily-refund.wav").waveform
    hearing = recogniser.start(Language.ENGLISH)
    for start_ms in range(0, sound.duration_ms + 20, 20):
        hearing.feed(sound.cut(start_ms, start_ms + 20))

    found = hearing.finish()

    assert isinstance(found, Transcript)
    assert "money" in found.text.lower()
