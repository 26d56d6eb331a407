"""The command that measures an encoder."""

from pathlib import Path

import pytest

from biometrics.report import main


def test_a_set_without_a_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["folder"])
    assert "must be NAME=DIR" in capsys.readouterr().err


def test_an_encoder_without_calibration_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([f"mine={tmp_path}", "--encoder", str(tmp_path)]) == 1
    assert "config.json is missing" in capsys.readouterr().err


def test_a_missing_set_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "evaluation.json"

    assert main([f"mine={tmp_path / 'absent'}", "--out", str(out)]) == 1
    assert capsys.readouterr().err == "The folder of recordings is missing.\n"
    assert not out.exists()
