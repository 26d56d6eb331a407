"""A calibration fits exactly one encoder, or judges nothing."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from biometrics import (
    Calibration,
    CalibrationUnusable,
    Coefficients,
    EncoderId,
    cosine,
    read_calibration,
    write_calibration,
)
from biometrics.calibration.cohort import Cohort, write_cohort
from biometrics.calibration.profile import Profile
from biometrics.calibration.strangers import strangers
from biometrics.encoder import unit

WEIGHTS = "ab" * 32


def rule(**parts: float) -> dict[str, float]:
    """Coefficients as a file has them."""
    names = ("score", "score_log_net", "log_net", "offset", "score_snr", "snr")
    return dict.fromkeys(names, 0.0) | parts


def table(**changed: Any) -> dict[str, object]:
    """A profile as a file has it, with one table of strangers in it."""
    usual = {"net_ms": 1500, "trials": 100, "pairs": 50, "places": [0, 10], "llrs": [3.0, 1.0]}
    return {
        "channel": "mulaw",
        "coefficients": rule(score=20, offset=-10),
        "pair_coefficients": rule(score=20, offset=-10),
        "usual_snr_db": 20,
        "strangers": [usual | changed],
        "reject_below": -2,
        "disagree_below": -3,
        "target_trials": 10,
        "impostor_trials": 100,
    }


def read(file: Path, **changed: Any) -> Calibration:
    usual: dict[str, Any] = {"encoder": EncoderId("pattern-0"), "weights_sha256": WEIGHTS}
    return read_calibration(file, **(usual | changed))


@pytest.fixture
def learned(calibration: Calibration) -> Calibration:
    """Knows a thousand strangers of seven hundred pairs, on two lines and all together."""
    table = strangers(np.arange(1000) / 1000, net_ms=1500, pairs=700)

    def profile(channel: str, score: float) -> Profile:
        line = Coefficients(score=score, score_log_net=0.0, log_net=0.0, offset=0.0)
        return Profile(
            channel=channel,
            coefficients=line,
            pair_coefficients=line,
            usual_snr_db=20.0,
            strangers=(table,),
            reject_below=-2.0,
            disagree_below=-3.0,
            target_trials=100,
            impostor_trials=1000,
        )

    lines = profile("mulaw", 3.0), profile("gsm", 4.0), profile("pooled", 2.0)
    return replace(calibration, profiles=lines).on("mulaw")


@pytest.fixture
def damaged(calibration: Calibration, tmp_path: Path) -> Callable[..., Path]:
    """A calibration file in which something is changed."""

    def written(**changed: object) -> Path:
        file = tmp_path / "calibration.json"
        write_calibration(calibration, file)
        file.write_text(json.dumps(json.loads(file.read_text()) | changed))
        return file

    return written


def test_without_a_calibration_nothing_is_judged(tmp_path: Path) -> None:
    with pytest.raises(CalibrationUnusable, match=r"no calibration; make one with"):
        read(tmp_path / "calibration.json")


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"format": 2}', "\0"])
def test_a_damaged_file_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "calibration.json"
    file.write_text(text)

    with pytest.raises(CalibrationUnusable, match="damaged"):
        read(file)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    file.write_bytes(b"\xff\xfe\xff")

    with pytest.raises(CalibrationUnusable, match="damaged"):
        read(file)


@pytest.mark.parametrize(
    "changed",
    [
        {"threshold": math.nan},
        {"threshold": math.inf},
        {"threshold": -5.0},
        {"reject_below": 5.0},
        {"fmr": 0},
        {"fmr": 1.5},
        {"shortest_net_ms": 0},
        {"shortest_net_ms": 9000},
        {"coefficients": rule(score=-1)},
        {"pair_coefficients": rule(score=1, score_log_net=-1)},
        {"coefficients": rule(score=1, score_snr=0.6)},
        {"coefficients": rule(score=math.nan)},
        {"profiles": [table(places=[1, 2])]},
        {"profiles": [table(places=[0, 0])]},
        {"profiles": [table(places=[0, 100])]},
        {"profiles": [table(llrs=[1.0, 2.0])]},
        {"profiles": [table(llrs=[math.nan, 1.0])]},
        {"profiles": [table(pairs=0)]},
    ],
)
def test_a_calibration_that_contradicts_itself_is_refused(
    damaged: Callable[..., Path], changed: dict[str, object]
) -> None:
    with pytest.raises(CalibrationUnusable, match="contradicts itself"):
        read(damaged(**changed))


@pytest.mark.parametrize("changed", [{"threshold": None}, {"coefficients": 3}, {"speakers": "x"}])
def test_a_calibration_of_wrong_types_is_refused(
    damaged: Callable[..., Path], changed: dict[str, object]
) -> None:
    with pytest.raises(CalibrationUnusable, match="damaged"):
        read(damaged(**changed))


def test_a_calibration_of_an_earlier_version_is_refused(
    damaged: Callable[..., Path], calibration: Calibration
) -> None:
    with pytest.raises(
        CalibrationUnusable, match=r"another version; make one with `ivr calibrate`"
    ):
        read(damaged(format=1))


def test_a_calibration_for_another_encoder_is_refused(damaged: Callable[..., Path]) -> None:
    with pytest.raises(CalibrationUnusable, match=r"for the encoder pattern-0, not for pattern-1"):
        read(damaged(), encoder=EncoderId("pattern-1"))


def test_a_calibration_for_other_weights_is_refused(damaged: Callable[..., Path]) -> None:
    with pytest.raises(CalibrationUnusable, match="other weights"):
        read(damaged(), weights_sha256="cd" * 32)


def test_a_folder_that_is_missing_is_named_as_a_problem(
    calibration: Calibration, tmp_path: Path
) -> None:
    with pytest.raises(CalibrationUnusable, match="could not be written"):
        write_calibration(calibration, tmp_path / "absent" / "calibration.json")


def test_what_is_written_is_read(calibration: Calibration, tmp_path: Path) -> None:
    file = tmp_path / "calibration.json"
    write_calibration(calibration, file)

    assert read(file) == calibration
    assert list(tmp_path.iterdir()) == [file]


def test_the_ratio_grows_with_score_and_length(calibration: Calibration) -> None:
    rule = Coefficients(score=10.0, score_log_net=2.0, log_net=-1.0, offset=-4.0)
    calibrated = replace(calibration, coefficients=rule)

    # 10 x 0.5 + 2 x 0.5 x ln 2 - ln 2 - 4
    assert calibrated.llr(0.5, 2000) == pytest.approx(1.0)
    # 10 + 2 ln 2 - ln 2 - 4
    assert calibrated.llr(1.0, 2000) == pytest.approx(6 + math.log(2))


def test_clear_speech_counts_for_more_and_unknown_noise_as_usual(calibration: Calibration) -> None:
    noisy = Coefficients(
        score=10.0, score_log_net=0.0, log_net=0.0, offset=0.0, score_snr=2.0, snr=-1.0
    )
    calibrated = replace(calibration, coefficients=noisy, usual_snr_db=25.0)

    # 10 x 0.8 + (2 x 0.8 - 1) x (30 - 20) / 10
    assert calibrated.llr(0.8, 2000, 30.0) == pytest.approx(8.6)
    assert calibrated.llr(0.8, 2000) == calibrated.llr(0.8, 2000, 25.0)
    assert calibrated.llr(0.8, 2000, 90.0) == calibrated.llr(0.8, 2000, 40.0)
    assert calibrated.llr(0.8, 2000, -30.0) == calibrated.llr(0.8, 2000, 0.0)
    assert calibrated.llr(0.8, 2000, math.nan) == calibrated.llr(0.8, 2000, 20.0)


def test_lengths_it_was_not_learned_from_count_as_the_nearest(calibration: Calibration) -> None:
    rule = Coefficients(score=10.0, score_log_net=2.0, log_net=-1.0, offset=-4.0)
    calibrated = replace(calibration, coefficients=rule)

    assert calibrated.llr(0.5, 100) == calibrated.llr(0.5, 1500)
    assert calibrated.llr(0.9, 60_000) == calibrated.llr(0.9, 8000)


def test_pairs_have_a_rule_of_their_own(calibration: Calibration) -> None:
    rule = Coefficients(score=5.0, score_log_net=0.0, log_net=0.0, offset=0.0)

    assert replace(calibration, pair_coefficients=rule).pair_llr(0.5, 2000) == 2.5


def test_without_comparisons_of_strangers_no_rate_is_promised(calibration: Calibration) -> None:
    with pytest.raises(CalibrationUnusable, match="holds no comparisons of strangers"):
        calibration.at_fmr(0.01)


@pytest.mark.parametrize("fmr", [0.0, 1.0, -1.0, math.nan])
def test_a_rate_that_is_none_is_refused(learned: Calibration, fmr: float) -> None:
    with pytest.raises(CalibrationUnusable, match="between 0 and 1"):
        learned.at_fmr(fmr)


def test_a_rate_the_data_cannot_promise_is_refused_with_the_smallest_it_can(
    learned: Calibration,
) -> None:
    """Seven hundred pairs of people promise 3 / 700 = 0.00429 at best, told as 0.0043."""
    with pytest.raises(CalibrationUnusable, match=r"IVR_VERIFY__FMR to 0\.0043 or more, or calib"):
        learned.at_fmr(0.004)
    assert learned.at_fmr(0.0043).fmr == 0.0043


def test_a_stricter_rate_needs_more(learned: Calibration) -> None:
    # 1000 strangers from 0.000 to 0.999 on: one in a hundred lies from 0.990 on.
    assert learned.at_fmr(0.01).threshold == pytest.approx(0.989, abs=0.0011)
    assert learned.at_fmr(0.005).threshold == pytest.approx(0.994, abs=0.0011)


@pytest.mark.parametrize(
    ("prior", "accept", "reject"),
    [(0, 1, 1), (1, 1, 1), (0.5, 0, 1), (0.5, 1, -1), (0.5, math.inf, 1)],
)
def test_costs_and_priors_that_are_none_are_refused(
    learned: Calibration, prior: float, accept: float, reject: float
) -> None:
    with pytest.raises(CalibrationUnusable, match="prior lies between 0 and 1"):
        learned.at_odds(prior, cost_false_accept=accept, cost_false_reject=reject)


def test_a_prior_and_costs_give_the_threshold_of_bayes(learned: Calibration) -> None:
    found = learned.at_odds(0.9, cost_false_accept=90.0, cost_false_reject=2.0)

    assert found.threshold == pytest.approx(math.log(0.1 / 0.9 * 90 / 2))
    assert found.fmr == 3 / 700  # nobody came so high, so what the data can promise


def test_whoever_is_accepted_is_not_rejected(learned: Calibration) -> None:
    found = learned.at_odds(0.999)

    assert found.threshold < -2.0
    assert found.reject_below == found.threshold


def test_a_line_that_nobody_calibrated_counts_as_all_lines_together_and_says_so(
    learned: Calibration,
) -> None:
    found = learned.on("carrier-pigeon")

    assert found.channel == "pooled"
    assert found.llr(0.5, 2000) == 1.0
    assert found.notes == (
        "This kind of line has no calibration of its own; that of all lines is used.",
    )


def test_a_line_has_its_own_rule_and_keeps_the_promised_rate(learned: Calibration) -> None:
    found = learned.on("gsm")

    assert (found.channel, found.notes, found.fmr) == ("gsm", (), 0.01)
    assert found.llr(0.5, 2000) == 2.0
    assert found.threshold == found.at_fmr(0.01).threshold


def test_a_calibration_that_knows_no_line_is_refused(calibration: Calibration) -> None:
    with pytest.raises(CalibrationUnusable, match="knows no kind of line"):
        calibration.on("mulaw")


def test_a_cohort_that_is_missing_is_refused(damaged: Callable[..., Path]) -> None:
    with pytest.raises(CalibrationUnusable, match="cohort is missing"):
        read(damaged(cohort_sha256="ef" * 32))


def test_scores_are_normalised_only_with_a_cohort(calibration: Calibration, tmp_path: Path) -> None:
    rng = np.random.default_rng(8)
    vectors = np.stack([unit(rng.normal(size=4).astype(np.float32)) for _ in range(50)])
    cohort = Cohort(encoder=EncoderId("pattern-0"), weights_sha256=WEIGHTS, vectors=vectors)
    sha256 = write_cohort(cohort, tmp_path / "cohort.npz")
    write_calibration(replace(calibration, cohort_sha256=sha256), tmp_path / "calibration.json")
    first, second = vectors[:2]

    kept = read(tmp_path / "calibration.json")

    assert calibration.alike(first, second) == pytest.approx(float(first @ second), abs=1e-6)
    assert kept.cohort is not None
    expected = kept.cohort.normalised(cosine(first, second), first, second)
    assert kept.alike(first, second) == expected != calibration.alike(first, second)
