"""From folders of recordings to a calibration file, and the one that comes with the encoder."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biometrics import (
    Calibration,
    Codec,
    Encoder,
    Listening,
    SpeechDetector,
    TooFewTrials,
    read_calibration,
)
from biometrics.calibration.calibrate import Taught, Teaching, calibrate, write_learned
from biometrics.calibration.cohort import Cohort
from biometrics.calibration.learn import Origin
from biometrics.encoders.known import load_encoder, own_encoders

ORIGIN = Origin(weights_sha256="ab" * 32, data="patterns", fmr=0.05)


@pytest.fixture
def teach(
    detector: SpeechDetector, encoder: Encoder, calibration: Calibration
) -> Callable[..., Taught]:
    def taught(*folders: Path, lines: tuple[str, ...] = ("mulaw",), **changed: object) -> Taught:
        listening = Listening(detector=detector, codec=Codec.NONE)
        teaching = Teaching(folders=folders, lines=dict.fromkeys(lines, listening))
        return calibrate(
            replace(teaching, **changed),  # type: ignore[arg-type]
            encoder,
            ORIGIN,
            before=calibration,
            progress=lambda done, total: done <= total,
        )

    return taught


def test_a_folder_that_is_missing_is_named(teach: Callable[..., Taught], tmp_path: Path) -> None:
    with pytest.raises(TooFewTrials, match="The folder of recordings is missing"):
        teach(tmp_path / "absent")


def test_too_few_people_are_refused_with_how_many_are_needed(
    teach: Callable[..., Taught], folder_of_voices: Callable[..., Path]
) -> None:
    with pytest.raises(TooFewTrials, match=r"needs 60 pairs of different people \(12 people\)"):
        teach(folder_of_voices(4, 8))


def test_a_calibration_is_worth_what_people_held_out_say(
    teach: Callable[..., Taught], folder_of_voices: Callable[..., Path], tmp_path: Path
) -> None:
    taught = teach(folder_of_voices(14, 8), lines=("mulaw", "trunk"))

    proof = taught.proof
    assert proof is not None
    assert proof.before is not None
    assert proof.after.cllr < proof.before.cllr
    assert proof.after.min_cllr <= proof.after.cllr
    assert [each.net_ms for each in proof.errors] == [1500, 3000, 5000]
    assert taught.pairs_left_out == {}
    written = write_learned(taught.learned, tmp_path / "c.json")
    kept = read_calibration(tmp_path / "c.json", encoder=written.encoder, weights_sha256="ab" * 32)
    assert kept == written
    assert [profile.channel for profile in kept.profiles] == ["mulaw", "trunk", "pooled"]


def test_a_cohort_that_is_used_is_kept_beside_the_calibration(
    teach: Callable[..., Taught], folder_of_voices: Callable[..., Path], tmp_path: Path
) -> None:
    learned = teach(folder_of_voices(14, 8)).learned
    cohort = Cohort(
        encoder=learned.calibration.encoder,
        weights_sha256="ab" * 32,
        vectors=np.full((30, 4), 0.5, dtype=np.float32),
    )

    written = write_learned(
        replace(learned, cohort=cohort, calibration=replace(learned.calibration, cohort=cohort)),
        tmp_path / "c.json",
    )

    kept = read_calibration(tmp_path / "c.json", encoder=written.encoder, weights_sha256="ab" * 32)
    assert kept.cohort is not None
    assert kept.cohort.vectors.shape == (30, 4)
    assert kept.cohort_sha256 == written.cohort_sha256 != ""


every_own = pytest.mark.parametrize("own", own_encoders().values(), ids=own_encoders())


@every_own
def test_the_encoder_in_the_package_has_its_calibration(own: Path) -> None:
    encoder = load_encoder(own)

    calibration = read_calibration(
        own / "calibration.json", encoder=encoder.id, weights_sha256=encoder.weights_sha256
    )

    assert calibration.at_fmr(0.01).threshold == calibration.threshold
    assert calibration.at_fmr(0.001).threshold > calibration.threshold
    assert calibration.threshold > 0 > calibration.reject_below
    assert "pooled" in [profile.channel for profile in calibration.profiles]


@every_own
def test_the_figures_of_the_encoder_in_the_package_are_of_this_encoder(own: Path) -> None:
    figures = json.loads((own / "evaluation.json").read_text(encoding="utf-8"))

    assert figures["encoder"] == json.loads((own / "config.json").read_text("utf-8"))["id"]
