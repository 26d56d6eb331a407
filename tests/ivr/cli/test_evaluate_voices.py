"""`ivr evaluate voices` as an operator runs it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr.cli import app
from ivr.errors import BadTestSet
from ivr.settings import Settings

ROOT = Path(__file__).parents[3]
SPEECH = ROOT.parent / "shared" / "speech" / "eval" / "librispeech_test-other"
RUNNER = CliRunner()


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Three people with four recordings each."""
    persons = sorted(SPEECH.glob("*"))[:3]
    if not persons:
        pytest.skip("No real speech beside the checkout: ../shared/speech is missing.")
    for person in persons:
        (tmp_path / "people" / person.name).mkdir(parents=True)
        for file in sorted(person.iterdir())[:4]:
            (tmp_path / "people" / person.name / file.name).symlink_to(file)
    return tmp_path / "people"


def test_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    done = RUNNER.invoke(app, ["evaluate", "voices", str(tmp_path / "absent")])

    assert isinstance(done.exception, BadTestSet)
    assert done.exception.sentence == "The folder of recordings is missing."


def test_figures_that_cannot_be_written_are_one_sentence(people: Path, tmp_path: Path) -> None:
    target = str(tmp_path / "absent" / "figures.json")
    done = RUNNER.invoke(app, ["evaluate", "voices", str(people), "--json", target, "--quick"])

    assert isinstance(done.exception, BadTestSet)
    assert "cannot be written" in done.exception.sentence


def test_one_run_gives_a_table_figures_a_page_and_its_trials(people: Path, tmp_path: Path) -> None:
    files = {kind: tmp_path / f"out.{kind}" for kind in ("json", "html", "tsv")}
    done = RUNNER.invoke(
        app,
        [
            *("evaluate", "voices", str(people), "--quick", "--encoder", "campplus"),
            *("--encoder", Settings().encoder, "--enrol", "2", "--json", str(files["json"])),
            *("--html", str(files["html"]), "--write-trials", str(files["tsv"])),
        ],
        env={"IVR_HOME": str(tmp_path / "home"), "COLUMNS": "120"},
    )

    assert done.exit_code == 0, done.output
    assert "ivr models pull campplus" in done.output
    figures = json.loads(files["json"].read_text(encoding="utf-8"))
    assert (figures["target_trials"], figures["impostor_trials"]) == (6, 12)
    assert (figures["failure_to_enrol"], figures["enrolments"]) == (0, 3)
    page = files["html"].read_text(encoding="utf-8")
    assert "campplus</b> took no part" in page
    lines = files["tsv"].read_text(encoding="utf-8").splitlines()
    assert len(lines) == 18
    assert all(line.split("\t")[0].count(",") == 1 for line in lines)
