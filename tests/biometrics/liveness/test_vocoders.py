"""Speech is taken apart and put together: the words stay, the samples do not."""

from collections.abc import Callable

import numpy as np
import pytest

from biometrics import Speech, resampled
from biometrics.liveness.lines import CODECS, line_by_dice, over_line
from biometrics.liveness.opus import through_opus
from biometrics.liveness.vocoders import RATE_HZ, VOCODERS

Turn = Callable[[str], Speech]
OURS = sorted(set(VOCODERS) - {"world"})


def _loudness(samples: np.ndarray) -> np.ndarray:
    width = RATE_HZ // 25
    whole = samples[: len(samples) // width * width].reshape(-1, width)
    return np.log(np.mean(whole**2, axis=1) + 1e-6)


@pytest.mark.parametrize("kind", OURS)
def test_a_vocoder_keeps_what_is_loud_and_changes_every_sample(turn: Turn, kind: str) -> None:
    sound = resampled(turn("klaus-flight").waveform, RATE_HZ).cut(500, 2_500)
    samples = sound.samples.astype(np.float64)

    made = VOCODERS[kind](samples, np.random.default_rng(3))

    assert np.isfinite(made).all()
    assert not np.allclose(made[: len(samples)], samples[: len(made)], atol=1e-3)
    if kind == "phase-vocoder":
        assert len(made) != len(samples)
    else:
        assert len(made) == len(samples)
        assert np.corrcoef(_loudness(samples), _loudness(made))[0, 1] > 0.8


@pytest.mark.parametrize("kind", OURS)
def test_the_same_dice_make_the_same_sound(turn: Turn, kind: str) -> None:
    samples = resampled(turn("klaus-yes").waveform, RATE_HZ).samples.astype(np.float64)[:16_000]

    made = [VOCODERS[kind](samples, np.random.default_rng(3)) for _ in range(2)]

    np.testing.assert_array_equal(made[0], made[1])


@pytest.mark.parametrize("kind", OURS)
def test_silence_stays_finite(kind: str) -> None:
    assert np.isfinite(VOCODERS[kind](np.zeros(8_000), np.random.default_rng(1))).all()


@pytest.mark.parametrize("codec", CODECS)
def test_a_line_narrows_and_levels_what_it_carries(turn: Turn, codec: str) -> None:
    chance = np.random.default_rng(4)
    line = line_by_dice(chance, codec)

    heard = over_line(turn("klaus-flight").waveform, line, chance)

    level_dbfs = 10 * np.log10(np.mean(heard.samples.astype(np.float64) ** 2))
    assert heard.rate_hz == 8_000
    assert heard.duration_ms == pytest.approx(turn("klaus-flight").waveform.duration_ms, abs=1)
    assert level_dbfs == pytest.approx(line.level_dbfs, abs=2.0)


def test_the_same_dice_make_the_same_line() -> None:
    lines = [line_by_dice(np.random.default_rng(7)) for _ in range(2)]

    assert lines[0] == lines[1]
    assert lines[0] != line_by_dice(np.random.default_rng(8))


def test_opus_keeps_length_and_changes_samples(turn: Turn) -> None:
    sound = resampled(turn("klaus-yes").waveform, 16_000)

    heard = through_opus(sound)

    assert len(heard.samples) == len(sound.samples)
    assert 0 < float(np.mean((heard.samples - sound.samples) ** 2)) < 1e-2
