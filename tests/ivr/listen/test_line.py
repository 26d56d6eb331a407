from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics import Waveform
from ivr.listen.line import Codec, telephone
from ivr.listen.wav import as_pcm

CODECS: list[Codec] = ["mulaw", "alaw", "gsm", "none"]

Tone = Callable[..., NDArray[np.float64]]


def sound(samples: NDArray[np.float64], rate_hz: int = 8_000) -> Waveform:
    return Waveform(samples=samples.astype(np.float32), rate_hz=rate_hz)


def level_db(waveform: Waveform) -> float:
    """Of the middle, where the filter has settled."""
    inner = waveform.samples[800:-800].astype(np.float64)
    return float(10 * np.log10(np.mean(inner**2) + 1e-20))


def signal_to_noise_db(clean: Waveform, line: Waveform) -> float:
    wrong = clean.samples.astype(np.float64) - line.samples
    return float(10 * np.log10(np.mean(clean.samples.astype(np.float64) ** 2) / np.mean(wrong**2)))


@pytest.mark.parametrize("codec", CODECS)
def test_no_sound_stays_no_sound(codec: Codec) -> None:
    silent = telephone(sound(np.zeros(0)), codec)

    assert (silent.rate_hz, len(silent.samples)) == (8_000, 0)


@pytest.mark.parametrize("hz", [50, 150, 3_700, 3_900])
def test_what_lies_outside_the_band_does_not_pass(tone: Tone, hz: int) -> None:
    spoken = sound(tone(hz))

    assert level_db(telephone(spoken, "none")) < level_db(spoken) - 60


@pytest.mark.parametrize("hz", [400, 1_000, 2_000, 3_300])
def test_what_lies_inside_the_band_passes_unchanged(tone: Tone, hz: int) -> None:
    spoken = sound(tone(hz))

    assert level_db(telephone(spoken, "none")) == pytest.approx(level_db(spoken), abs=0.1)


@pytest.mark.parametrize("hz", [300, 3_400])
def test_the_band_ends_at_300_and_3400_hz(tone: Tone, hz: int) -> None:
    spoken = sound(tone(hz, ms=1_000))

    assert level_db(telephone(spoken, "none")) == pytest.approx(level_db(spoken) - 6.0, abs=0.2)


def test_without_the_band_a_low_note_stays(tone: Tone) -> None:
    spoken = sound(tone(100))

    assert np.array_equal(spoken.samples, telephone(spoken, "none", is_banded=False).samples)


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("frames", [1, 100, 255, 8_001])
def test_the_line_keeps_the_length(codec: Codec, frames: int) -> None:
    assert frames == len(telephone(sound(np.full(frames, 0.1)), codec).samples)


@pytest.mark.parametrize("rate_hz", [6_000, 8_000, 16_000, 48_000])
def test_every_rate_becomes_8_khz(tone: Tone, rate_hz: int) -> None:
    line = telephone(sound(tone(rate_hz=rate_hz), rate_hz), "mulaw")

    assert (line.rate_hz, line.duration_ms) == (8_000, 500)


@pytest.mark.parametrize("codec", CODECS)
def test_the_line_keeps_everything_in_its_place(codec: Codec) -> None:
    """Labels of speech made on the clean recording stay true on the line."""
    random = np.random.default_rng(5)
    burst = np.zeros(8_000)
    burst[4_000:4_400] = 0.3 * random.standard_normal(400)
    clean = telephone(sound(burst), "none")

    line = telephone(sound(burst), codec)

    shifts = range(-8, 9)
    likeness = [float(np.dot(clean.samples, np.roll(line.samples, shift))) for shift in shifts]
    assert shifts[int(np.argmax(likeness))] == 0


@pytest.mark.parametrize(("codec", "least_db"), [("mulaw", 36), ("alaw", 36), ("gsm", 12)])
def test_a_codec_adds_the_noise_it_is_known_for(tone: Tone, codec: Codec, least_db: int) -> None:
    """G.711 gives about 38 dB for speech levels (ITU-T G.712), GSM full rate far less."""
    spoken = sound(tone(700))
    clean = telephone(spoken, "none")

    noise = signal_to_noise_db(clean, telephone(spoken, codec))

    assert least_db < noise < 45


@pytest.mark.parametrize("codec", ["mulaw", "alaw"])
def test_a_second_exchange_adds_nothing(tone: Tone, codec: Codec) -> None:
    once = telephone(sound(tone()), codec)
    twice = telephone(once, codec, is_banded=False)

    assert as_pcm(once.samples).tolist() == as_pcm(twice.samples).tolist()


def test_a_sound_that_is_too_loud_is_clipped_and_does_not_wrap_around() -> None:
    loud = sound(np.full(400, 3.0))

    line = telephone(loud, "mulaw", is_banded=False)

    assert np.allclose(32_124 / 32_768, line.samples)
