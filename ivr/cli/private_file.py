"""A file that holds something personal."""

import os
from pathlib import Path

from ivr.errors import DiskReadOnly


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner may read; one that is there is left alone.

    Raises:
        DiskReadOnly: it is there already, or may not be written.
    """
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as err:
        raise DiskReadOnly(f"{path} is there already; name another file.") from err
    except OSError as err:
        raise DiskReadOnly(f"{path} cannot be written.") from err
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
