"""Limits are those of ITU-T Q.24: what must count, and what must not."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics import Codec, Waveform, over_telephone, resampled
from ivr.listen.keys import KEYS, keys_in, with_keys
from ivr.listen.wav import read_wav
from ivr.settings import ListenSettings

FIXTURES = Path(__file__).parents[3] / "audio_fixtures"
ENTRY = "0123456789*#ABCD5500"
LOW_HZ, HIGH_HZ = (697, 770, 852, 941), (1209, 1336, 1477, 1633)


def quiet(ms: int = 200, rate_hz: int = 8_000) -> Waveform:
    return Waveform(samples=np.zeros(ms * rate_hz // 1000, dtype=np.float32), rate_hz=rate_hz)


def pressed(key: str, *, ms: int = 60, tuning: float = 1.0, high_db: float = 0.0) -> Waveform:
    """One key, made apart from the product's own tones."""
    row, column = divmod(KEYS.index(key), 4)
    time = np.arange(ms * 8) / 8_000
    low = 0.2 * np.sin(2 * np.pi * LOW_HZ[row] * tuning * time)
    high = 0.2 * 10 ** (high_db / 20) * np.sin(2 * np.pi * HIGH_HZ[column] * tuning * time)
    return waveform(np.concatenate([np.zeros(400), low + high, np.zeros(400)]))


def waveform(samples: NDArray[np.float64]) -> Waveform:
    return Waveform(samples=samples.astype(np.float32), rate_hz=8_000)


def noisy(sound: Waveform, *, snr_db: float) -> Waveform:
    """White noise, against the power of a key at the usual level."""
    noise = np.random.default_rng(815).standard_normal(len(sound.samples))
    return waveform(sound.samples + noise * 0.2 / 10 ** (snr_db / 20))


def recordings() -> list[Path]:
    return [path for path in sorted(FIXTURES.glob("*.wav")) if path.name != "not-audio.wav"]


@pytest.mark.parametrize("path", recordings(), ids=lambda path: path.stem)
def test_nobody_speaks_keys(path: Path) -> None:
    assert keys_in(read_wav(path.read_bytes(), ListenSettings())) == ""


@pytest.mark.parametrize("ms", [0, 10, 25])
def test_hardly_any_sound_has_no_keys(ms: int) -> None:
    assert keys_in(quiet(ms)) == ""


@pytest.mark.parametrize("hz", [350, 425, 440, 697, 1336, 2100])
def test_one_steady_tone_is_no_key(hz: int) -> None:
    time = np.arange(8_000) / 8_000

    assert keys_in(waveform(0.3 * np.sin(2 * np.pi * hz * time))) == ""


def test_two_tones_of_the_exchange_are_no_key() -> None:
    time = np.arange(8_000) / 8_000
    dial = sum(0.2 * np.sin(2 * np.pi * hz * time) for hz in (350, 440))

    assert keys_in(waveform(np.asarray(dial))) == ""


@pytest.mark.parametrize("key", KEYS)
def test_a_tone_of_23_ms_is_no_key(key: str) -> None:
    assert keys_in(pressed(key, ms=23)) == ""


@pytest.mark.parametrize("tuning", [0.965, 1.035])
@pytest.mark.parametrize("key", KEYS)
def test_tones_out_of_tune_by_3_5_percent_are_no_key(key: str, tuning: float) -> None:
    assert keys_in(pressed(key, ms=80, tuning=tuning)) == ""


@pytest.mark.parametrize("high_db", [-12, 8])
@pytest.mark.parametrize("key", KEYS)
def test_one_tone_much_stronger_than_the_other_is_no_key(key: str, high_db: float) -> None:
    assert keys_in(pressed(key, high_db=high_db)) == ""


def test_noise_is_no_key() -> None:
    assert keys_in(noisy(quiet(5_000), snr_db=0)) == ""


@pytest.mark.parametrize("tuning", [0.985, 1.0, 1.015])
@pytest.mark.parametrize("key", KEYS)
def test_a_tone_of_40_ms_is_a_key_within_1_5_percent(key: str, tuning: float) -> None:
    assert key == keys_in(pressed(key, ms=40, tuning=tuning))


@pytest.mark.parametrize("high_db", [-8, 0, 4])
@pytest.mark.parametrize("key", KEYS)
def test_the_high_tone_may_be_4_db_stronger_or_8_db_weaker(key: str, high_db: float) -> None:
    assert key == keys_in(pressed(key, high_db=high_db))


@pytest.mark.parametrize("codec", list(Codec))
def test_keys_come_through_every_line(codec: Codec) -> None:
    assert keys_in(over_telephone(with_keys(quiet(), ENTRY), codec)) == ENTRY


@pytest.mark.parametrize("codec", [Codec.MULAW, Codec.ALAW, Codec.G726, Codec.OPUS])
def test_tones_and_pauses_of_40_ms_are_enough(codec: Codec) -> None:
    fast = with_keys(quiet(), ENTRY, tone_ms=40, pause_ms=40)

    assert keys_in(over_telephone(fast, codec)) == ENTRY


def test_gsm_needs_45_ms() -> None:
    fast = with_keys(quiet(), ENTRY, tone_ms=45, pause_ms=45)

    assert keys_in(over_telephone(fast, Codec.GSM)) == ENTRY


@pytest.mark.parametrize("snr_db", [20, 15])
def test_keys_are_read_in_noise(snr_db: float) -> None:
    sound = with_keys(quiet(), ENTRY, tone_ms=50, pause_ms=50)

    assert keys_in(noisy(sound, snr_db=snr_db)) == ENTRY


@pytest.mark.parametrize("level", [0.02, 0.05, 0.45])
def test_keys_are_read_loud_and_low(level: float) -> None:
    assert keys_in(with_keys(quiet(), ENTRY, level=level)) == ENTRY


def test_a_key_that_fails_for_10_ms_is_one_key() -> None:
    samples = pressed("5", ms=120).samples.copy()
    samples[800:880] = 0

    assert keys_in(Waveform(samples=samples, rate_hz=8_000)) == "5"


def test_keys_are_read_at_any_rate() -> None:
    assert keys_in(with_keys(quiet(rate_hz=16_000), ENTRY)) == ENTRY
    assert keys_in(resampled(with_keys(quiet(), ENTRY), 48_000)) == ENTRY


def test_keys_after_speech_are_read() -> None:
    speech = read_wav((FIXTURES / "klaus-yes.wav").read_bytes(), ListenSettings())

    assert keys_in(with_keys(speech, "4417#")) == "4417#"


def test_what_is_no_key_cannot_be_pressed() -> None:
    with pytest.raises(ValueError, match="substring"):
        with_keys(quiet(), "7x")
