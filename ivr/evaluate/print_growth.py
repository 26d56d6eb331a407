"""What it costs to find and compare one voiceprint among ever more of them."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np

from biometrics import EncoderId, SubjectId, Voiceprint
from biometrics.encoder import unit
from biometrics.score import score
from biometrics.storage.sql_store import SqlStore
from biometrics.vault.key_file import FileKeys
from biometrics.vault.sql_register import SqlRegister
from biometrics.vault.vault import Vault

SIZES = (1_000, 10_000, 100_000, 1_000_000)

_ENCODER = EncoderId("measured")
_DIMENSION = 192
_PEOPLE = 100
"""Whose voiceprints are really looked for."""

_TIMES = 400
_COPIED = {
    "prints.db": ("sealed_voiceprints", ("sealed",)),
    "keys.db": ("voice_keys", ("state", "master", "wrapped", "fingerprint")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintTime:
    """One number of voiceprints."""

    prints: int
    median_ms: float
    """To find one by its subject, open what seals it and compare it with a voice."""

    p95_ms: float
    database_mb: float
    """Of the voiceprints and of their keys."""


def measure_prints(
    sizes: Sequence[int] = SIZES, *, people: int = _PEOPLE, times: int = _TIMES
) -> tuple[PrintTime, ...]:
    """The same store in SQLite, filled up to each size with copies that belong to nobody."""
    chance = np.random.default_rng(11)
    with TemporaryDirectory() as name, _store(Path(name)) as store:
        folder, subjects = Path(name), [SubjectId(f"s-{n}") for n in range(people)]
        for subject in subjects:
            store.put(_print(subject, chance))
        return tuple(_measured(folder, store, size, subjects, times) for size in sizes)


def _measured(
    folder: Path, store: SqlStore, size: int, subjects: Sequence[SubjectId], times: int
) -> PrintTime:
    for database, (table, columns) in _COPIED.items():
        _fill(folder / database, table, columns, size)
    chance = np.random.default_rng(size)
    heard = unit(chance.standard_normal(_DIMENSION, dtype=np.float32))
    took_ms = []
    for subject in chance.choice(subjects, times):
        begun = perf_counter()
        found = store.get(SubjectId(str(subject)))
        assert isinstance(found, Voiceprint)  # noqa: S101 - it was put there above
        score(found, heard, encoder=_ENCODER)
        took_ms.append(1_000 * (perf_counter() - begun))
    return PrintTime(
        prints=size,
        median_ms=median(took_ms),
        p95_ms=float(np.percentile(took_ms, 95)),
        database_mb=sum((folder / name).stat().st_size for name in _COPIED) / 1e6,
    )


def _fill(database: Path, table: str, columns: Sequence[str], size: int) -> None:
    """Copies of one row under ids drawn at random until there are so many."""
    names = ", ".join(columns)
    copies = (
        f"WITH RECURSIVE more(n) AS (SELECT count(*) + 1 FROM {table} UNION ALL "  # noqa: S608 - names from above
        f"SELECT n + 1 FROM more WHERE n < ?) INSERT INTO {table} (row, {names}) "
        f"SELECT lower(hex(randomblob(32))), {names} FROM more, "
        f"(SELECT {names} FROM {table} LIMIT 1)"
    )
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(copies, (size,))


@contextmanager
def _store(folder: Path) -> Iterator[SqlStore]:
    register = SqlRegister(f"sqlite:///{folder / 'keys.db'}")
    vault = Vault(FileKeys(folder / "master.key"), register)
    store = SqlStore(f"sqlite:///{folder / 'prints.db'}", vault)
    try:
        yield store
    finally:
        store.close()
        register.close()


def _print(subject: SubjectId, chance: np.random.Generator) -> Voiceprint:
    return Voiceprint(
        subject=subject,
        encoder=_ENCODER,
        vector=unit(chance.standard_normal(_DIMENSION, dtype=np.float32)),
        net_speech_ms=20_000,
        recordings=3,
        enrolled_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
