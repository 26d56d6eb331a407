"""What a calibration promises, on voices it has not heard."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biometrics import (
    Codec,
    Encoder,
    Listening,
    SpeechDetector,
    TooFewTrials,
    read_calibration,
    write_calibration,
)
from biometrics.labelled import labelled_recordings
from biometrics.learn import Origin, learn
from biometrics.trials import Person, TrialSettings, enrolled_trials, heard_persons

SETTINGS = TrialSettings(excerpts_ms=(1500, 3000), excerpts_each=3)
ORIGIN = Origin(weights_sha256="ab" * 32, codec="none", data="patterns", fmr=0.05)


@pytest.fixture
def persons(
    detector: SpeechDetector, encoder: Encoder, folder_of_voices: Callable[..., Path]
) -> Callable[[int], list[Person]]:
    def heard(count: int) -> list[Person]:
        return heard_persons(
            labelled_recordings([folder_of_voices(count, 8)]),
            Listening(detector=detector, codec=Codec.NONE),
            encoder,
            settings=SETTINGS,
            progress=lambda _done, _total: None,
        )

    return heard


def test_too_few_strangers_promise_no_false_match_rate(
    persons: Callable[[int], list[Person]], encoder: Encoder
) -> None:
    with pytest.raises(TooFewTrials, match=r"rate of 0\.0001 needs 30000 comparisons of strangers"):
        learn(persons(12), encoder, replace(ORIGIN, fmr=1e-4), SETTINGS)


def test_a_calibration_says_what_it_was_learned_from(
    persons: Callable[[int], list[Person]], encoder: Encoder, tmp_path: Path
) -> None:
    calibration = learn(persons(12), encoder, ORIGIN, SETTINGS)

    assert (calibration.encoder, calibration.weights_sha256) == ("pattern-0", "ab" * 32)
    assert (calibration.shortest_net_ms, calibration.longest_net_ms) == (1500, 3000)
    assert (calibration.target_trials, calibration.impostor_trials) == (72, 792)
    assert (calibration.speakers, calibration.codec, calibration.fmr) == (12, "none", 0.05)
    write_calibration(calibration, tmp_path / "c.json")
    kept = read_calibration(tmp_path / "c.json", encoder=encoder.id, weights_sha256="ab" * 32)
    assert kept == calibration


def test_at_the_threshold_no_length_passes_more_strangers_than_promised(
    persons: Callable[[int], list[Person]], encoder: Encoder
) -> None:
    heard = persons(12)
    calibration = learn(heard, encoder, ORIGIN, SETTINGS)

    assert calibration.reject_below <= 0.0
    assert calibration.disagree_below <= 0.0
    for trials in enrolled_trials(heard, SETTINGS):
        impostor, target = (
            np.array([calibration.llr(score, trials.net_ms) for score in scores])
            for scores in (trials.impostor, trials.target)
        )
        assert np.mean(impostor >= calibration.threshold) <= 0.05
        assert np.mean(target < calibration.reject_below) <= 0.01
        assert np.mean(target) > 0 > np.mean(impostor)
