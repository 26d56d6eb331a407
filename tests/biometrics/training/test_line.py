"""Simulated lines."""

import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics.training import line

RATE = line.RATE_HZ


def speechlike(seed: int) -> NDArray[np.float32]:
    draw = np.random.default_rng(seed)
    seconds = np.arange(2 * RATE) / RATE
    voice = sum(np.sin(2 * np.pi * 130 * k * seconds) / k for k in range(1, 20))
    return (
        0.1 * voice * (1 + np.sin(2 * np.pi * 4 * seconds))
        + 0.01 * draw.standard_normal(len(seconds))
    ).astype(np.float32)


def test_the_same_draw_makes_the_same_call() -> None:
    first, second = (
        line.over_a_line(speechlike(1), speechlike(2), np.random.default_rng(7)) for _ in range(2)
    )

    assert np.array_equal(first, second)


def test_no_call_is_like_another() -> None:
    first, second = (
        line.over_a_line(speechlike(1), speechlike(2), np.random.default_rng(n)) for n in (7, 8)
    )

    assert not np.array_equal(first, second)


@pytest.mark.parametrize("seed", range(40))
def test_whatever_is_drawn_arrives_whole_and_within_full_scale(seed: int) -> None:
    heard = line.over_a_line(speechlike(1), speechlike(2), np.random.default_rng(seed))

    assert heard.shape == speechlike(1).shape
    assert np.isfinite(heard).all()
    assert float(np.abs(heard).max()) <= 1.1
    assert float(np.abs(heard).max()) > 0.005


@pytest.mark.parametrize("codec", ["mulaw", "alaw", "gsm", "g726", "opus"])
def test_every_codec_leaves_the_voice_and_takes_something_away(codec: str) -> None:
    sound = speechlike(1)

    heard = line._coded(sound, codec)

    alike = float(np.corrcoef(sound, heard)[0, 1])
    assert 0.85 < alike < 0.999999


def test_a_lost_packet_is_bridged_by_the_one_before_it() -> None:
    sound = speechlike(1)

    heard = line._with_lost_packets(sound, np.random.default_rng(5))

    is_changed = np.abs(heard - sound).reshape(-1, 160).max(axis=1) > 0
    assert 0 < is_changed.mean() < 0.2
    assert np.abs(heard[160 * np.flatnonzero(is_changed)[0] :][:160]).max() > 0
