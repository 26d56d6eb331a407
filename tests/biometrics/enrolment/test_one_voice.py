"""The take of another voice is found, whichever it is, and so is a change within a take."""

from collections.abc import Callable

import numpy as np
import pytest

from biometrics import Calibration, Encoder, Speech, joined_speech
from biometrics.enrolment.one_voice import has_several_voices, outliers

Say = Callable[[int], Speech]
KLAUS = np.array([1, 0, 0, 0], dtype=np.float32)
STRANGER = np.array([0, 1, 0, 0], dtype=np.float32)
THIRD = np.array([0, 0, 1, 0], dtype=np.float32)
NO_NUMBER = np.full(4, np.nan, dtype=np.float32)


@pytest.mark.parametrize(
    ("voices", "expected"),
    [
        ([], ()),
        ([KLAUS], ()),
        ([KLAUS, KLAUS], ()),
        ([KLAUS, STRANGER], None),
        ([KLAUS, KLAUS, STRANGER], (2,)),
        ([STRANGER, KLAUS, KLAUS], (0,)),
        ([KLAUS, STRANGER, THIRD], None),
        ([KLAUS, STRANGER, KLAUS, THIRD, KLAUS], (1, 3)),
        ([KLAUS, NO_NUMBER, KLAUS], (1,)),
        ([NO_NUMBER], (0,)),
    ],
)
def test_the_majority_decides_which_take_is_of_another_voice(
    calibration: Calibration, voices: list[np.ndarray], expected: tuple[int, ...] | None
) -> None:
    assert outliers(voices, [4000] * len(voices), calibration) == expected


def test_two_voices_in_one_take_are_noticed(
    encoder: Encoder, calibration: Calibration, klaus: Say, stranger: Say
) -> None:
    both = joined_speech([klaus(4000), stranger(4000)])

    assert has_several_voices(both, encoder, calibration)


@pytest.mark.parametrize("net_ms", [1_000, 2_900, 3_000, 60_000])
def test_one_voice_is_one_voice(
    encoder: Encoder, calibration: Calibration, klaus: Say, net_ms: int
) -> None:
    assert not has_several_voices(klaus(net_ms), encoder, calibration)
