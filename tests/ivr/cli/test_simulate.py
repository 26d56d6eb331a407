"""`ivr simulate`: what it refuses before any model is loaded."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr.cli import app
from ivr.cli.simulate import simulate
from ivr.errors import BadDay


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("IVR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def refusal(*options: str) -> BadDay:
    done = CliRunner().invoke(app, ["simulate", *options])
    assert isinstance(done.exception, BadDay), done.output
    return done.exception


def test_an_operators_own_folder_is_left_alone(home: Path) -> None:
    home.mkdir()
    (home / "rufwerk.db").write_bytes(b"theirs")

    assert "holds a database already" in refusal("--into", str(home)).sentence
    assert (home / "rufwerk.db").read_bytes() == b"theirs"
    assert [one.name for one in home.iterdir()] == ["rufwerk.db"]


def test_what_nobody_calls_about_cannot_rise(tmp_path: Path) -> None:
    folder = str(tmp_path / "day")

    assert "Nobody calls about lunch" in refusal("--rise", "lunch@9x3", "--into", folder).sentence
    assert "such as refund@14x3" in refusal("--rise", "more", "--into", folder).sentence


def test_other_businesses_have_no_callers(tmp_path: Path) -> None:
    assert "--pack airline" in refusal("--pack", "circus", "--into", str(tmp_path / "x")).sentence


@pytest.mark.parametrize("options", [["--calls", "0"], ["--weeks", "99"], ["--day", "tomorrow"]])
def test_numbers_and_days_are_checked(options: list[str]) -> None:
    assert CliRunner().invoke(app, ["simulate", *options]).exit_code == 2


def test_it_says_what_is_made_up() -> None:
    assert "made up" in (simulate.__doc__ or "")
