"""Voiceprints as they were kept before they were sealed: sealed in place, then destroyed."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    delete,
    inspect,
    select,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import DropTable

from biometrics.errors import StoreUnavailable, SubjectOptedOut
from biometrics.storage.database import reading, writing
from biometrics.storage.sealed_rows import SealedRows
from biometrics.vault.record import seal_voiceprint
from biometrics.vault.vault import Vault
from biometrics.voiceprint import EncoderId, SubjectId, Voiceprint

_FLOAT32 = np.dtype("<f4")
_OPTED_OUT = "opted_out"
_AT_A_TIME = 500

_PLAIN = Table(
    "voiceprints",
    MetaData(),
    Column("subject", String, primary_key=True),
    Column("status", String, nullable=False),
    Column("encoder", String),
    Column("vector", LargeBinary),
    Column("net_speech_ms", Integer),
    Column("recordings", Integer),
    Column("enrolled_at", DateTime),
)


def seal_plain_prints(rows: SealedRows, vault: Vault) -> int:
    """Seal every print of the old table and destroy the table; how many prints were sealed.

    Prints that cannot be read could prove nothing and go with it. Interrupted, it begins again.

    Raises:
        StoreUnavailable: a database cannot be written to; the old table is whole.
    """
    count = 0
    while found := _plain(rows.engine):
        sealed = dict(pair for row in found if (pair := _sealed(row, vault)))
        with writing(rows.engine) as connection:
            _overwrite_what_is_deleted(connection)
            rows.add_all(connection, sealed)
            for row in found:
                connection.execute(delete(_PLAIN).where(_PLAIN.c.subject == row.subject))
        count += len(sealed)
    if found is not None:
        _drop(rows.engine)
    return count


def _plain(engine: Engine) -> Sequence[Row[Any]] | None:
    """Some of the rows; none where the table is empty, None where there is no table."""
    with reading(engine) as connection:
        if not inspect(connection).has_table(_PLAIN.name):
            return None
        return connection.execute(select(_PLAIN).limit(_AT_A_TIME)).all()


def _drop(engine: Engine) -> None:
    with writing(engine) as connection:
        _overwrite_what_is_deleted(connection)
        connection.execute(DropTable(_PLAIN, if_exists=True))
    _give_back_the_room(engine)


def _sealed(row: Row[Any], vault: Vault) -> "tuple[Any, bytes] | None":
    subject = SubjectId(row.subject)
    if row.status == _OPTED_OUT:
        vault.refuse(subject)
        return None
    voiceprint = _read(row)
    if voiceprint is None:
        return None
    try:
        opened = vault.find_or_make(subject)
    except SubjectOptedOut:
        return None
    return opened.row, seal_voiceprint(voiceprint, opened)


def _read(row: Row[Any]) -> Voiceprint | None:
    try:
        vector = np.frombuffer(row.vector, dtype=_FLOAT32).astype(np.float32)
        enrolled_at: datetime = row.enrolled_at.replace(tzinfo=UTC)
    except (ValueError, TypeError, AttributeError):
        return None
    if not (len(vector) and np.isfinite(vector).all()):
        return None
    return Voiceprint(
        subject=SubjectId(row.subject),
        encoder=EncoderId(row.encoder),
        vector=vector,
        net_speech_ms=row.net_speech_ms,
        recordings=row.recordings,
        enrolled_at=enrolled_at,
    )


def _overwrite_what_is_deleted(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA secure_delete = ON")


def _give_back_the_room(engine: Engine) -> None:
    """Write the file anew without what was deleted, and empty a write-ahead log."""
    if engine.dialect.name != "sqlite":
        return
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for statement in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM") * 2:
                connection.exec_driver_sql(statement)
    except SQLAlchemyError as err:
        raise StoreUnavailable(
            "The voiceprints are sealed, but the file could not be tidied; free some disk space "
            "and run: sqlite3 FILE VACUUM."
        ) from err
