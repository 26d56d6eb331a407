"""Sealed records in a database, through SQLAlchemy: bytes by row, and nothing that says whose."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    select,
)

from biometrics.storage.database import insert_or, make_missing, open_engine, reading, writing
from biometrics.vault.register import Row

_METADATA = MetaData()
_PRINTS = Table(
    "sealed_voiceprints",
    _METADATA,
    Column("row", String(64), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("earlier", LargeBinary),
)
_LEARNED = Table(
    "sealed_learned",
    _METADATA,
    Column("row", String(64), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
_MARK = Table(
    "voice_vault",
    _METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("mark", LargeBinary, nullable=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What is kept of one voice."""

    sealed: bytes = field(repr=False)
    earlier: bytes | None = field(default=None, repr=False)
    """The record before it."""

    learned: bytes | None = field(default=None, repr=False)
    """What calls have taught since."""


class SealedRows:
    """The tables. Every method raises StoreUnavailable."""

    def __init__(self, database: str | Engine) -> None:
        self.engine = open_engine(database)
        with reading(self.engine) as connection:
            make_missing(connection, *_METADATA.sorted_tables)

    def mark(self) -> bytes | None:
        """Of the vault that seals this database; None before the first."""
        with reading(self.engine) as connection:
            return connection.execute(select(_MARK.c.mark)).scalar()

    def keep_mark(self, mark: bytes) -> None:
        statement = insert_or(self.engine, _MARK).values(id=1, mark=mark)
        with writing(self.engine) as connection:
            connection.execute(statement.on_conflict_do_nothing())

    def find(self, row: Row) -> Records | None:
        beside = _PRINTS.outerjoin(_LEARNED, _PRINTS.c.row == _LEARNED.c.row)
        columns = (_PRINTS.c.sealed, _PRINTS.c.earlier, _LEARNED.c.sealed.label("learned"))
        query = select(*columns).select_from(beside).where(_PRINTS.c.row == row)
        with reading(self.engine) as connection:
            found = connection.execute(query).first()
        if found is None:
            return None
        return Records(sealed=found.sealed, earlier=found.earlier, learned=found.learned)

    def keep(self, row: Row, records: Records) -> None:
        """Keep `records` in place of earlier ones, all or none."""
        with writing(self.engine) as connection:
            values = {"sealed": records.sealed, "earlier": records.earlier}
            self._put(connection, _PRINTS, row, values)
            if records.learned is None:
                connection.execute(delete(_LEARNED).where(_LEARNED.c.row == row))
            else:
                self._put(connection, _LEARNED, row, {"sealed": records.learned})

    def delete(self, row: Row) -> Records | None:
        """Delete the records of a row; what they were."""
        prints = delete(_PRINTS).where(_PRINTS.c.row == row)
        taught = delete(_LEARNED).where(_LEARNED.c.row == row)
        with writing(self.engine) as connection:
            learned = connection.execute(taught.returning(_LEARNED.c.sealed)).scalar()
            gone = connection.execute(prints.returning(_PRINTS.c.sealed, _PRINTS.c.earlier)).first()
        if gone is None:
            return None
        return Records(sealed=gone.sealed, earlier=gone.earlier, learned=learned)

    def add_all(self, connection: Connection, rows: Mapping[Row, bytes]) -> None:
        """Add rows that are not there, within a transaction of the caller's."""
        for row, sealed in rows.items():
            statement = insert_or(self.engine, _PRINTS).values(row=row, sealed=sealed)
            connection.execute(statement.on_conflict_do_nothing())

    def _put(
        self, connection: Connection, table: Table, row: Row, values: Mapping[str, bytes | None]
    ) -> None:
        statement = insert_or(self.engine, table).values(row=row, **values)
        connection.execute(
            statement.on_conflict_do_update(index_elements=[table.c.row], set_=dict(values))
        )
