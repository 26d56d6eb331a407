"""How strict the house is, on which line, by whose calibration."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biometrics import (
    Calibration,
    CalibrationUnusable,
    Coefficients,
    EncoderId,
    write_calibration,
)
from biometrics.calibration.profile import Profile
from biometrics.calibration.strangers import strangers
from ivr.settings import Settings, VerifySettings
from ivr.wiring.judging import accepting, calibration_file, calibration_of

ENCODER = EncoderId("pattern-0")
WEIGHTS = "ab" * 32
RULE = Coefficients(score=20.0, score_log_net=0.0, log_net=0.0, offset=-10.0)


def calibration(data: str = "shipped", *, weights: str = WEIGHTS) -> Calibration:
    """A thousand strangers from -10 to 9.98, of seven hundred pairs of people."""
    table = strangers(np.arange(1000) / 50 - 10, net_ms=1500, pairs=700)
    profile = Profile(
        channel="mulaw",
        coefficients=RULE,
        pair_coefficients=RULE,
        usual_snr_db=20.0,
        strangers=(table,),
        reject_below=-2.0,
        disagree_below=-3.0,
        target_trials=100,
        impostor_trials=1000,
    )
    return Calibration(
        encoder=ENCODER,
        weights_sha256=weights,
        coefficients=RULE,
        pair_coefficients=RULE,
        shortest_net_ms=1500,
        longest_net_ms=8000,
        fmr=0.05,
        threshold=4.0,
        reject_below=-2.0,
        disagree_below=-3.0,
        target_trials=100,
        impostor_trials=1000,
        speakers=38,
        codec="mulaw",
        data=data,
        profiles=(profile, replace(profile, channel="pooled")),
    ).on("mulaw")


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    write_calibration(calibration(), tmp_path / "shipped.json")
    return tmp_path / "shipped.json"


def own(settings: Settings, found: Calibration) -> None:
    file = calibration_file(settings, ENCODER)
    file.parent.mkdir(parents=True)
    write_calibration(found, file)


def test_a_rate_the_data_cannot_promise_is_refused() -> None:
    with pytest.raises(CalibrationUnusable, match=r"IVR_VERIFY__FMR to 0\.0043 or more"):
        accepting(calibration(), VerifySettings(fmr=0.001))


def test_without_any_calibration_nothing_is_judged(tmp_path: Path) -> None:
    with pytest.raises(CalibrationUnusable, match="has no calibration; make one with `ivr cal"):
        calibration_of(
            ENCODER, WEIGHTS, shipped=tmp_path / "absent.json", settings=Settings(home=tmp_path)
        )


def test_an_own_calibration_of_other_weights_is_refused_not_passed_over(
    shipped: Path, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path / "home")
    own(settings, calibration("own", weights="cd" * 32))

    with pytest.raises(CalibrationUnusable, match="other weights"):
        calibration_of(ENCODER, WEIGHTS, shipped=shipped, settings=settings)


def test_an_own_calibration_goes_before_the_one_that_came_with_the_encoder(
    shipped: Path, tmp_path: Path
) -> None:
    settings = Settings(home=tmp_path / "home")
    before = calibration_of(ENCODER, WEIGHTS, shipped=shipped, settings=settings)
    own(settings, calibration("own"))
    after = calibration_of(ENCODER, WEIGHTS, shipped=shipped, settings=settings)

    assert (before.data, after.data) == ("shipped", "own")


def test_one_stranger_in_a_hundred_where_nothing_is_set() -> None:
    found = accepting(calibration(), VerifySettings())

    assert (found.fmr, found.channel) == (0.01, "mulaw")
    assert found.threshold == pytest.approx(9.78, abs=0.03)


def test_a_prior_and_costs_decide_in_place_of_a_rate() -> None:
    found = accepting(
        calibration(), VerifySettings(prior=0.5, cost_false_accept=100.0, cost_false_reject=2.0)
    )

    assert found.threshold == pytest.approx(np.log(50))


def test_a_line_without_its_own_calibration_is_told() -> None:
    found = accepting(calibration(), VerifySettings(channel="satellite"))

    assert found.channel == "pooled"
    assert found.notes != ()
