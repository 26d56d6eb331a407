"""Reviews in a database, through SQLAlchemy. Whom they are about is sealed under the list's key."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Row,
    String,
    Table,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.schema import Index

from biometrics.errors import UnknownWatchlist
from biometrics.storage.database import aware, make_missing, open_engine, plain, reading, writing
from biometrics.vault.cipher import Tampered
from biometrics.vault.vault import Opened, Vault
from biometrics.voiceprint import SubjectId
from biometrics.watchlist.lists import WatchlistId
from biometrics.watchlist.reviews import Candidate, Review, ReviewId, ReviewStatus
from biometrics.watchlist.store import NO_LIST

_DAMAGED = "A review in the store is damaged; restore it from a backup."

_REVIEWS = Table(
    "watchlist_reviews",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("review", String(32), nullable=False, unique=True),
    Column("list", String(32), nullable=False),
    Column("found_at", DateTime, nullable=False),
    Column("status", String(16), nullable=False),
    Column("reviewed_at", DateTime),
    Column("reviewer", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
Index("watchlist_reviews_list", _REVIEWS.c.list)


class SqlReviews:
    """Reviews in SQLite or PostgreSQL. Every thread and process may use the same database."""

    def __init__(self, database: str | Engine, vault: Vault) -> None:
        """Open `database`, an SQLAlchemy address or engine, and create the table if it is new.

        Raises:
            StoreUnavailable: it cannot be opened or the table not be created.
        """
        self._engine = open_engine(database)
        self._vault = vault
        with writing(self._engine) as connection:
            make_missing(connection, _REVIEWS)

    def add(self, review: Review) -> None:
        opened = self._vault.find(SubjectId(review.watchlist))
        if not isinstance(opened, Opened):
            raise UnknownWatchlist(NO_LIST)
        values = {
            "review": review.id,
            "list": review.watchlist,
            "found_at": plain(review.found_at),
            "status": review.status,
            "reviewed_at": None if review.reviewed_at is None else plain(review.reviewed_at),
            "reviewer": review.reviewer,
            "sealed": opened.seal(_kind(review.id), _written(review)),
        }
        with writing(self._engine) as connection:
            connection.execute(insert(_REVIEWS).values(values))

    def of(self, watchlist: WatchlistId) -> tuple[Review, ...]:
        opened = self._vault.find(SubjectId(watchlist))
        if not isinstance(opened, Opened):
            return ()
        query = select(_REVIEWS).where(_REVIEWS.c.list == watchlist)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(_REVIEWS.c.number)).all()
        return tuple(_read(row, opened) for row in rows)

    def status(self, review: ReviewId) -> ReviewStatus | None:
        query = select(_REVIEWS.c.status).where(_REVIEWS.c.review == review)
        with reading(self._engine) as connection:
            found = connection.execute(query).scalar()
        try:
            return None if found is None else ReviewStatus(found)
        except ValueError as err:
            raise Tampered(_DAMAGED) from err

    def settle(self, review: ReviewId, status: ReviewStatus, *, by: str, at: datetime) -> bool:
        statement = (
            update(_REVIEWS)
            .where(_REVIEWS.c.review == review, _REVIEWS.c.status == ReviewStatus.OPEN)
            .values(status=status, reviewer=by, reviewed_at=plain(at))
        )
        with writing(self._engine) as connection:
            return connection.execute(statement).rowcount > 0

    def forget(self, watchlist: WatchlistId) -> int:
        statement = delete(_REVIEWS).where(_REVIEWS.c.list == watchlist)
        with writing(self._engine) as connection:
            return connection.execute(statement).rowcount


def _kind(review: ReviewId) -> str:
    """What binds a record to its review: that of another one does not open."""
    return f"likeness {review}"


def _written(review: Review) -> bytes:
    facts = {
        "subject": review.subject,
        "candidates": [[one.entry, one.band] for one in review.candidates],
        "is_promised": review.is_promised,
    }
    return json.dumps(facts).encode()


def _read(row: Row[Any], opened: Opened) -> Review:
    review = ReviewId(row.review)
    plain, _ = opened.unseal(_kind(review), row.sealed)
    try:
        facts = json.loads(plain)
        subject = facts["subject"]
        return Review(
            id=review,
            watchlist=WatchlistId(row.list),
            subject=None if subject is None else SubjectId(subject),
            candidates=tuple(
                Candidate(entry=SubjectId(entry), band=band) for entry, band in facts["candidates"]
            ),
            is_promised=facts["is_promised"],
            found_at=aware(row.found_at),
            status=ReviewStatus(row.status),
            reviewed_at=aware(row.reviewed_at),
            reviewer=row.reviewer,
        )
    except (ValueError, KeyError, TypeError) as err:
        raise Tampered(_DAMAGED) from err
