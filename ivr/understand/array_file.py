"""Arrays that can be computed again, kept on disk to save the time."""

import contextlib
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


def read_arrays(file: Path) -> dict[str, NDArray[Any]]:
    """Every array of the file by its name; none when there is no file or it is damaged."""
    try:
        with file.open("rb") as opened, np.load(opened, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        _log.warning("A cache file cannot be read and is made anew.")
        return {}


def write_arrays(file: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Whole or not at all, as another process may be reading; a full disk only costs time."""
    unfinished = None
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, suffix=".tmp", delete=False) as out:
            unfinished = Path(out.name)
            np.savez(out, allow_pickle=False, **dict(arrays))
        unfinished.replace(file)
    except OSError:
        _log.warning("A cache file cannot be written; the next start is slow again.")
        if unfinished:
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)
