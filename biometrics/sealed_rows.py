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
from sqlalchemy.schema import CreateTable

from biometrics.database import insert_or, open_engine, reading, writing
from biometrics.vault.register import Row

_METADATA = MetaData()
_PRINTS = Table(
    "sealed_voiceprints",
    _METADATA,
    Column("row", String(64), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("earlier", LargeBinary),
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


class SealedRows:
    """The tables. Every method raises StoreUnavailable."""

    def __init__(self, database: str | Engine) -> None:
        self.engine = open_engine(database)
        with reading(self.engine) as connection:
            for table in _METADATA.sorted_tables:
                connection.execute(CreateTable(table, if_not_exists=True))

    def mark(self) -> bytes | None:
        """Of the vault that seals this database; None before the first."""
        with reading(self.engine) as connection:
            return connection.execute(select(_MARK.c.mark)).scalar()

    def keep_mark(self, mark: bytes) -> None:
        statement = insert_or(self.engine, _MARK).values(id=1, mark=mark)
        with writing(self.engine) as connection:
            connection.execute(statement.on_conflict_do_nothing())

    def find(self, row: Row) -> Records | None:
        query = select(_PRINTS.c.sealed, _PRINTS.c.earlier).where(_PRINTS.c.row == row)
        with reading(self.engine) as connection:
            found = connection.execute(query).first()
        return None if found is None else Records(sealed=found.sealed, earlier=found.earlier)

    def keep(self, row: Row, records: Records) -> None:
        """Keep `records` in place of earlier ones."""
        values = {"sealed": records.sealed, "earlier": records.earlier}
        statement = insert_or(self.engine, _PRINTS).values(row=row, **values)
        with writing(self.engine) as connection:
            connection.execute(
                statement.on_conflict_do_update(index_elements=[_PRINTS.c.row], set_=values)
            )

    def delete(self, row: Row) -> Records | None:
        """Delete the records of a row; what they were."""
        statement = delete(_PRINTS).where(_PRINTS.c.row == row)
        with writing(self.engine) as connection:
            gone = connection.execute(
                statement.returning(_PRINTS.c.sealed, _PRINTS.c.earlier)
            ).first()
        return None if gone is None else Records(sealed=gone.sealed, earlier=gone.earlier)

    def add_all(self, connection: Connection, rows: Mapping[Row, bytes]) -> None:
        """Add rows that are not there, within a transaction of the caller's."""
        for row, sealed in rows.items():
            statement = insert_or(self.engine, _PRINTS).values(row=row, sealed=sealed)
            connection.execute(statement.on_conflict_do_nothing())
