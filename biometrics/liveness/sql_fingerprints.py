"""Fingerprints in a database, through SQLAlchemy. Nothing else in this room imports it."""

import struct
from datetime import datetime
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
    String,
    Table,
    delete,
    insert,
    select,
)
from sqlalchemy.schema import Index

from biometrics.errors import StoreUnavailable
from biometrics.liveness.fingerprint import Fingerprint
from biometrics.liveness.kept import MOST_KEPT, MOST_VISITS, Kept, Visit
from biometrics.liveness.line_sound import LineSound
from biometrics.liveness.sealing import Sealing, Unsealed
from biometrics.storage.database import aware, make_missing, open_engine, plain, reading, writing
from biometrics.voiceprint import SubjectId

_DAMAGED = "A fingerprint in the store is damaged; forget the voice and enrol it again."

_METADATA = MetaData()
_KEPT = Table(
    "voice_fingerprints",
    _METADATA,
    Column("number", Integer, primary_key=True),
    Column("subject", String, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("heard_at", DateTime, nullable=False),
)
_VISITS = Table(
    "voice_visits",
    _METADATA,
    Column("number", Integer, primary_key=True),
    Column("subject", String, nullable=False),
    Column("began_at", DateTime, nullable=False),
    Column("ended_at", DateTime, nullable=False),
)
Index("voice_fingerprints_subject", _KEPT.c.subject)
Index("voice_visits_subject", _VISITS.c.subject)

_HEAD = struct.Struct("<32sHB5f")
"""Digest, frames, whether the line is known, and its five edges; words and speech marks follow."""


class SqlFingerprints:
    """Fingerprints in SQLite or PostgreSQL. Every thread and process may use the same database."""

    def __init__(self, database: str | Engine, *, sealing: Sealing | None = None) -> None:
        """Open `database`, an SQLAlchemy address or engine, and create the tables if they are new.

        With `sealing`, rows stand under names that tell nobody the subject, and hold nothing that
        can be read once the subject's key is destroyed.

        Raises:
            StoreUnavailable: it cannot be opened or the tables not be created.
        """
        self._engine = open_engine(database)
        self._sealing = sealing or Unsealed()
        with writing(self._engine) as connection:
            make_missing(connection, _KEPT, _VISITS)

    def kept(self, subject: SubjectId) -> tuple[Kept, ...]:
        newest = _newest(_KEPT, self._sealing.row(subject))
        with reading(self._engine) as connection:
            rows = connection.execute(newest).all()
        if not rows:
            return ()
        unseal = self._sealing.opener(subject)
        opened = [(unseal(row.record), row.heard_at) for row in rows]
        return tuple(_read(plain, heard_at) for plain, heard_at in opened if plain is not None)

    def keep(self, subject: SubjectId, recording: Kept) -> None:
        record = self._sealing.seal(subject, _written(recording))
        row = self._sealing.row(subject)
        values = {"subject": row, "record": record, "heard_at": plain(recording.heard_at)}
        with writing(self._engine) as connection:
            connection.execute(insert(_KEPT).values(values))
            _thin(connection, _KEPT, row, MOST_KEPT)

    def visited(self, subject: SubjectId, visit: Visit) -> tuple[Visit, ...]:
        row = self._sealing.row(subject)
        values = {
            "subject": row,
            "began_at": plain(visit.began_at),
            "ended_at": plain(visit.ended_at),
        }
        with writing(self._engine) as connection:
            earlier = connection.execute(_newest(_VISITS, row)).all()
            connection.execute(insert(_VISITS).values(values))
            _thin(connection, _VISITS, row, MOST_VISITS)
        return tuple(
            Visit(began_at=aware(one.began_at), ended_at=aware(one.ended_at)) for one in earlier
        )

    def forget(self, subject: SubjectId) -> bool:
        row = self._sealing.row(subject)
        with writing(self._engine) as connection:
            gone = [
                connection.execute(delete(table).where(table.c.subject == row)).rowcount
                for table in (_KEPT, _VISITS)
            ]
        return sum(gone) > 0


def _newest(table: Table, row: str) -> Any:  # noqa: ANN401 - SQLAlchemy's own type
    return select(table).where(table.c.subject == row).order_by(table.c.number.desc())


def _thin(connection: Connection, table: Table, row: str, most: int) -> None:
    """Forget all but the newest `most`."""
    numbers = select(table.c.number).where(table.c.subject == row)
    newest = connection.scalars(numbers.order_by(table.c.number.desc()).limit(most)).all()
    older = table.c.number < min(newest)
    connection.execute(delete(table).where(table.c.subject == row, older))


def _written(recording: Kept) -> bytes:
    edges = recording.line.edges_db if recording.line else (0.0,) * 5
    words, is_spoken = recording.fingerprint.words, recording.fingerprint.is_spoken
    head = _HEAD.pack(recording.digest, len(words), recording.line is not None, *edges)
    return head + words.astype("<u4").tobytes() + np.packbits(is_spoken).tobytes()


def _read(plain: bytes, heard_at: datetime) -> Kept:
    try:
        digest, frames, has_line, *edges = _HEAD.unpack_from(plain)
        words = np.frombuffer(plain, "<u4", frames, _HEAD.size).astype(np.uint32)
        marks = np.frombuffer(plain, np.uint8, (frames + 7) // 8, _HEAD.size + 4 * frames)
        is_spoken = np.unpackbits(marks, count=frames).astype(np.bool_)
    except (struct.error, ValueError) as err:
        raise StoreUnavailable(_DAMAGED) from err
    return Kept(
        digest=digest,
        fingerprint=Fingerprint(words=words, is_spoken=is_spoken),
        line=LineSound(edges_db=tuple(edges)) if has_line else None,
        heard_at=aware(heard_at),
    )
