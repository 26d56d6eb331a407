"""Master keys that a program of the operator's uses for us, such as the client of a KMS or HSM."""

import base64
import binascii
import json
import shlex
import subprocess
from typing import Any

from biometrics.errors import KeysUnavailable
from biometrics.vault.cipher import KEY_BYTES
from biometrics.vault.master_keys import Wrapped

_TIMEOUT_S = 5


class CommandKeys:
    """Asks a program, once an answer: one JSON object in, one out. The master key stays outside.

    `{"do": "id"}` is answered `{"master": ID}`, the key that wraps from now on;
    `{"do": "wrap", "key": BASE64, "context": TEXT}` with `{"master": ID, "wrapped": BASE64}`;
    `{"do": "unwrap", "master": ID, "wrapped": BASE64, "context": TEXT}` with `{"key": BASE64}`.
    The context is opaque and the same for both; a KMS may bind the key to it. What the program
    writes to its standard error is not repeated.
    """

    def __init__(self, command: str, *, timeout_s: float = _TIMEOUT_S) -> None:
        try:
            self._words = shlex.split(command)
        except ValueError as err:
            raise KeysUnavailable("IVR_KEYS__COMMAND is no command line.") from err
        self._timeout_s = timeout_s

    @property
    def current(self) -> str:
        return str(self._ask({"do": "id"}, "master")["master"])

    def wrap(self, key: bytes, *, bound_to: bytes) -> Wrapped:
        question = {"do": "wrap", "key": _text(key), "context": bound_to.hex()}
        answer = self._ask(question, "master", "wrapped")
        return Wrapped(master=str(answer["master"]), key=_bytes(answer["wrapped"]))

    def unwrap(self, wrapped: Wrapped, *, bound_to: bytes) -> bytes:
        question = {
            "do": "unwrap",
            "master": wrapped.master,
            "wrapped": _text(wrapped.key),
            "context": bound_to.hex(),
        }
        key = _bytes(self._ask(question, "key")["key"])
        if len(key) != KEY_BYTES:
            raise KeysUnavailable(_WRONG)
        return key

    def start(self) -> None:
        """The key management makes them."""

    def renew(self) -> None:
        raise KeysUnavailable(
            "Everything is wrapped by the key management's current key. Make a new one current "
            "there, and rotate again."
        )

    def retire(self, *, keep: str) -> bool:
        del keep
        return False

    def _ask(self, question: dict[str, str], *wanted: str) -> dict[str, Any]:
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own program, without a shell
                self._words,
                input=json.dumps(question).encode(),
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=self._timeout_s,
                check=True,
            )
            answer = json.loads(done.stdout)
        except _FAILURES as err:
            raise KeysUnavailable(_SILENT) from err
        if not isinstance(answer, dict) or not all(answer.get(name) for name in wanted):
            raise KeysUnavailable(_WRONG)
        return answer


_FAILURES = (OSError, IndexError, subprocess.SubprocessError, ValueError, RecursionError)

_SILENT = "The key management command gave no answer; check IVR_KEYS__COMMAND and its permissions."
_WRONG = "The key management command gave an answer that cannot be used."


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _bytes(text: object) -> bytes:
    try:
        return base64.b64decode(str(text), validate=True)
    except (binascii.Error, ValueError) as err:
        raise KeysUnavailable(_WRONG) from err
