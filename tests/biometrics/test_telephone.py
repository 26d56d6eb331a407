"""What a line leaves of a recording."""

import numpy as np
import pytest

from biometrics import Codec, Waveform
from biometrics.telephone import over_telephone


def tone(rate_hz: int, pitch_hz: int = 440) -> Waveform:
    time = np.arange(rate_hz) / rate_hz
    samples = 0.5 * np.sin(2 * np.pi * pitch_hz * time)
    return Waveform(samples=samples.astype(np.float32), rate_hz=rate_hz)


@pytest.mark.parametrize("codec", list(Codec))
@pytest.mark.parametrize("rate_hz", [8000, 16_000, 44_100])
def test_every_codec_gives_8_khz_of_the_same_length(codec: Codec, rate_hz: int) -> None:
    heard = over_telephone(tone(rate_hz), codec)

    assert heard.rate_hz == 8000
    assert heard.duration_ms == 1000
    assert heard.samples.dtype == np.float32


@pytest.mark.parametrize("codec", list(Codec))
def test_an_empty_recording_stays_empty(codec: Codec) -> None:
    empty = Waveform(samples=np.zeros(0, dtype=np.float32), rate_hz=16_000)

    assert len(over_telephone(empty, codec).samples) == 0


@pytest.mark.parametrize("codec", [Codec.MULAW, Codec.ALAW])
def test_g711_keeps_about_38_db(codec: Codec) -> None:
    plain = over_telephone(tone(8000), Codec.NONE).samples
    error = over_telephone(tone(8000), codec).samples - plain

    assert 34 < 10 * np.log10(np.mean(plain**2) / np.mean(error**2)) < 42


def test_gsm_changes_more_than_g711() -> None:
    plain = over_telephone(tone(8000), Codec.NONE).samples
    gsm, mulaw = (over_telephone(tone(8000), c).samples for c in (Codec.GSM, Codec.MULAW))

    assert np.mean((gsm - plain) ** 2) > 10 * np.mean((mulaw - plain) ** 2)


def test_what_lies_above_4_khz_is_gone() -> None:
    heard = over_telephone(tone(16_000, pitch_hz=6000), Codec.NONE)

    assert np.abs(heard.samples[400:-400]).max() < 0.001


def test_sound_beyond_full_scale_is_clipped() -> None:
    loud = Waveform(samples=np.full(8000, 3.0, dtype=np.float32), rate_hz=8000)

    assert np.abs(over_telephone(loud, Codec.MULAW).samples).max() <= 1.0
