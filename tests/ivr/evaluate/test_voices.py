"""An operator's own recordings, measured with the real encoder and detector."""

import math
from dataclasses import fields
from pathlib import Path

import pytest

from biometrics import Calibration, Encoder, SpeechDetector, VoiceFigures, read_calibration
from biometrics.ecapa import load_own
from biometrics.silero import load_silero
from ivr.errors import BadTestSet
from ivr.evaluate.voices import evaluate_voices

ROOT = Path(__file__).parents[3]
OWN = ROOT / "biometrics" / "weights" / "telephone-ecapa-0"
SPEECH = ROOT.parent / "shared" / "speech" / "eval" / "librispeech_test-other"


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_own(OWN)


@pytest.fixture(scope="module")
def detector() -> SpeechDetector:
    return load_silero()


@pytest.fixture(scope="module")
def calibration() -> Calibration:
    encoder = load_own(OWN)
    return read_calibration(
        OWN / "calibration.json", encoder=encoder.id, weights_sha256=encoder.weights_sha256
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({}, "The folder of recordings is missing."),
        ({"codec": "mp3"}, "The codec must be one of mulaw, alaw, gsm, none."),
        ({"seconds": 0.0}, "The seconds of each recording must be more than 0."),
        ({"seconds": math.nan}, "The seconds of each recording must be more than 0."),
        ({"seconds": math.inf}, "The seconds of each recording must be more than 0."),
    ],
)
def test_what_cannot_be_measured_is_said_in_a_sentence(  # noqa: PLR0913, PLR0917 - fixtures
    tmp_path: Path,
    encoder: Encoder,
    detector: SpeechDetector,
    calibration: Calibration,
    options: dict[str, object],
    sentence: str,
) -> None:
    with pytest.raises(BadTestSet) as refused:
        evaluate_voices(
            tmp_path / "absent",
            encoder=encoder,
            detector=detector,
            calibration=calibration,
            **options,  # type: ignore[arg-type]
        )
    assert refused.value.sentence == sentence


def test_the_figures_are_the_ones_that_others_rely_on() -> None:
    assert [field.name for field in fields(VoiceFigures)] == [
        "eer",
        "fnmr_at_fmr_1e2",
        "fnmr_at_fmr_1e3",
        "min_dcf",
        "act_dcf",
        "cllr",
        "min_cllr",
        "target_trials",
        "impostor_trials",
        "failures",
    ]


def test_real_voices_over_the_telephone_are_mostly_told_apart(
    tmp_path: Path, encoder: Encoder, detector: SpeechDetector, calibration: Calibration
) -> None:
    persons = sorted(SPEECH.glob("*"))[:4]
    if not persons:
        pytest.skip("No real speech beside the checkout: ../shared/speech is missing.")
    for person in persons:
        (tmp_path / person.name).mkdir()
        for file in sorted(person.iterdir())[:4]:
            (tmp_path / person.name / file.name).symlink_to(file)

    figures = evaluate_voices(tmp_path, encoder=encoder, detector=detector, calibration=calibration)

    assert (figures.target_trials, figures.impostor_trials, figures.failures) == (24, 96, 0)
    assert figures.eer < 0.2
    assert figures.cllr < 1.0
