"""Master keys in a file that only its owner may read."""

import os
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from biometrics.errors import KeysUnavailable
from biometrics.vault.cipher import new_key
from biometrics.vault.master_keys import GivenKeys, Wrapped, key_id, printed, read_key

try:
    import fcntl
except ImportError:  # Windows: there two rotations at once must be avoided by hand
    fcntl = None  # type: ignore[assignment]

_HEAD = (
    "# Master keys of voiceprints, the current one first. Keep a copy where no copy of the\n"
    "# databases is. Without this file no voiceprint can be read again.\n"
)
_MOST_BYTES = 65_536
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class FileKeys:
    """Master keys in a file, newest first.

    The file is looked at for every key, so that each process notices when another one rotates.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = Lock()
        self._seen: tuple[object, GivenKeys] | None = None

    @property
    def current(self) -> str:
        return self._read().current

    def wrap(self, key: bytes, *, bound_to: bytes) -> Wrapped:
        return self._read().wrap(key, bound_to=bound_to)

    def unwrap(self, wrapped: Wrapped, *, bound_to: bytes) -> bytes:
        return self._read().unwrap(wrapped, bound_to=bound_to)

    def start(self) -> None:
        if self._file.exists():
            return
        with self._changing():
            part = _written(self._file, [new_key()])
            try:
                # A link is refused where a file is: no key is ever replaced by a first one.
                os.link(part, self._file)
            except FileExistsError:
                pass
            finally:
                part.unlink()

    def renew(self) -> None:
        with self._changing():
            _written(self._file, [new_key(), *self._read().keys]).replace(self._file)

    def retire(self, *, keep: str) -> bool:
        with self._changing():
            keys = self._read().keys
            oldest = [key_id(key) for key in keys].index(keep) + 1
            if oldest < len(keys):
                _written(self._file, keys[:oldest]).replace(self._file)
            return oldest < len(keys)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Alone among processes, on the disk afterwards, and failures in our words."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            folder = os.open(self._file.parent, os.O_RDONLY) if os.name == "posix" else None
            try:
                if folder is not None and fcntl is not None:
                    fcntl.flock(folder, fcntl.LOCK_EX)
                yield
                if folder is not None:
                    # The name lives in the folder: a power cut could lose it otherwise.
                    os.fsync(folder)
            finally:
                if folder is not None:
                    os.close(folder)
        except OSError as err:
            raise KeysUnavailable(f"The master key cannot be written to {self._file}.") from err

    def _read(self) -> GivenKeys:
        with self._lock:
            try:
                with self._file.open("rb") as file:
                    status = os.fstat(file.fileno())
                    _check_private(status, self._file)
                    stamp = (status.st_ino, status.st_mtime_ns, status.st_size)
                    if self._seen is None or self._seen[0] != stamp:
                        self._seen = stamp, _keys(file.read(_MOST_BYTES), self._file)
                    return self._seen[1]
            except OSError as err:
                raise KeysUnavailable(
                    f"The master key file {self._file} cannot be read; put it back from its copy, "
                    "or set IVR_KEYS__FILE to where it is. No new key is made."
                ) from err


def _check_private(status: os.stat_result, file: Path) -> None:
    # Windows has no such bits: there the folder's access list must keep others out.
    if os.name == "posix" and status.st_mode & _OTHERS:
        raise KeysUnavailable(
            f"Others may read the master key file {file}; run: chmod 600 {file}. "
            "If somebody may have read it, run `ivr keys rotate` after that."
        )


def _keys(data: bytes, file: Path) -> GivenKeys:
    damaged = f"The master key file {file} is damaged; put it back from its copy."
    try:
        lines = data.decode("ascii").splitlines()
        keys = tuple(read_key(line) for line in lines if line.strip() and line[0] != "#")
    except (UnicodeDecodeError, KeysUnavailable) as err:
        raise KeysUnavailable(damaged) from err
    if not keys:
        raise KeysUnavailable(damaged)
    return GivenKeys(keys)


def _written(file: Path, keys: Sequence[bytes]) -> Path:
    """A file beside `file`, on the disk, that only its owner may read: mkstemp makes it so."""
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    with os.fdopen(handle, "w", encoding="ascii") as part:
        part.write(_HEAD + "".join(f"{printed(key)}\n" for key in keys))
        part.flush()
        os.fsync(part.fileno())
    return Path(name)
