"""Sizes, and where sound ends in them."""

import numpy as np
import pytest

from biometrics.encoders.frame_clock import FrameClock, _reflection, size_for


def test_a_size_holds_its_frames_and_hardly_more() -> None:
    frames = range(32, 4_000)

    assert all(n <= size_for(n) <= n * 9 / 8 for n in frames)


def test_there_are_few_sizes() -> None:
    """Each costs memory for as long as the process lives; 20 s are at most 2,001 frames."""
    assert len({size_for(n) for n in range(1, 2_002)}) <= 50


@pytest.mark.parametrize(("frames", "size"), [(1, 32), (32, 32), (33, 36), (251, 256), (257, 288)])
def test_sizes_are_these(frames: int, size: int) -> None:
    assert size_for(frames) == size


def test_sound_is_mirrored_at_its_own_ends_not_at_those_of_its_size() -> None:
    frames = np.arange(5)

    found = _reflection(5, 2, 8)[: 5 + 2 * 2]

    assert found.tolist() == np.pad(frames, 2, mode="reflect").tolist()


def test_no_place_lies_outside_of_the_sound() -> None:
    found = _reflection(5, 4, 32)

    assert (found.min(), found.max()) == (0, 4)


def test_what_is_filled_up_is_no_sound() -> None:
    feed = FrameClock().feed(np.ones((40, 3), dtype=np.float32))

    assert feed["features"].shape == (1, 40, 3)
    assert feed["is_sound"].sum() == 40

    feed = FrameClock().feed(np.ones((41, 3), dtype=np.float32))

    assert feed["features"].shape == (1, 44, 3)
    assert feed["features"].sum() == 41 * 3
    assert feed["is_sound"].ravel().tolist() == [1.0] * 41 + [0.0] * 3
    assert feed["unheard"].ravel().tolist() == [0.0] * 41 + [-10_000.0] * 3
    assert float(feed["one_frame"][0, 0, 0]) == pytest.approx(1 / 41)
