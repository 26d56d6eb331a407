"""One evaluation: the same trials for everybody, taken apart, nothing dropped in silence."""

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
    SpeechDetector,
    TooFewTrials,
)
from biometrics.evaluation.bootstrap import Resampling
from biometrics.evaluation.lists import all_pairs, enrolled_against_rest
from biometrics.evaluation.people import About
from biometrics.evaluation.run import Contestant, Evaluation, Plan, evaluate
from biometrics.labelled import labelled_recordings

PLAN = Plan(
    codec=Codec.NONE,
    longest_ms=None,
    most_tests=12,
    resampling=Resampling(times=30),
    resampling_of_parts=Resampling(times=10),
)
PEOPLE = {f"p{n:02}": About(age=8 if n < 4 else 30, sex="f" if n % 2 else "m") for n in range(8)}


@pytest.fixture
def evaluated(
    encoder: Encoder, detector: SpeechDetector, calibration: Calibration
) -> Callable[..., Evaluation]:
    def run(folder: Path, plan: Plan = PLAN, *, each: int = 1, **changed: Any) -> Evaluation:
        recordings = labelled_recordings([folder])
        trials = (
            all_pairs(recordings, most=10_000, seed=1)
            if each == 1
            else enrolled_against_rest(recordings, each=each, seed=1)
        )
        usual: dict[str, Any] = {
            "detector": detector,
            "contestants": {
                "own": Contestant(encoder=encoder, calibration=calibration),
                "bare": Contestant(encoder=encoder, calibration=None),
            },
            "progress": lambda _done, _total: None,
        }
        return evaluate("voices", trials, plan, **(usual | changed))

    return run


def test_a_calibration_for_another_encoder_is_refused(
    evaluated: Callable[..., Evaluation],
    folder_of_voices: Callable[..., Path],
    encoder: Encoder,
    calibration: Calibration,
) -> None:
    foreign = replace(calibration, encoder=EncoderId("pattern-1"))

    with pytest.raises(CalibrationUnusable):
        evaluated(
            folder_of_voices(2, 2),
            contestants={"own": Contestant(encoder=encoder, calibration=foreign)},
        )


def test_recordings_of_silence_have_no_figures(
    evaluated: Callable[..., Evaluation], folder_of_voices: Callable[..., Path]
) -> None:
    with pytest.raises(TooFewTrials, match="No recording"):
        evaluated(folder_of_voices(2, 2, seconds=0.2))


def test_who_cannot_be_heard_counts_as_refused(
    evaluated: Callable[..., Evaluation], folder_of_voices: Callable[..., Path]
) -> None:
    folder = folder_of_voices(4, 5)
    for name in ("p00/00.wav", "p01/01.wav"):
        (folder / name).write_bytes(b"no sound")

    figures = evaluated(folder).by_encoder["own"].figures

    # Every recording is enrolled; every one but the first is tested.
    assert (figures.failure_to_enrol, figures.enrolments) == (2, 20)
    assert (figures.failure_to_acquire, figures.tests) == (1, 19)
    assert figures.failures == 2
    one = figures.with_failures[0]
    fta, fte = 1 / 19, 2 / 20
    assert one.far == pytest.approx(0.01 * (1 - fta))
    assert one.frr == pytest.approx(fta + figures.fnmr_at_fmr_1e2 * (1 - fta))
    assert one.gfar == pytest.approx(one.far * (1 - fte))
    assert one.gfrr == pytest.approx(fte + (1 - fte) * one.frr)


def test_a_person_whose_recording_fails_is_not_enrolled_from_the_others(
    evaluated: Callable[..., Evaluation], folder_of_voices: Callable[..., Path]
) -> None:
    folder = folder_of_voices(3, 4)
    for file in sorted((folder / "p00").iterdir())[:3]:
        file.write_bytes(b"no sound")

    figures = evaluated(folder, each=2).by_encoder["own"].figures

    assert (figures.failure_to_enrol, figures.enrolments) == (1, 3)
    assert figures.failure_to_enrol_rate == pytest.approx(1 / 3)


def test_a_rate_that_the_trials_cannot_show_is_not_shown(
    evaluated: Callable[..., Evaluation], folder_of_voices: Callable[..., Path]
) -> None:
    figures = evaluated(folder_of_voices(3, 3)).by_encoder["own"].figures

    assert figures.fnmr_at_fmr_1e4 is None
    assert "fnmr_at_fmr_1e4" not in figures.intervals
    assert figures.intervals["eer"][0] <= figures.eer <= figures.intervals["eer"][1]


def test_without_a_calibration_nothing_is_said_of_ratios(
    evaluated: Callable[..., Evaluation], folder_of_voices: Callable[..., Path]
) -> None:
    found = evaluated(folder_of_voices(3, 4)).by_encoder
    bare, own = found["bare"].figures, found["own"].figures

    assert (bare.act_dcf, bare.cllr, bare.act_dcf_5e3, bare.act_c_primary) == (None,) * 4
    assert (bare.eer, bare.target_trials, bare.impostor_trials) == (
        own.eer,
        own.target_trials,
        own.impostor_trials,
    )
    assert own.act_c_primary == pytest.approx(((own.act_dcf or 0) + (own.act_dcf_5e3 or 0)) / 2)


def test_several_recordings_tell_a_voice_better_than_one(
    evaluated: Callable[..., Evaluation], folder_of_voices: Callable[..., Path]
) -> None:
    folder = folder_of_voices(6, 9, spread=0.8)
    one, three = (evaluated(folder, each=each).by_encoder["bare"].figures for each in (1, 3))

    assert three.eer < one.eer


def test_it_is_taken_apart_by_people_lines_noise_and_length(
    evaluated: Callable[..., Evaluation], folder_of_voices: Callable[..., Path]
) -> None:
    plan = replace(PLAN, breaks_down=True, people=PEOPLE)
    parts = evaluated(folder_of_voices(8, 8), plan).by_encoder["own"].parts

    labels: dict[str, list[str]] = {}
    for part in parts:
        labels.setdefault(part.kind, []).append(part.label)
    assert labels["sex"] == ["men and boys", "women and girls"]
    assert labels["age"] == ["0-11", "18-39"]
    assert [label for label in labels["codec"] if "enrolled" not in label] == list(Codec)
    assert "none enrolled, gsm heard" in labels["codec"]
    assert labels["noise"] == ["none added", "20 dB", "15 dB", "10 dB", "5 dB"]
    assert labels["speech, enrolled from three"] == ["1 s", "2 s", "3 s", "5 s", "10 s"]
    by_label = {part.label: part for part in parts}
    # Within one sex: four people with eight recordings, 8 x 7 / 2 pairs each.
    assert by_label["men and boys"].target_trials == 4 * 28
    assert by_label["men and boys"].impostor_trials == 6 * 64


def test_too_few_trials_give_counts_and_no_rates(
    evaluated: Callable[..., Evaluation], folder_of_voices: Callable[..., Path]
) -> None:
    plan = replace(PLAN, people=PEOPLE)
    (part, *_) = evaluated(folder_of_voices(4, 3), plan).by_encoder["own"].parts

    assert (part.target_trials, part.eer, part.target_accepted) == (6, None, None)


def test_a_breakdown_hears_no_more_recordings_than_asked(
    evaluated: Callable[..., Evaluation], folder_of_voices: Callable[..., Path]
) -> None:
    plan = replace(PLAN, breaks_down=True, most_tests=6, most_persons=2)
    told: list[tuple[int, int]] = []
    found = evaluated(
        folder_of_voices(3, 8), plan, progress=lambda done, total: told.append((done, total))
    )

    codecs = [part for part in found.by_encoder["own"].parts if part.kind == "codec"]
    assert {part.target_trials + part.impostor_trials for part in codecs} == {15}
    assert told[-1][0] == told[-1][1]
    # All once; six under five further codecs; the five of them that are tested in four noises; two
    # persons for two encoders.
    assert told[-1][1] == 24 + 6 * 5 + 5 * 4 + 2 * 2


def test_workers_change_nothing(
    evaluated: Callable[..., Evaluation], folder_of_voices: Callable[..., Path]
) -> None:
    folder = folder_of_voices(3, 4)
    plan = replace(PLAN, breaks_down=True)
    alone, together = (
        evaluated(folder, replace(plan, workers=workers)).by_encoder["own"] for workers in (1, 4)
    )

    assert alone.figures == together.figures
    assert alone.parts == together.parts
