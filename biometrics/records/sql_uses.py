"""Last uses in a database, through SQLAlchemy. Nothing else in this package imports it."""

from datetime import datetime

from sqlalchemy import Column, DateTime, Engine, MetaData, String, Table, delete, select

from biometrics.records.uses import COARSE
from biometrics.storage.database import (
    aware,
    insert_or,
    make_missing,
    open_engine,
    plain,
    reading,
    writing,
)
from biometrics.voiceprint import SubjectId

_USES = Table(
    "voiceprint_uses",
    MetaData(),
    Column("subject", String, primary_key=True),
    Column("at", DateTime, nullable=False),
)


class SqlUses:
    """Uses in SQLite or PostgreSQL. Every thread and process may use the same ones."""

    def __init__(self, database: str | Engine) -> None:
        """Open `database`, an SQLAlchemy address or engine, and create the table if it is new.

        Raises:
            StoreUnavailable: it cannot be opened or the table not be created.
        """
        self._engine = open_engine(database)
        with writing(self._engine) as connection:
            make_missing(connection, _USES)

    def note(self, subject: SubjectId, now: datetime) -> None:
        last = self.last(subject)
        if last is not None and now - last < COARSE:
            return
        added = insert_or(self._engine, _USES).values(subject=subject, at=plain(now))
        newer = added.on_conflict_do_update(
            index_elements=[_USES.c.subject],
            set_={"at": added.excluded["at"]},
            where=_USES.c["at"] < added.excluded["at"],
        )
        with writing(self._engine) as connection:
            connection.execute(newer)

    def last(self, subject: SubjectId) -> datetime | None:
        query = select(_USES.c["at"]).where(_USES.c.subject == subject)
        with reading(self._engine) as connection:
            at = connection.execute(query).scalar()
        return aware(at)

    def idle_since(self, moment: datetime) -> tuple[SubjectId, ...]:
        query = select(_USES.c.subject).where(_USES.c["at"] <= plain(moment))
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(_USES.c.subject)).all()
        return tuple(SubjectId(row.subject) for row in rows)

    def forget(self, subject: SubjectId) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(_USES).where(_USES.c.subject == subject))
