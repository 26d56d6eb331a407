"""What every voice must do."""

import numpy as np
import pytest

from ivr.call import Language
from ivr.speak.hibari_voice import HibariVoice
from ivr.speak.pico_voice import PicoVoice
from ivr.speak.voice import Voice

SENTENCES = {
    Language.GERMAN: "Guten Tag, was kann ich für Sie tun?",
    Language.ENGLISH: "Hello, what can I do for you?",
}


@pytest.fixture(scope="module", params=["pico-de", "pico-en", "hibari"])
def voice(request: pytest.FixtureRequest) -> Voice:
    match request.param:
        case "pico-de":
            return PicoVoice(Language.GERMAN)
        case "pico-en":
            return PicoVoice(Language.ENGLISH)
        case _:
            return HibariVoice()


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_nothing_to_say_is_silence(voice: Voice, text: str) -> None:
    assert np.abs(voice.speak(text).samples).max(initial=0) < 0.05


@pytest.mark.parametrize("text", ["<volume level='999'/>Hallo", "<spell>", "\x00", "ß" * 5_000])
def test_hostile_text_is_spoken_or_dropped_and_breaks_nothing(voice: Voice, text: str) -> None:
    assert np.abs(voice.speak(text).samples).max(initial=0) <= 1.0


def test_a_sentence_is_sound_of_a_sensible_length(voice: Voice) -> None:
    sound = voice.speak(SENTENCES[voice.language])

    assert sound.samples.dtype == np.float32
    assert sound.rate_hz >= 8_000
    assert 1_000 < sound.duration_ms < 5_000
    assert 0.05 < np.abs(sound.samples).max() <= 1.0


def test_a_voice_has_a_name_and_one_language(voice: Voice) -> None:
    assert voice.name.split("-")[0] in {"pico", "hibari"}
    assert voice.language in Language
