"""What a thief finds in the files: nothing of a voice, and not whose it is."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from fakes.vaults import vault_in

from biometrics import (
    Collected,
    Collecting,
    EncoderId,
    Learned,
    ProvenBy,
    SubjectId,
    Voiceprint,
)
from biometrics.storage.database import open_engine
from biometrics.storage.sql_store import SqlStore
from biometrics.vault.cipher import derived
from biometrics.vault.secret_axes import turned
from biometrics.vault.vault import Opened, Vault

SUBJECT = SubjectId("s-klaus-4989123456")
REFUSER = SubjectId("s-erna-4989654321")
ENCODER = EncoderId("telephone-pattern-0")
WEIGHTS = "ab" * 32
OTHER_ENCODER = EncoderId("telephone-pattern-1")
LATER = np.random.default_rng(4).normal(size=192).astype(np.float32)
COLLECTED = np.random.default_rng(5).normal(size=192).astype(np.float32)
VECTOR = np.random.default_rng(3).normal(size=192).astype(np.float32)
NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return vault_in(tmp_path)


@pytest.fixture(params=["delete", "wal"])
def store(request: pytest.FixtureRequest, tmp_path: Path, vault: Vault) -> Iterator[SqlStore]:
    engine = open_engine(f"sqlite:///{tmp_path / 'rufwerk.db'}")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA journal_mode = {request.param}")
    opened = SqlStore(engine, vault)
    print_of = Voiceprint(
        subject=SUBJECT,
        encoder=ENCODER,
        weights_sha256=WEIGHTS,
        vector=VECTOR,
        net_speech_ms=12_345,
        recordings=3,
        enrolled_at=datetime(2026, 5, 20, 12, tzinfo=UTC),
    )
    opened.put(print_of)
    opened.put(replace(print_of, vector=-VECTOR))
    opened.learn(SUBJECT, taught)
    opened.opt_out(REFUSER)
    yield opened
    opened.close()


def taught(kept: Learned) -> Learned:
    """Something of every kind that calls can teach."""
    call = Collected(vector=COLLECTED, net_ms=23_456, at=NOW, proven_by=ProvenBy.EARLIER_ENCODER)
    return Learned(
        following=replace(kept.following, later=LATER, later_net_ms=34_567, calls=2, share=0.3),
        collecting=Collecting(
            subject=SUBJECT,
            expired=ENCODER,
            encoder=OTHER_ENCODER,
            weights_sha256="cd" * 32,
            calls=(call,),
        ),
    )


def files(folder: Path) -> dict[str, bytes]:
    """Every byte on the disk: databases, logs, and a backup as SQLite makes one."""
    source, copy = (sqlite3.connect(folder / name) for name in ("rufwerk.db", "backup.sqlite"))
    source.backup(copy)
    source.close()
    copy.close()
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def secrets(vault: Vault) -> dict[str, bytes]:
    opened = vault.find(SUBJECT)
    assert isinstance(opened, Opened)
    axes = derived(opened.keys[0], purpose="axes of the voice")
    hidden, learned = (turned(one.astype(np.float64), axes) for one in (VECTOR, COLLECTED))
    vectors = {
        f"{name} as {kind}": numbers.astype(kind).tobytes()[:64]
        for name, numbers in (
            ("vector", VECTOR),
            ("earlier", -VECTOR),
            ("turned", hidden),
            ("later", LATER),
            ("collected", COLLECTED),
            ("collected, turned", learned),
        )
        for kind in ("<f8", "<f4", "<f2", ">f8", ">f4", ">f2")
    }
    words = {word: word.encode() for word in (SUBJECT, REFUSER, "4989123456", "klaus", "erna")}
    told = (ENCODER, OTHER_ENCODER, WEIGHTS, "cd" * 32, "2026-05-20", "2026-06-01", "12345")
    facts = {word: word.encode() for word in (*told, "23456", "34567", "earlier_encoder")}
    return vectors | words | facts | {"data key": opened.keys[0]}


def test_no_file_holds_a_vector_a_subject_or_a_key(
    store: SqlStore, vault: Vault, tmp_path: Path
) -> None:
    found = files(tmp_path)

    assert {"rufwerk.db", "keys.db", "backup.sqlite"} <= set(found)
    assert [
        (name, what)
        for name, data in found.items()
        for what, secret in secrets(vault).items()
        if secret in data
    ] == []


def test_the_search_would_find_them(store: SqlStore, vault: Vault, tmp_path: Path) -> None:
    """The same search over a file that does hold them, so that the test above can fail."""
    told = secrets(vault)
    (tmp_path / "plain").write_bytes(b" ".join(told.values()))

    data = files(tmp_path)["plain"]

    assert len(told) == 52
    assert all(secret in data for secret in told.values())


def test_the_key_of_an_erased_voice_is_in_no_file(
    store: SqlStore, vault: Vault, tmp_path: Path
) -> None:
    entry = vault._register.find(vault.row(SUBJECT))
    wrapped = entry.keys[0].key  # type: ignore[union-attr]
    assert wrapped in files(tmp_path)["keys.db"]

    store.erase(SUBJECT, at=NOW)

    assert [name for name, data in files(tmp_path).items() if wrapped in data] == []
