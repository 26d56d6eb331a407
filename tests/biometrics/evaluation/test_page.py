"""The page stands alone, says what it must, and trusts no name."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from biometrics import Calibration, Codec, Encoder, SpeechDetector
from biometrics.evaluation.bootstrap import Resampling
from biometrics.evaluation.lists import all_pairs
from biometrics.evaluation.page import page
from biometrics.evaluation.pictures import det, dots
from biometrics.evaluation.run import Contestant, Evaluation, Plan, evaluate
from biometrics.evaluation.scored import Scored
from biometrics.labelled import labelled_recordings

NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def evaluation(
    encoder: Encoder,
    detector: SpeechDetector,
    calibration: Calibration,
    folder_of_voices: Callable[..., Path],
) -> Evaluation:
    trials = all_pairs(labelled_recordings([folder_of_voices(4, 5)]), most=1000, seed=1)
    return evaluate(
        "<our> callers",
        trials,
        Plan(
            codec=Codec.NONE,
            breaks_down=True,
            most_tests=6,
            most_persons=2,
            resampling=Resampling(times=20),
            resampling_of_parts=Resampling(times=10),
        ),
        detector=detector,
        contestants={
            "own": Contestant(encoder=encoder, calibration=calibration),
            "bare": Contestant(encoder=encoder, calibration=None),
        },
        progress=lambda _done, _total: None,
    )


def drawn(evaluation: Evaluation) -> str:
    absent = {"gone": "get it with: ivr models pull gone"}
    return page(evaluation, thresholds={"own": 4.0}, absent=absent, now=NOW)


def test_nothing_is_fetched_from_anywhere(evaluation: Evaluation) -> None:
    text = drawn(evaluation)

    assert not re.search(r"src=|href=|url\(|@import|https?:|<script", text)
    assert "default-src 'none'" in text


def test_a_folder_s_name_is_no_markup(evaluation: Evaluation) -> None:
    text = drawn(evaluation)

    assert "<our>" not in text
    assert "&lt;our&gt; callers" in text


def test_no_person_and_no_file_is_named(evaluation: Evaluation) -> None:
    text = drawn(evaluation)

    assert not re.search(r"p0[0-3]\b|\.wav", text)


def test_what_took_no_part_is_named_with_the_way_to_get_it(evaluation: Evaluation) -> None:
    assert "<b>gone</b> took no part: get it with: ivr models pull gone" in drawn(evaluation)


def test_few_people_and_few_trials_are_admitted(evaluation: Evaluation) -> None:
    text = drawn(evaluation)

    assert "too few trials" in text
    assert "Only 4 people" in text
    assert "Rule of three" in text
    assert "not calibrated: cosines only" in text


def test_the_threshold_in_use_is_told_in_words_and_drawn(evaluation: Evaluation) -> None:
    text = drawn(evaluation)

    found = evaluation.by_encoder["own"].scored
    assert found.ratios is not None
    accepted = 100 * float(np.mean(found.ratios[found.is_target] >= 4.0))
    assert f"As it is set now, it accepts {accepted:.1f} of 100 genuine calls" in text
    assert ">accepted</text>" in text
    assert "As it is set" not in page(evaluation, thresholds={}, absent={}, now=NOW)


def test_a_curve_stays_inside_its_picture(evaluation: Evaluation) -> None:
    picture = det({name: one.scored for name, one in evaluation.by_encoder.items()})

    for points in re.findall(r'points="([^"]*)"', picture):
        for point in points.split():
            x, y = map(float, point.split(","))
            assert 0 <= x <= 560
            assert 0 <= y <= 420


def test_scores_without_any_error_can_be_drawn() -> None:
    is_target = np.arange(100) < 30
    perfect = Scored(
        is_target=is_target,
        enrolled=np.arange(100) % 5,
        tested=np.where(is_target, np.arange(100) % 5, (np.arange(100) + 1) % 5),
        cosines=np.where(is_target, 0.9, 0.1),
        ratios=None,
    )

    assert "EER 0.0 %" in det({"perfect": perfect})


def test_a_figure_that_is_not_there_has_no_dot() -> None:
    columns = {"own": [(0.1, (0.05, 0.2)), (float("nan"), None)]}

    assert dots(["a", "b"], columns).count("<circle") == 1


def test_one_encoder_alone_is_a_page_too(evaluation: Evaluation) -> None:
    alone = replace(evaluation, by_encoder={"own": evaluation.by_encoder["own"]})

    assert "How the scores lie" in drawn(alone)
