"""An operator's own recordings, measured with the real encoder and detector."""

import json
import math
from dataclasses import fields
from pathlib import Path

import pytest

from biometrics import SpeechDetector, VoiceFigures, read_calibration
from biometrics.encoders.known import load_encoder
from biometrics.silero import load_silero
from ivr.errors import BadTestSet
from ivr.evaluate.voices import (
    Contestant,
    Evaluation,
    VoicesWish,
    evaluate_voices,
    figures_as_json,
)
from ivr.settings import Settings

ROOT = Path(__file__).parents[3]
OWN = ROOT / "biometrics" / "weights" / Settings().encoder
SPEECH = ROOT.parent / "shared" / "speech" / "eval" / "librispeech_test-other"


@pytest.fixture(scope="module")
def detector() -> SpeechDetector:
    return load_silero()


@pytest.fixture(scope="module")
def contestant() -> Contestant:
    encoder = load_encoder(OWN)
    calibration = read_calibration(
        OWN / "calibration.json", encoder=encoder.id, weights_sha256=encoder.weights_sha256
    )
    return Contestant(encoder=encoder, calibration=calibration)


@pytest.fixture
def four_people(tmp_path: Path) -> Path:
    """Four recordings each."""
    persons = sorted(SPEECH.glob("*"))[:4]
    if not persons:
        pytest.skip("No real speech beside the checkout: ../shared/speech is missing.")
    for person in persons:
        (tmp_path / "people" / person.name).mkdir(parents=True)
        for file in sorted(person.iterdir())[:4]:
            (tmp_path / "people" / person.name / file.name).symlink_to(file)
    return tmp_path / "people"


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        (VoicesWish(), "The folder of recordings is missing."),
        (
            VoicesWish(codec="mp3"),
            "The codec must be one of mulaw, alaw, gsm, opus, g726, none.",
        ),
        (VoicesWish(seconds=0.0), "The seconds of each recording must be more than 0."),
        (VoicesWish(seconds=math.nan), "The seconds of each recording must be more than 0."),
        (VoicesWish(seconds=math.inf), "The seconds of each recording must be more than 0."),
        (VoicesWish(enrol=0), "An enrolment needs at least one recording."),
        (VoicesWish(trials=Path("absent")), "The trial list is missing or unreadable."),
        (VoicesWish(people=Path("absent")), "The list of speakers is missing or unreadable."),
    ],
)
def test_what_cannot_be_measured_is_said_in_a_sentence(
    tmp_path: Path,
    detector: SpeechDetector,
    contestant: Contestant,
    wish: VoicesWish,
    sentence: str,
) -> None:
    with pytest.raises(BadTestSet) as refused:
        evaluate_voices(
            tmp_path / "absent", wish, detector=detector, contestants={"own": contestant}
        )
    assert refused.value.sentence == sentence


def test_the_figures_are_the_ones_that_others_rely_on() -> None:
    assert [field.name for field in fields(VoiceFigures)][:10] == [
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
    four_people: Path, detector: SpeechDetector, contestant: Contestant
) -> None:
    found = _evaluated(four_people, VoicesWish(), detector, contestant)

    figures = found.by_encoder["own"].figures
    assert (figures.target_trials, figures.impostor_trials, figures.failures) == (24, 96, 0)
    assert figures.eer < 0.2
    assert figures.cllr is not None
    assert figures.cllr < 1.0
    assert figures.fnmr_at_fmr_1e4 is None
    low, high = figures.intervals["eer"]
    assert low <= figures.eer <= high


def test_an_encoder_without_calibration_shows_its_cosines_only(
    four_people: Path, detector: SpeechDetector, contestant: Contestant
) -> None:
    bare = Contestant(encoder=contestant.encoder, calibration=None)
    found = evaluate_voices(
        four_people, VoicesWish(), detector=detector, contestants={"own": contestant, "bare": bare}
    )

    judged, cosines = (found.by_encoder[name].figures for name in ("own", "bare"))
    assert (cosines.act_dcf, cosines.cllr, cosines.act_c_primary) == (None, None, None)
    assert (cosines.eer, cosines.target_trials) == (judged.eer, judged.target_trials)


def test_a_list_that_was_written_gives_the_same_figures_again(
    four_people: Path, tmp_path: Path, detector: SpeechDetector, contestant: Contestant
) -> None:
    kept = tmp_path / "trials.tsv"
    made, read = (
        _evaluated(four_people, wish, detector, contestant).by_encoder["own"]
        for wish in (VoicesWish(enrol=2, written_trials=kept), VoicesWish(trials=kept))
    )

    assert figures_as_json(made) == figures_as_json(read)
    assert (made.figures.target_trials, made.figures.impostor_trials) == (8, 24)


def test_figures_can_be_written_as_json(
    four_people: Path, detector: SpeechDetector, contestant: Contestant
) -> None:
    found = _evaluated(four_people, VoicesWish(), detector, contestant)

    read = json.loads(json.dumps(figures_as_json(found.by_encoder["own"])))
    assert read["eer"] == found.by_encoder["own"].figures.eer
    assert read["parts"] == []


def _evaluated(
    folder: Path, wish: VoicesWish, detector: SpeechDetector, contestant: Contestant
) -> Evaluation:
    return evaluate_voices(folder, wish, detector=detector, contestants={"own": contestant})
