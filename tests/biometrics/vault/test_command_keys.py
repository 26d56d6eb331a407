"""A key management's client as its own program."""

import sys
from pathlib import Path

import pytest

from biometrics import KeysUnavailable
from biometrics.vault.command_keys import CommandKeys
from biometrics.vault.master_keys import Wrapped

KMS = """
import base64, json, sys
asked = json.load(sys.stdin)
match asked["do"]:
    case "id":
        answer = {"master": "arn:kms/1"}
    case "wrap":
        key = base64.b64decode(asked["key"])
        wrapped = bytes.fromhex(asked["context"]) + b"|" + key[::-1]
        answer = {"master": "arn:kms/1", "wrapped": base64.b64encode(wrapped).decode()}
    case "unwrap":
        context, _, key = base64.b64decode(asked["wrapped"]).partition(b"|")
        if context.hex() != asked["context"] or asked["master"] != "arn:kms/1":
            sys.exit("refused, and the secret is hunter2")
        answer = {"key": base64.b64encode(key[::-1]).decode()}
print(json.dumps(answer))
"""


def program(folder: Path, text: str, *, timeout_s: float = 20) -> CommandKeys:
    file = folder / "a kms.py"
    file.write_text(text)
    return CommandKeys(f"{sys.executable} '{file}'", timeout_s=timeout_s)


@pytest.mark.parametrize("command", ["/no/such/program", "'", " "])
def test_a_command_that_is_none_is_refused(command: str) -> None:
    with pytest.raises(KeysUnavailable, match="IVR_KEYS__COMMAND"):
        _ = CommandKeys(command).current


@pytest.mark.parametrize(
    "text",
    [
        "",
        "print('ok')",
        "print('[]')",
        "print('{}')",
        """print('{"key": 7}')""",
        """print('{"key": "not base64"}')""",
        """print('{"key": "AAAA"}')""",
        "import sys; sys.exit(3)",
    ],
)
def test_an_answer_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(KeysUnavailable, match="key management command"):
        program(tmp_path, text).unwrap(Wrapped(master="m", key=b"w"), bound_to=b"row")


def test_waiting_for_an_answer_is_bounded(tmp_path: Path) -> None:
    with pytest.raises(KeysUnavailable, match="gave no answer"):
        _ = program(tmp_path, "import time; time.sleep(60)", timeout_s=0.2).current


def test_what_the_program_complains_of_is_not_repeated(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    keys = program(tmp_path, KMS)
    wrapped = keys.wrap(b"k" * 32, bound_to=b"row")

    with pytest.raises(KeysUnavailable) as refusal:
        keys.unwrap(wrapped, bound_to=b"another row")

    assert "hunter2" not in str(refusal.value) + "".join(capfd.readouterr())


def test_the_program_wraps_and_unwraps(tmp_path: Path) -> None:
    keys = program(tmp_path, KMS)
    wrapped = keys.wrap(b"k" * 32, bound_to=b"row")

    assert (keys.current, wrapped.master) == ("arn:kms/1", "arn:kms/1")
    assert keys.unwrap(wrapped, bound_to=b"row") == b"k" * 32
