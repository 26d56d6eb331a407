"""Arrays that can be computed again, kept on disk to save the time."""

import contextlib
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

from ivr.whole_files import with_digest, without_digest

_log = logging.getLogger(__name__)


def read_arrays(file: Path) -> dict[str, NDArray[Any]]:
    """Every array of the file by its name; none when there is no file or it is not as written."""
    try:
        packed = without_digest(file.name, file.read_bytes())
        if packed is None:
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
            out.write(with_digest(file.name, packed.getvalue()))
        unfinished.replace(file)
    except OSError:
        _log.warning("A cache file cannot be written; the next start is slow again.")
        if unfinished:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
