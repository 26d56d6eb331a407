"""Whether somebody speaks, and whether the line has fallen silent."""

import numpy as np
from numpy.typing import NDArray

from ivr.live.ear import Ear
from ivr.live.wire import FRAME_SAMPLES


class Lingering:
    """Hears speech whatever comes, as Silero does for a moment behind a word."""

    def feed(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.ones(1, dtype=np.float32)


def frame(level_dbfs: float) -> bytes:
    level = 32_767 * 10 ** (level_dbfs / 20)
    return (np.resize([1.0, -1.0], FRAME_SAMPLES) * level).astype("<i2").tobytes()


def heard(*levels_dbfs: float) -> Ear:
    ear = Ear(Lingering, probability=0.5)
    for level_dbfs in levels_dbfs:
        assert ear.hear(frame(level_dbfs))
    return ear


def test_before_anybody_spoke_no_line_is_still() -> None:
    ear = Ear(Lingering, probability=2.0)
    ear.hear(frame(-60))

    assert ear.still_ms == 0


def test_a_noisy_line_is_never_still() -> None:
    assert heard(-15, -15, *[-45] * 10).still_ms == 0


def test_a_quiet_line_is_still_behind_the_last_word() -> None:
    assert heard(-15, -15, *[-60] * 10).still_ms == 200
    assert heard(-15, -15, *[-60] * 10, -30).still_ms == 0


def test_a_line_without_any_sound_is_still() -> None:
    ear = heard(-15)

    assert not ear.hear(bytes(320))
    assert ear.still_ms == 20


def test_whoever_speaks_lower_later_is_heard() -> None:
    loud, later = [-6] * 5, [-44] * 250

    assert heard(*loud, *later).still_ms == 0
