"""Lists in a database, through SQLAlchemy, sealed. The database and the keys are two places."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

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
    insert,
    select,
    update,
)
from sqlalchemy.schema import Index

from biometrics.errors import UnknownWatchlist, WatchlistUnusable
from biometrics.records.receipt import Receipt
from biometrics.storage.database import insert_or, make_missing, open_engine, reading, writing
from biometrics.vault.cipher import Tampered
from biometrics.vault.record import seal_voiceprint, unseal_voiceprint
from biometrics.vault.register import Destroyed, Entry, Held
from biometrics.vault.vault import Opened, Vault
from biometrics.voiceprint import SubjectId, Voiceprint
from biometrics.watchlist.lists import LegalBasis, ListPurpose, Watchlist, WatchlistId
from biometrics.watchlist.store import ENTRY, KEY, KEYS, LIST, NO_LIST

_KIND = "watchlist"
_DAMAGED = "A watchlist in the store is damaged; restore it from a backup, or delete it."
_KEYLESS = "An entry of a watchlist has no key; remove the entry and add it again."
_AT_ONCE = 500
"""Entries that are read by one question."""

_METADATA = MetaData()
_LISTS = Table(
    "watchlists",
    _METADATA,
    Column("number", Integer, primary_key=True),
    Column("list", String(32), nullable=False, unique=True),
    Column("revision", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
_ENTRIES = Table(
    "watchlist_entries",
    _METADATA,
    Column("entry", String(64), primary_key=True),
    Column("list", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
Index("watchlist_entries_list", _ENTRIES.c.list)


class SqlWatchlists:
    """Lists in SQLite or PostgreSQL. Every thread and process may use the same database.

    What can be read in it are random ids and how many entries there are. Names, purposes, legal
    bases and voices are sealed, each list and each entry under a key of its own that the vault
    keeps elsewhere; the vault must have been started for this database.
    """

    def __init__(self, database: str | Engine, vault: Vault) -> None:
        """Open `database`, an SQLAlchemy address or engine, and create the tables if they are new.

        Raises:
            StoreUnavailable: it cannot be opened or the tables not be created.
        """
        self._engine = open_engine(database)
        self._vault = vault
        with writing(self._engine) as connection:
            make_missing(connection, *_METADATA.sorted_tables)

    def keep(self, watchlist: Watchlist) -> None:
        opened = self._vault.find_or_make(SubjectId(watchlist.id))
        sealed = opened.seal(_KIND, _written(watchlist))
        statement = insert_or(self._engine, _LISTS).values(
            list=watchlist.id, revision=0, sealed=sealed
        )
        with writing(self._engine) as connection:
            connection.execute(
                statement.on_conflict_do_update(
                    index_elements=[_LISTS.c.list], set_={"sealed": sealed}
                )
            )

    def lists(self) -> tuple[Watchlist, ...]:
        query = select(_LISTS.c.list, _LISTS.c.sealed).order_by(_LISTS.c.number)
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
        found = [self._opened(WatchlistId(row.list), row.sealed) for row in rows]
        return tuple(one for one in found if one is not None)

    def add(self, watchlist: WatchlistId, entry: Voiceprint) -> None:
        opened = self._vault.find_or_make(entry.subject)
        values = {
            "entry": entry.subject,
            "list": watchlist,
            "sealed": seal_voiceprint(entry, opened),
        }
        try:
            with writing(self._engine) as connection:
                _next_revision(connection, watchlist)
                connection.execute(insert(_ENTRIES).values(values))
        except UnknownWatchlist:
            self._vault.destroy(entry.subject)
            raise

    def revision(self, watchlist: WatchlistId) -> int:
        query = select(_LISTS.c.revision).where(_LISTS.c.list == watchlist)
        with reading(self._engine) as connection:
            found: int | None = connection.execute(query).scalar()
        if found is None:
            raise UnknownWatchlist(NO_LIST)
        return found

    def entries(self, watchlist: WatchlistId) -> frozenset[SubjectId]:
        query = select(_ENTRIES.c.entry).where(_ENTRIES.c.list == watchlist)
        with reading(self._engine) as connection:
            return frozenset(SubjectId(entry) for entry in connection.scalars(query))

    def prints(self, entries: Sequence[SubjectId]) -> Iterator[Voiceprint]:
        for start in range(0, len(entries), _AT_ONCE):
            some = entries[start : start + _AT_ONCE]
            query = select(_ENTRIES.c.entry, _ENTRIES.c.sealed).where(_ENTRIES.c.entry.in_(some))
            with reading(self._engine) as connection:
                rows = connection.execute(query).all()
            for row in rows:
                found = self._print(SubjectId(row.entry), row.sealed)
                if found is not None:
                    yield found

    def remove(self, watchlist: WatchlistId, entry: SubjectId, *, at: datetime) -> Receipt:
        # The key goes first: whatever fails after that, nothing can be read again.
        before = self._vault.destroy(entry)
        statement = delete(_ENTRIES).where(_ENTRIES.c.entry == entry, _ENTRIES.c.list == watchlist)
        with writing(self._engine) as connection:
            gone = connection.execute(statement.returning(_ENTRIES.c.sealed)).scalar()
            if gone is not None:
                _next_revision(connection, watchlist)
        if gone is None and not isinstance(before, Held):
            return Receipt(subject=entry, at=at, what=())
        return Receipt(
            subject=entry,
            at=at,
            what=(KEY,) if gone is None else (ENTRY, KEY),
            key_fingerprint=_fingerprint(before),
            sha256=hashlib.sha256(gone or b"").hexdigest(),
        )

    def delete(self, watchlist: WatchlistId, *, at: datetime) -> Receipt:
        entries = sorted(self.entries(watchlist))
        for entry in entries:
            self._vault.destroy(entry)
        before = self._vault.destroy(SubjectId(watchlist))
        digest = hashlib.sha256()
        with writing(self._engine) as connection:
            own = connection.execute(
                delete(_LISTS).where(_LISTS.c.list == watchlist).returning(_LISTS.c.sealed)
            ).scalar()
            # An entry that was added meanwhile loses its list, and its key just below.
            rows = connection.execute(
                delete(_ENTRIES)
                .where(_ENTRIES.c.list == watchlist)
                .returning(_ENTRIES.c.entry, _ENTRIES.c.sealed)
            ).all()
        gone = sorted((row.entry, row.sealed) for row in rows)
        for entry, sealed in gone:
            digest.update(sealed)
            if entry not in entries:
                self._vault.destroy(SubjectId(entry))
        if own is None and not gone and not isinstance(before, Held):
            return Receipt(subject=SubjectId(watchlist), at=at, what=())
        digest.update(own or b"")
        return Receipt(
            subject=SubjectId(watchlist),
            at=at,
            what=(*[ENTRY] * len(gone), LIST, KEYS),
            key_fingerprint=_fingerprint(before),
            sha256=digest.hexdigest(),
        )

    def _opened(self, watchlist: WatchlistId, sealed: bytes) -> Watchlist | None:
        opened = self._vault.find(SubjectId(watchlist))
        # A row whose key was destroyed is what a backup brings back of a deleted list.
        if isinstance(opened, Destroyed):
            return None
        if not isinstance(opened, Opened):
            raise Tampered(_DAMAGED)
        plain, _ = opened.unseal(_KIND, sealed)
        return _read(watchlist, plain)

    def _print(self, entry: SubjectId, sealed: bytes) -> Voiceprint | None:
        opened = self._vault.find(entry)
        if isinstance(opened, Destroyed):
            return None
        if not isinstance(opened, Opened):
            raise Tampered(_KEYLESS)
        return unseal_voiceprint(sealed, entry, opened)


def _next_revision(connection: Connection, watchlist: WatchlistId) -> None:
    found = connection.execute(
        update(_LISTS).where(_LISTS.c.list == watchlist).values(revision=_LISTS.c.revision + 1)
    )
    if not found.rowcount:
        raise UnknownWatchlist(NO_LIST)


def _fingerprint(entry: Entry | None) -> str:
    match entry:
        case Held():
            return entry.fingerprints[-1]
        case Destroyed():
            return entry.fingerprint
    return ""


def _written(watchlist: Watchlist) -> bytes:
    basis = watchlist.basis
    facts = {
        "name": watchlist.name,
        "purpose": watchlist.purpose,
        "created_at": _plain(watchlist.created_at),
        "basis": None
        if basis is None
        else {
            "text": basis.text,
            "decided_by": basis.decided_by,
            "decided_at": _plain(basis.decided_at),
            "retention_days": basis.retention_days,
        },
    }
    return json.dumps(facts).encode()


def _read(watchlist: WatchlistId, plain: bytes) -> Watchlist:
    try:
        facts = json.loads(plain)
        basis = facts["basis"]
        return Watchlist(
            id=watchlist,
            name=facts["name"],
            purpose=ListPurpose(facts["purpose"]),
            created_at=datetime.fromisoformat(facts["created_at"]),
            basis=None
            if basis is None
            else LegalBasis(
                text=basis["text"],
                decided_by=basis["decided_by"],
                decided_at=datetime.fromisoformat(basis["decided_at"]),
                retention_days=basis["retention_days"],
            ),
        )
    except (ValueError, KeyError, TypeError, WatchlistUnusable) as err:
        raise Tampered(_DAMAGED) from err


def _plain(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
