"""A calibration fits exactly one encoder, or judges nothing."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from biometrics import (
    Calibration,
    CalibrationUnusable,
    Coefficients,
    EncoderId,
    read_calibration,
    write_calibration,
)

WEIGHTS = "ab" * 32


def read(file: Path, **changed: Any) -> Calibration:
    usual: dict[str, Any] = {"encoder": EncoderId("pattern-0"), "weights_sha256": WEIGHTS}
    return read_calibration(file, **(usual | changed))


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


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"encoder": "pattern-0"}', "\0"])
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
        {"coefficients": {"score": -1, "score_log_net": 0, "log_net": 0, "offset": 0}},
        {"pair_coefficients": {"score": 1, "score_log_net": -1, "log_net": 0, "offset": 0}},
        {"coefficients": {"score": math.nan, "score_log_net": 0, "log_net": 0, "offset": 0}},
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


def test_lengths_it_was_not_learned_from_count_as_the_nearest(calibration: Calibration) -> None:
    rule = Coefficients(score=10.0, score_log_net=2.0, log_net=-1.0, offset=-4.0)
    calibrated = replace(calibration, coefficients=rule)

    assert calibrated.llr(0.5, 100) == calibrated.llr(0.5, 1500)
    assert calibrated.llr(0.9, 60_000) == calibrated.llr(0.9, 8000)


def test_pairs_have_a_rule_of_their_own(calibration: Calibration) -> None:
    rule = Coefficients(score=5.0, score_log_net=0.0, log_net=0.0, offset=0.0)

    assert replace(calibration, pair_coefficients=rule).pair_llr(0.5, 2000) == 2.5
