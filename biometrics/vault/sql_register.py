"""The register of keys in a database of its own, through SQLAlchemy."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    LargeBinary,
    MetaData,
    String,
    Table,
    event,
    func,
    or_,
    select,
    update,
)
from sqlalchemy import Row as Found

from biometrics.errors import StoreUnavailable
from biometrics.storage.database import insert_or, make_missing, open_engine, reading, writing
from biometrics.vault.master_keys import Wrapped
from biometrics.vault.register import (
    VAULT,
    Destroyed,
    Entry,
    Held,
    MasterChanged,
    Refused,
    Row,
)

_HELD, _DESTROYED, _REFUSED = "held", "destroyed", "refused"

_KEYS = Table(
    "voice_keys",
    MetaData(),
    Column("row", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("master", String(200)),
    Column("wrapped", LargeBinary),
    Column("fingerprint", String(32), nullable=False),
    Column("next_master", String(200)),
    Column("next_wrapped", LargeBinary),
    Column("next_fingerprint", String(32)),
)
_NO_NEXT = {"next_master": None, "next_wrapped": None, "next_fingerprint": None}
_NO_KEY = {"master": None, "wrapped": None, **_NO_NEXT}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Changing:
    connection: Connection
    row: Row
    entry: Entry | None

    def promote(self) -> None:
        self.connection.execute(
            update(_KEYS)
            .where(_KEYS.c.row == self.row, _KEYS.c.next_wrapped.is_not(None))
            .values(
                master=_KEYS.c.next_master,
                wrapped=_KEYS.c.next_wrapped,
                fingerprint=_KEYS.c.next_fingerprint,
                **_NO_NEXT,
            )
        )


class SqlRegister:
    """Wrapped keys in SQLite or PostgreSQL, in another database than what they open."""

    def __init__(self, database: str | Engine) -> None:
        """Open `database`, an SQLAlchemy address or engine, and create the table if it is new.

        Raises:
            StoreUnavailable: it cannot be opened or the table not be created.
        """
        self._engine = open_engine(database)
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _keep_no_log)
        with reading(self._engine) as connection:
            make_missing(connection, _KEYS)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def find(self, row: Row) -> Entry | None:
        with reading(self._engine) as connection:
            return _entry(connection, row)

    def add(
        self, row: Row, wrapped: Wrapped, *, fingerprint: str, seen_master: str
    ) -> Entry | None:
        values = {"state": _HELD, "master": wrapped.master, "wrapped": wrapped.key} | {
            "fingerprint": fingerprint
        }
        statement = insert_or(self._engine, _KEYS).values(row=row, **values)
        statement = statement.on_conflict_do_update(
            index_elements=[_KEYS.c.row], set_=values, where=_KEYS.c.state == _DESTROYED
        )
        with writing(self._engine) as connection:
            _check_master(connection, seen_master, is_first=row == VAULT)
            connection.execute(statement)
            return _entry(connection, row)

    def add_next(
        self, row: Row, wrapped: Wrapped, *, fingerprint: str, seen_master: str
    ) -> Entry | None:
        statement = (
            update(_KEYS)
            .where(_KEYS.c.row == row, _KEYS.c.state == _HELD, _KEYS.c.next_wrapped.is_(None))
            .values(
                next_master=wrapped.master, next_wrapped=wrapped.key, next_fingerprint=fingerprint
            )
        )
        with writing(self._engine) as connection:
            _check_master(connection, seen_master, is_first=False)
            connection.execute(statement)
            return _entry(connection, row)

    @contextmanager
    def changing(self, row: Row) -> Iterator[_Changing]:
        with writing(self._engine) as connection:
            entry = _entry(connection, row, to_change=True)
            yield _Changing(connection=connection, row=row, entry=entry)

    def destroy(self, row: Row) -> Entry | None:
        with writing(self._engine) as connection:
            before = _entry(connection, row, to_change=True)
            if isinstance(before, Held):
                _set(connection, row, state=_DESTROYED, **_NO_KEY)
            return before

    def refuse(self, row: Row) -> Entry | None:
        values = {"state": _REFUSED, "fingerprint": "", **_NO_KEY}
        statement = insert_or(self._engine, _KEYS).values(row=row, **values)
        statement = statement.on_conflict_do_update(index_elements=[_KEYS.c.row], set_=values)
        with writing(self._engine) as connection:
            before = _entry(connection, row, to_change=True)
            connection.execute(statement)
            return before

    def forget(self, row: Row) -> Entry | None:
        with writing(self._engine) as connection:
            before = _entry(connection, row, to_change=True)
            if isinstance(before, Held | Refused):
                _set(connection, row, state=_DESTROYED, **_NO_KEY)
            return before

    def masters(self) -> dict[str, int]:
        counted = select(_KEYS.c.master, func.count()).where(_KEYS.c.state == _HELD)
        with reading(self._engine) as connection:
            found = connection.execute(counted.group_by(_KEYS.c.master))
            return {row[0]: row[1] for row in found}

    def not_under(self, master: str, *, most: int) -> Sequence[tuple[Row, Held]]:
        query = (
            select(_KEYS)
            .where(
                _KEYS.c.state == _HELD,
                or_(_KEYS.c.master != master, _KEYS.c.next_master != master),
            )
            .order_by(_KEYS.c.row != VAULT, _KEYS.c.row)
            .limit(most)
        )
        with reading(self._engine) as connection:
            return [(Row(found.row), _held(found)) for found in connection.execute(query)]

    def rewrap(self, rows: Sequence[tuple[Row, Held, Held]]) -> None:
        with writing(self._engine) as connection:
            for row, old, new in rows:
                # The key is compared too: it may have been destroyed or changed meanwhile.
                connection.execute(
                    update(_KEYS)
                    .where(_KEYS.c.row == row, *_same(_columns(old)))
                    .values(_columns(new))
                )


def _check_master(connection: Connection, seen_master: str, *, is_first: bool) -> None:
    query = select(_KEYS.c.master).where(_KEYS.c.row == VAULT).with_for_update(read=True)
    now = connection.execute(query).scalar()
    if now != seen_master and not (is_first and now is None):
        raise MasterChanged


def _entry(connection: Connection, row: Row, *, to_change: bool = False) -> Entry | None:
    query = select(_KEYS).where(_KEYS.c.row == row)
    found = connection.execute(query.with_for_update() if to_change else query).first()
    if found is None:
        return None
    match found.state:
        case "held":
            return _held(found)
        case "destroyed":
            return Destroyed(fingerprint=found.fingerprint)
        case "refused":
            return Refused()
    raise StoreUnavailable(_DAMAGED)


def _held(found: Found[Any]) -> Held:
    if not (isinstance(found.wrapped, bytes) and found.master):
        raise StoreUnavailable(_DAMAGED)
    key = Wrapped(master=found.master, key=found.wrapped)
    if found.next_wrapped is None:
        return Held(keys=(key,), fingerprints=(found.fingerprint,))
    following = Wrapped(master=found.next_master or "", key=found.next_wrapped)
    fingerprints = (found.next_fingerprint or "", found.fingerprint)
    return Held(keys=(following, key), fingerprints=fingerprints)


def _columns(held: Held) -> dict[str, object]:
    first, following = held.keys[-1], held.keys[:-1]
    columns: dict[str, object] = {"master": first.master, "wrapped": first.key}
    if following:
        columns |= {"next_master": following[0].master, "next_wrapped": following[0].key}
    return columns


def _same(columns: dict[str, object]) -> list[Any]:
    return [_KEYS.c[name] == value for name, value in columns.items()]


def _set(connection: Connection, row: Row, **values: object) -> None:
    connection.execute(update(_KEYS).where(_KEYS.c.row == row).values(**values))


def _keep_no_log(connection: Any, _: object) -> None:  # noqa: ANN401 - DBAPI
    """No write-ahead log: it would hold keys that were destroyed until somebody tidies it."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = DELETE")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


_DAMAGED = "The key of a voice is damaged; enrol the voice again."
