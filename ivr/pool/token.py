"""What workers and pool show each other. Ray lets whoever reaches it run anything."""

import os
import secrets
from pathlib import Path

from ivr.errors import BadSettings

_OTHERS = 0o077
_LEAST = 32
"""Characters: of 64 different ones that is more than 128 bits."""


def make_token(file: Path) -> None:
    """A new one where there is none; only its owner may read it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        opened = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(opened, "w") as out:
        out.write(secrets.token_urlsafe(48))


def check_token(file: Path) -> None:
    """Raises BadSettings: there is none, others may read it, or it can be guessed."""
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            token = opened.read().strip()
    except OSError as err:
        raise BadSettings(
            f"The pool's token {file} cannot be read. Ray runs whatever it is sent, so nobody asks "
            "a pool without one: copy the file from the machine where `ivr pool serve` made it."
        ) from err
    if os.name == "posix" and mode & _OTHERS:
        raise BadSettings(f"Others may read the pool's token {file}; run: chmod 600 {file}.")
    if len(token) < _LEAST:
        raise BadSettings(f"The pool's token {file} must have {_LEAST} characters or more.")
