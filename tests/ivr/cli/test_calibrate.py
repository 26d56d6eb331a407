"""`ivr calibrate` refuses what it cannot promise, in one sentence."""

from pathlib import Path

import pytest

from ivr.cli.calibrate import calibrate
from ivr.errors import BadSettings


@pytest.mark.parametrize("fmr", [0.0, 1.0, -0.5, float("nan")])
def test_a_rate_that_is_no_share_is_refused(tmp_path: Path, fmr: float) -> None:
    with pytest.raises(BadSettings, match="--fmr must lie between 0 and 1"):
        calibrate([tmp_path], fmr=fmr)


@pytest.mark.parametrize("speakers", ["a", "half:c", "half", "third:a"])
def test_a_half_that_is_none_is_refused(tmp_path: Path, speakers: str) -> None:
    with pytest.raises(BadSettings, match="--speakers must be half:a or half:b"):
        calibrate([tmp_path], speakers=speakers)
