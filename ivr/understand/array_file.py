"""Arrays that can be computed again, kept on disk to save the time."""

import contextlib
import hashlib
import io
import logging
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_log = logging.getLogger(__name__)

_DIGEST_BYTES = hashlib.sha256().digest_size


def read_arrays(file: Path) -> dict[str, NDArray[Any]]:
    """Every array of the file by its name; none when there is no file or it is not as written."""
    try:
        content = file.read_bytes()
        digest, packed = content[:_DIGEST_BYTES], content[_DIGEST_BYTES:]
        if digest != _digest(file, packed):
            raise ValueError  # noqa: TRY301 - like everything else that is no such file
        with np.load(io.BytesIO(packed), allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        _log.warning("A cache file cannot be read and is made anew.")
        return {}


def write_arrays(file: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Whole or not at all, as another process may be reading; a full disk only costs time."""
    unfinished = None
    packed = io.BytesIO()
    np.savez(packed, allow_pickle=False, **dict(arrays))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".tmp", delete=False) as out:
            unfinished = Path(out.name)
            out.write(_digest(file, packed.getvalue()) + packed.getvalue())
        unfinished.replace(file)
    except OSError:
        _log.warning("A cache file cannot be written; the next start is slow again.")
        if unfinished:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)


def _digest(file: Path, packed: bytes) -> bytes:
    """Of the name too: what another file holds is not what this one is to hold."""
    return hashlib.sha256(file.name.encode() + b"\0" + packed).digest()
