"""The encoder against the usual one."""

from pathlib import Path

import pytest

from biometrics.encoders.graph import multiplies_halves
from biometrics.encoders.known import own_encoders
from biometrics.encoders.speed import USUAL
from ivr.errors import BadTestSet
from ivr.evaluate.speed import EncoderSpeeds, Speed, evaluate_speed


def test_an_encoder_that_cannot_be_loaded_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadTestSet, match=r"config\.json is missing"):
        evaluate_speed(tmp_path)


def test_a_share_is_one_of_medians() -> None:
    ours = Speed(name="ours", least_ms=1.0, median_ms=5.0)
    usual = Speed(name=USUAL, least_ms=39.0, median_ms=50.0)

    assert EncoderSpeeds(measured=(ours, usual)).share_of_usual(ours) == pytest.approx(0.1)


@pytest.mark.skipif(
    not multiplies_halves(), reason="this processor does not multiply half precision natively"
)
def test_our_encoder_takes_an_eighth_of_the_usual_ones_time_at_most() -> None:
    """Measured on a shared machine: a 20th to a 25th. Least times, since others run here too."""
    name, folder = max(own_encoders().items())

    measured = {speed.name: speed for speed in evaluate_speed(folder).measured}

    assert set(measured) == {f"{name}, openvino", f"{name}, torch", USUAL}
    assert measured[f"{name}, openvino"].least_ms * 8 <= measured[USUAL].least_ms
