"""Figures of voices that are simple enough to know them beforehand."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from biometrics import (
    Calibration,
    CalibrationUnusable,
    Codec,
    Encoder,
    EncoderId,
    Listening,
    SpeechDetector,
    TooFewTrials,
    VoiceFigures,
    measure_voices,
)


@pytest.fixture
def measured(
    encoder: Encoder, detector: SpeechDetector, calibration: Calibration
) -> Callable[..., VoiceFigures]:
    listening = Listening(detector=detector, codec=Codec.NONE)
    usual: dict[str, Any] = {"encoder": encoder, "calibration": calibration}
    return lambda folder, **changed: measure_voices(folder, listening, **(usual | changed))


def test_a_folder_without_speech_has_no_figures(
    measured: Callable[..., VoiceFigures], folder_of_voices: Callable[..., Path]
) -> None:
    with pytest.raises(TooFewTrials, match="No recording"):
        measured(folder_of_voices(2, 2, seconds=0.2))


def test_one_recording_each_has_no_figures(
    measured: Callable[..., VoiceFigures], folder_of_voices: Callable[..., Path]
) -> None:
    with pytest.raises(TooFewTrials, match="no trial"):
        measured(folder_of_voices(3, 1))


def test_a_calibration_for_another_encoder_is_refused(
    measured: Callable[..., VoiceFigures],
    folder_of_voices: Callable[..., Path],
    calibration: Calibration,
) -> None:
    foreign = replace(calibration, encoder=EncoderId("pattern-1"))

    with pytest.raises(CalibrationUnusable):
        measured(folder_of_voices(2, 2), calibration=foreign)


def test_voices_that_differ_are_never_confused(
    measured: Callable[..., VoiceFigures], folder_of_voices: Callable[..., Path]
) -> None:
    figures = measured(folder_of_voices(3, 4, spread=0.01))

    assert figures.eer == 0.0
    assert (figures.fnmr_at_fmr_1e2, figures.fnmr_at_fmr_1e3, figures.min_dcf) == (0, 0, 0)
    # 4 x 3 / 2 pairs in each of 3 persons, of 12 x 11 / 2 pairs in all
    assert (figures.target_trials, figures.impostor_trials, figures.failures) == (18, 48, 0)
    assert 0 <= figures.min_cllr <= figures.cllr


def test_failures_are_counted_and_the_rest_is_measured(
    measured: Callable[..., VoiceFigures], folder_of_voices: Callable[..., Path]
) -> None:
    folder = folder_of_voices(3, 4)
    (folder / "p00" / "00.wav").write_bytes(b"no sound")
    (folder / "p01" / "99.wav").write_bytes(b"")

    figures = measured(folder)

    assert figures.failures == 2
    assert figures.target_trials + figures.impostor_trials == 11 * 10 // 2


def test_progress_is_told(
    measured: Callable[..., VoiceFigures], folder_of_voices: Callable[..., Path]
) -> None:
    told: list[tuple[int, int]] = []
    measured(folder_of_voices(2, 2), progress=lambda done, total: told.append((done, total)))

    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
