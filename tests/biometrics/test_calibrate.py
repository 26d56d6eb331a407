"""The command that learns a calibration, and the calibration that comes with the encoder."""

import json
from pathlib import Path

import pytest

from biometrics import read_calibration
from biometrics.calibrate import OWN, load_encoder, main


def test_a_folder_that_cannot_be_used_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "calibration.json"

    assert main([str(tmp_path / "absent"), "--out", str(out)]) == 1
    assert capsys.readouterr().err == "The folder of recordings is missing.\n"
    assert not out.exists()


def test_a_missing_encoder_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path), "--encoder", str(tmp_path)]) == 1
    assert "config.json is missing" in capsys.readouterr().err


@pytest.mark.parametrize("fmr", ["0", "1", "nan", "-1", "many"])
def test_a_rate_that_is_no_share_is_refused(
    tmp_path: Path, fmr: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([str(tmp_path), "--fmr", fmr])
    assert "--fmr" in capsys.readouterr().err


def test_the_encoder_in_the_package_has_its_calibration() -> None:
    encoder = load_encoder(OWN)

    calibration = read_calibration(
        OWN / "calibration.json", encoder=encoder.id, weights_sha256=encoder.weights_sha256
    )

    assert calibration.fmr == 0.01
    assert calibration.speakers == 160
    assert calibration.threshold > 0 > calibration.reject_below


def test_the_figures_of_the_encoder_in_the_package_are_of_this_encoder() -> None:
    figures = json.loads((OWN / "evaluation.json").read_text(encoding="utf-8"))

    assert figures["encoder"] == "telephone-ecapa-0"
    assert set(figures["sets"]) == {
        "librispeech_test-other",
        "speechocean762",
        "speech_commands",
    }
