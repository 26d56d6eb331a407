"""Encoders side by side: who is not installed is named, and nobody is made up."""

from dataclasses import replace
from pathlib import Path

import pytest

import biometrics
from biometrics import CalibrationUnusable
from ivr.errors import BadSettings, ModelMissing
from ivr.settings import Settings
from ivr.wiring.contestants import contestants
from ivr.wiring.judging import calibration_file
from ivr.wiring.places import Places

OWN = Settings().encoder
WEIGHTS = Path(biometrics.__file__).with_name("weights")


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(replace(Settings(), home=tmp_path))


def test_an_encoder_that_there_is_not_is_refused(places: Places) -> None:
    with pytest.raises(BadSettings, match="names no encoder"):
        contestants(places, ["best-ever"])


def test_nobody_to_measure_is_refused(places: Places) -> None:
    with pytest.raises(ModelMissing, match="campplus"):
        contestants(places, ["campplus"])


def test_an_own_calibration_that_does_not_fit_is_never_passed_over(places: Places) -> None:
    own = calibration_file(places.settings, contestants(places, []).present[OWN].encoder.id)
    own.parent.mkdir(parents=True)
    own.write_text("{}", encoding="utf-8")

    with pytest.raises(CalibrationUnusable):
        contestants(places, [OWN])


def test_who_is_not_installed_is_named_with_the_way_to_get_it(places: Places) -> None:
    field = contestants(places, [OWN, "campplus", OWN])

    assert list(field.present) == [OWN]
    assert "ivr models pull campplus" in field.absent["campplus"]


def test_without_names_the_encoder_of_the_calls_takes_part(places: Places) -> None:
    field = contestants(places, [])

    calibration = field.present[OWN].calibration
    assert calibration is not None
    assert field.thresholds == {OWN: calibration.threshold}
    assert field.absent == {}


def test_an_encoder_without_a_calibration_takes_part_uncalibrated(
    places: Places, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bare = tmp_path / "weights" / OWN
    bare.mkdir(parents=True)
    for name in ("config.json", "model.safetensors"):
        (bare / name).symlink_to(WEIGHTS / OWN / name)
    monkeypatch.setattr("biometrics.encoders.known.own_encoders", lambda: {OWN: bare})

    field = contestants(places, [OWN])

    assert field.present[OWN].calibration is None
    assert field.thresholds == {}
