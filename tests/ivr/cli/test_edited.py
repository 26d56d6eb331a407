"""`ivr edited`: engineers publish files, see the history and go back."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr.cli import app
from ivr.decide import policy
from ivr.errors import EditRefused, UnknownDocument, UnknownVersion


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IVR_HOME", str(tmp_path / "home"))


def rules(tmp_path: Path, old: str, new: str) -> str:
    file = tmp_path / "mine.yaml"
    text = Path(policy.__file__).with_name("policy.yaml").read_text("utf-8")
    file.write_text(text.replace(old, new, 1), "utf-8")
    return str(file)


def test_what_is_wrong_is_refused_with_its_line(tmp_path: Path) -> None:
    wrong = rules(tmp_path, "priority: 90", "priority: 900")

    done = CliRunner().invoke(app, ["edited", "publish", "policy.yaml", wrong, "-m", "x"])
    assert isinstance(done.exception, EditRefused)
    lines = Path(wrong).read_text("utf-8").splitlines()
    line = 1 + next(place for place, text in enumerate(lines) if "priority: 900" in text)
    assert done.exception.sentence.startswith(f"line {line}: policy.yaml: priority_rules.0.")

    other = CliRunner().invoke(app, ["edited", "publish", "passwd", wrong, "-m", "x"])
    assert isinstance(other.exception, UnknownDocument)
    assert isinstance(CliRunner().invoke(app, ["edited", "back", "7"]).exception, UnknownVersion)


def test_a_file_is_published_and_taken_back(tmp_path: Path) -> None:
    run = CliRunner().invoke
    assert "Nothing was published." in run(app, ["edited", "history"]).output
    better = rules(tmp_path, "priority: 90", "priority: 91")

    done = run(app, ["edited", "publish", "policy.yaml", better, "-m", "Care first"])
    assert done.output == "Published as version 1. A running service takes it over.\n"
    assert "policy.yaml                  edited" in run(app, ["edited", "list"]).output
    assert "operator  Care first" in run(app, ["edited", "history"]).output
    assert run(app, ["edited", "back", "0"]).output == "Published as version 2.\n"
    assert "policy.yaml                  as it came" in run(app, ["edited", "list"]).output
