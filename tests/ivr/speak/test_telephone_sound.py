"""What a telephone line carries well."""

import numpy as np
import pytest

from biometrics import Waveform
from ivr.speak.hibari_voice import HibariVoice
from ivr.speak.pico_voice import PicoVoice
from ivr.speak.telephone_sound import speech_level_dbfs, telephone_sound

GERMAN = "Guten Tag. Rufen Sie wegen Ihrem Flug nach Hamburg an? Ich helfe Ihnen gern."
ENGLISH = "Hello. Are you calling about your flight to Hamburg? I am happy to help."


def outside_db(sound: Waveform) -> float:
    """Energy outside 300 to 3400 Hz over the energy inside."""
    energy = np.abs(np.fft.rfft(sound.samples)) ** 2
    hz = np.fft.rfftfreq(len(sound.samples), 1 / sound.rate_hz)
    inside = (hz >= 300) & (hz <= 3_400)
    return float(10 * np.log10(energy[~inside].sum() / energy[inside].sum()))


def tone(hz: int, *, rate_hz: int = 16_000, peak: float = 0.5) -> Waveform:
    t = np.arange(rate_hz) / rate_hz
    return Waveform(samples=(peak * np.sin(2 * np.pi * hz * t)).astype(np.float32), rate_hz=rate_hz)


@pytest.mark.parametrize("length", [0, 1, 16_000])
def test_silence_stays_empty(length: int) -> None:
    silence = Waveform(samples=np.zeros(length, dtype=np.float32), rate_hz=16_000)

    assert len(telephone_sound(silence, level_dbfs=-18).samples) == 0


@pytest.mark.parametrize("length", [1, 7, 200])
def test_a_click_survives(length: int) -> None:
    click = Waveform(samples=np.full(length, 0.3, dtype=np.float32), rate_hz=8_000)

    assert np.isfinite(telephone_sound(click, level_dbfs=-18).samples).all()


@pytest.fixture(scope="module", params=["german", "english"])
def prompt(
    request: pytest.FixtureRequest, german_voice: PicoVoice, english_voice: HibariVoice
) -> Waveform:
    is_german = request.param == "german"
    spoken = german_voice.speak(GERMAN) if is_german else english_voice.speak(ENGLISH)
    return telephone_sound(spoken, level_dbfs=-18.0)


def test_speech_comes_at_the_rate_of_a_telephone(prompt: Waveform) -> None:
    assert prompt.rate_hz == 8_000
    assert 3_000 < prompt.duration_ms < 8_000


def test_speech_has_its_level(prompt: Waveform) -> None:
    whole_dbfs = 10 * np.log10((prompt.samples**2).mean())

    assert speech_level_dbfs(prompt) == pytest.approx(-18.0, abs=0.1)
    assert whole_dbfs == pytest.approx(-18.0, abs=1.5)


def test_speech_lies_in_the_telephone_band(prompt: Waveform) -> None:
    assert outside_db(prompt) < -40


def test_nothing_is_clipped_even_when_loud(prompt: Waveform, english_voice: HibariVoice) -> None:
    loud = telephone_sound(english_voice.speak(ENGLISH), level_dbfs=-12.0)

    assert np.abs(prompt.samples).max() <= 0.892
    assert np.abs(loud.samples).max() <= 0.892
    assert outside_db(loud) < -25
    assert speech_level_dbfs(loud) == pytest.approx(-12.0, abs=1.5)


def test_speech_fades_in_and_out(prompt: Waveform) -> None:
    assert prompt.samples[0] == 0
    assert prompt.samples[-1] == 0


def test_silence_around_speech_is_cut_off(german_voice: PicoVoice) -> None:
    spoken = german_voice.speak("Hallo Klaus.")
    quiet = np.zeros(16_000, dtype=np.float32)
    framed = Waveform(samples=np.concatenate([quiet, spoken.samples, quiet]), rate_hz=16_000)

    assert telephone_sound(framed, level_dbfs=-18).duration_ms < spoken.duration_ms


@pytest.mark.parametrize("hz", [100, 3_700])
def test_hum_and_hiss_outside_the_band_do_not_pass(hz: int) -> None:
    voice = tone(1_000, peak=0.05)
    disturbed = Waveform(samples=voice.samples + tone(hz).samples, rate_hz=16_000)

    passed = telephone_sound(disturbed, level_dbfs=-18)
    middle = Waveform(samples=passed.samples[400:-400], rate_hz=8_000)

    assert outside_db(middle) < -20


def test_a_long_pause_is_shortened(german_voice: PicoVoice) -> None:
    word = german_voice.speak("Hallo.").samples
    pause = np.zeros(16_000 * 3, dtype=np.float32)
    spoken = Waveform(samples=np.concatenate([word, pause, word]), rate_hz=16_000)
    once = telephone_sound(Waveform(samples=word, rate_hz=16_000), level_dbfs=-18)

    assert telephone_sound(spoken, level_dbfs=-18).duration_ms < 2 * once.duration_ms + 400
