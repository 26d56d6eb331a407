"""`ivr evaluate words` and `non-speech` as an operator runs them."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr.cli import app
from ivr.errors import BadTestSet, ModelMissing
from ivr.wiring import House

FIXTURES = Path(__file__).parents[3] / "audio_fixtures"
RUNNER = CliRunner()
FIGURES = {"wer", "p50_ms", "p95_ms", "turns", "rejected"}


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """One German sentence."""
    file = tmp_path / "list.tsv"
    file.write_text(f"{FIXTURES / 'klaus-yes.wav'}\tJa, genau. Deswegen rufe ich an.\n", "utf-8")
    return file


@pytest.fixture
def whisper() -> None:
    try:
        House.from_environment().words.recogniser_of("whisper")
    except ModelMissing as missing:
        pytest.skip(missing.sentence)


def test_an_unknown_condition_is_one_sentence(listed: Path) -> None:
    done = RUNNER.invoke(
        app, ["evaluate", "words", str(listed), "--lang", "de", "--condition", "sunshine"]
    )

    assert isinstance(done.exception, BadTestSet)
    assert "office20" in done.exception.sentence


def test_an_unknown_codec_is_one_sentence(listed: Path) -> None:
    done = RUNNER.invoke(app, ["evaluate", "words", str(listed), "--lang", "de", "--codec", "mp3"])

    assert isinstance(done.exception, BadTestSet)


@pytest.mark.usefixtures("whisper")
def test_one_engine_on_one_line_gives_the_bare_figures(listed: Path, tmp_path: Path) -> None:
    target = tmp_path / "figures.json"

    done = RUNNER.invoke(
        app,
        [
            *("evaluate", "words", str(listed), "--lang", "de"),
            *("--engine", "whisper", "--codec", "gsm", "--json", str(target)),
        ],
    )

    assert done.exit_code == 0, done.output
    figures = json.loads(target.read_text("utf-8"))
    assert set(figures) == FIGURES
    assert (figures["turns"], figures["rejected"]) == (1, 0)


@pytest.mark.usefixtures("whisper")
def test_conditions_stand_beside_each_other(listed: Path, tmp_path: Path) -> None:
    target = tmp_path / "figures.json"

    done = RUNNER.invoke(
        app,
        [
            *("evaluate", "words", str(listed), "--lang", "de", "--engine", "whisper"),
            *("--condition", "office10", "--condition", "angry", "--json", str(target)),
        ],
    )

    assert done.exit_code == 0, done.output
    figures = json.loads(target.read_text("utf-8"))
    assert {condition: set(found) for condition, found in figures["whisper"].items()} == {
        "office10": FIGURES,
        "angry": FIGURES,
    }
    assert "office10" in done.output


@pytest.mark.usefixtures("whisper")
def test_sound_without_speech_is_shown_by_kind(tmp_path: Path) -> None:
    target = tmp_path / "figures.json"

    done = RUNNER.invoke(app, ["evaluate", "non-speech", "--minutes", "1", "--json", str(target)])

    assert done.exit_code == 0, done.output
    assert "network tones" in done.output
    figures = json.loads(target.read_text("utf-8"))
    assert figures["rate"] == 0.0
    assert figures["minutes"] >= 1
    assert {"kind", "stretches", "detected", "invented"} == set(figures["kinds"][0])
