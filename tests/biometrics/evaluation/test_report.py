"""The command that measures an encoder."""

import json
import shutil
from pathlib import Path

import pytest

from biometrics.encoders.known import own_encoders
from biometrics.evaluation.card import with_figures
from biometrics.evaluation.report import main

ROOT = Path(__file__).parents[3]
OWN = list(own_encoders().values())[-1]
SPEECH = ROOT.parent / "shared" / "speech" / "eval" / "librispeech_test-other"


def test_a_set_without_a_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["folder"])
    assert "must be NAME=DIR" in capsys.readouterr().err


def test_an_encoder_without_calibration_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([f"mine={tmp_path}", "--encoder", str(tmp_path)]) == 1
    assert "is missing" in capsys.readouterr().err


def test_a_missing_set_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "evaluation.json"

    assert main([f"mine={tmp_path / 'absent'}", "--out", str(out)]) == 1
    assert capsys.readouterr().err == "The folder of recordings is missing.\n"
    assert not out.exists()


def test_an_encoder_is_measured_and_its_card_is_filled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = tmp_path / "encoder"
    shutil.copytree(OWN, weights)
    folder = tmp_path / "voices"
    for person in sorted(SPEECH.glob("*"))[:4]:
        (folder / person.name).mkdir(parents=True)
        for file in sorted(person.iterdir())[:5]:
            (folder / person.name / file.name).symlink_to(file)
    if not folder.exists():
        pytest.skip("No real speech beside the checkout: ../shared/speech is missing.")

    assert main([f"few={folder}", "--encoder", str(weights), "--quick", "--workers", "1"]) == 0

    figures = json.loads((weights / "evaluation.json").read_text(encoding="utf-8"))
    pairs = figures["sets"]["few"]["first_3_s_all_pairs"]
    assert (pairs["target_trials"], pairs["impostor_trials"], pairs["failures"]) == (40, 150, 0)
    assert {"codec", "noise"} <= {part["kind"] for part in pairs["parts"]}
    card = (weights / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert with_figures(card, figures["sets"]) == card
    assert "| few | gsm |" in card
    assert "few: " in capsys.readouterr().err
