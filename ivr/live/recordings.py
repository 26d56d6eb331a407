"""Recordings of calls by name, and those whose time is over."""

import re
import secrets
from datetime import datetime
from pathlib import Path

from ivr.errors import DiskReadOnly

_TIME = "%Y%m%dT%H%M%S"
_NAME = re.compile(r"(\d{8}T\d{6})-[0-9a-f]{16}\.wav")


def recording_name(at: datetime) -> str:
    """Tells when the call began, in local time, and nothing else; no two are the same."""
    return f"{at:{_TIME}}-{secrets.token_hex(8)}.wav"


def expire_recordings(folder: Path, before: datetime) -> int:
    """Delete recordings of calls that began before then; how many there were.

    `before`: aware. Nothing else in the folder is touched, and nothing below it.

    Raises:
        DiskReadOnly: the folder cannot be read, or one cannot be deleted; the others are.
    """
    try:
        old = [file for file in folder.iterdir() if _began_before(file.name, before)]
    except FileNotFoundError:
        return 0  # made with the first recording
    except OSError as err:
        raise DiskReadOnly(f"{folder} cannot be read.") from err
    kept = [file for file in old if not _is_deleted(file)]
    if kept:
        raise DiskReadOnly(f"{len(kept)} recordings in {folder} cannot be deleted.")
    return len(old)


def _began_before(name: str, before: datetime) -> bool:
    found = _NAME.fullmatch(name)
    if found is None:
        return False
    try:
        return datetime.strptime(found[1], _TIME).astimezone() < before
    except ValueError:
        return False  # a thirteenth month: none of ours


def _is_deleted(file: Path) -> bool:
    try:
        file.unlink(missing_ok=True)
    except OSError:
        return False
    return True
