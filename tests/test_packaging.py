"""The wheel, and the wheel made of the sdist, away from the checkout."""

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from ivr.models import find, local_folders
from ivr.settings import Settings

ROOT = Path(__file__).parents[1]
PARTS = ("ivr", "biometrics")
PIP = (sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", "--no-input")

SDIST = "import sys; from setuptools.build_meta import build_sdist; build_sdist(sys.argv[1])"


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """What the command printed; it must have gone well."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    done = subprocess.run(  # noqa: S603 - pip, our interpreter, our own code
        list(map(str, command)), cwd=cwd, env=kept | environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def wheel_of(source: Path, to: Path) -> Path:
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", to)
    run(*PIP, "wheel", *options, source, cwd=to)
    return next(to.glob("*.whl"))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a wheel is made of, copied: building leaves nothing in the checkout."""
    copy = tmp_path_factory.mktemp("source")
    for name in PARTS:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, copy)
    return copy


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel_of(source, tmp_path_factory.mktemp("wheel"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """The wheel in an environment that has this one's libraries, and nothing of the checkout."""

    environment: Path
    away: Path
    """Where commands are run."""

    models: Path
    """The folder that whisper-base lies in."""

    def ivr(self, *words: str | Path) -> str:
        return self.python("-m", "ivr", *words)

    def python(self, *words: str | Path) -> str:
        return self._run(self.environment / "bin" / "python", "-I", *words)

    def script(self, *words: str) -> str:
        return self._run(self.environment / "bin" / "ivr", *words)

    def _run(self, *command: str | Path) -> str:
        home = self.away / "home"
        return run(*command, cwd=self.away, IVR_HOME=str(home), IVR_MODELS=str(self.models))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder, settings = tmp_path_factory.mktemp("installed"), Settings()
    whisper = find("whisper-base", home=settings.home, local_folders=local_folders(None))
    if whisper is None:
        pytest.skip("whisper-base is not installed: ivr models pull whisper-base")
    environment, away = folder / "environment", folder / "away"
    away.mkdir()
    if (settings.home / "intents").is_dir():  # packs need not be learned again
        shutil.copytree(settings.home / "intents", away / "home" / "intents")
    venv.create(environment, symlinks=True)
    python = environment / "bin" / "python"
    run(*PIP, "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=away)
    packages = next((environment / "lib").glob("python*/site-packages"))
    # A line of a .pth adds a folder, and does not follow that folder's own to the checkout.
    (packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return Installed(environment=environment, away=away, models=whisper.parent)


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    """Packs, prompts, policies, templates, pages, weights and consent texts among them."""
    with zipfile.ZipFile(wheel) as packed:
        inside = {name for name in packed.namelist() if name.startswith(PARTS)}
    lying = {
        str(path.relative_to(ROOT))
        for part in PARTS
        for path in (ROOT / part).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert len(lying) > 500
    assert inside == lying


def test_the_sdist_makes_the_same_wheel(source: Path, wheel: Path, tmp_path: Path) -> None:
    run(sys.executable, "-c", SDIST, tmp_path, cwd=source)

    again = wheel_of(next(tmp_path.glob("*.tar.gz")), tmp_path)

    assert _content(again) == _content(wheel)


def _content(wheel: Path) -> dict[str, int]:
    with zipfile.ZipFile(wheel) as packed:
        return {one.filename: one.CRC for one in packed.infolist()}


def test_nothing_is_taken_from_the_checkout(installed: Installed) -> None:
    said = installed.python("-c", "import ivr, biometrics, sys; print(ivr.__file__, *sys.path)")

    assert str(installed.environment) in said
    assert str(ROOT) not in said.replace(sysconfig.get_path("purelib"), "")


def test_both_ways_to_start_it_know_the_commands(installed: Installed) -> None:
    said = installed.ivr("--help")

    assert "doctor" in said
    assert _commands(installed.script("--help")) == _commands(said)


def _commands(help_text: str) -> str:
    return help_text.partition("Commands")[2]


def test_the_doctor_finds_it_well(installed: Installed) -> None:
    said = installed.ivr("doctor")

    assert "telephone-ecapa-1" in said


def test_rules_are_tried_with_the_packaged_policy(installed: Installed) -> None:
    said = installed.ivr("rules", "try", "--age", "70", "--lang", "en")

    assert "senior" in said


def test_a_recorded_call_is_answered(installed: Installed) -> None:
    recording = ROOT / "audio_fixtures" / "klaus-flight.wav"

    said = installed.ivr("call", recording, "--from", "+4989123456", "--json")

    assert '"rebook_flight"' in said
