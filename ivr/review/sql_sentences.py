"""Sentences in a database, through SQLAlchemy, their words sealed."""

from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import (
    JSON,
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
    func,
    insert,
    select,
    update,
)

from biometrics.storage.database import aware, make_missing, open_engine, plain, reading, writing
from ivr.call import Language
from ivr.review.sentence import Sentence, SentenceId, Why
from ivr.seal import Seal

_METADATA = MetaData()
_SENTENCES = Table(
    "review_sentences",
    _METADATA,
    Column("id", String(16), primary_key=True),
    Column("business", String(64), nullable=False),
    Column("words", LargeBinary, nullable=False),
    Column("language", String(8), nullable=False),
    Column("why", String(16), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("taken_for", JSON, nullable=False),
    Column("suggested", String(64), nullable=False),
    Column("label", String(64), nullable=False),
    Column("version", Integer, nullable=False),
)


class SqlSentences:
    """Sentences in SQLite or PostgreSQL. Every thread and process may use the same ones."""

    def __init__(self, database: str | Engine, seal: Seal) -> None:
        """Keep them in `database`, an SQLAlchemy address or engine, opened when first asked."""
        self._database = database
        self._seal = seal

    def add(self, sentence: Sentence, *, most: int) -> bool:
        sealed = self._seal.seal(sentence.text.encode(), bound_to=sentence.id.encode())
        row = {
            "id": sentence.id,
            "business": sentence.business,
            "words": sealed,
            "language": sentence.language.value,
            "why": sentence.why.value,
            "at": plain(sentence.at),
            "taken_for": list(sentence.taken_for),
        }
        with writing(self._engine) as connection:
            kept = connection.execute(select(func.count()).select_from(_SENTENCES)).scalar_one()
            if kept >= most:
                return False
            connection.execute(insert(_SENTENCES).values(**row, **_changeable(sentence)))
        return True

    def find(self, sentence: SentenceId) -> Sentence | None:
        with reading(self._engine) as connection:
            row = connection.execute(_SENTENCES.select().where(_id_is(sentence))).first()
        return self._sentence(row) if row else None

    def of(self, business: str) -> tuple[Sentence, ...]:
        query = _SENTENCES.select().where(_SENTENCES.c.business == business)
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(_SENTENCES.c.at, _SENTENCES.c.id)).all()
        return tuple(map(self._sentence, rows))

    def change(self, sentence: Sentence) -> bool:
        changed = update(_SENTENCES).where(_id_is(sentence.id)).values(**_changeable(sentence))
        with writing(self._engine) as connection:
            return connection.execute(changed).rowcount > 0

    def drop(self, sentence: SentenceId) -> bool:
        with writing(self._engine) as connection:
            return connection.execute(delete(_SENTENCES).where(_id_is(sentence))).rowcount > 0

    def expire(self, before: datetime) -> int:
        old = delete(_SENTENCES).where(_SENTENCES.c.at < plain(before))
        with writing(self._engine) as connection:
            return connection.execute(old).rowcount

    def _sentence(self, row: Row[Any]) -> Sentence:
        words = self._seal.unseal(row.words, bound_to=row.id.encode())
        return Sentence(
            id=SentenceId(row.id),
            business=row.business,
            text=words.decode(),
            language=Language(row.language),
            why=Why(row.why),
            at=aware(row.at),
            taken_for=tuple(row.taken_for),
            suggested=row.suggested,
            label=row.label,
            version=row.version,
        )

    @cached_property
    def _engine(self) -> Engine:
        engine = open_engine(self._database)
        with writing(engine) as connection:
            make_missing(connection, _SENTENCES)
        return engine


def _changeable(sentence: Sentence) -> dict[str, object]:
    return {
        "suggested": sentence.suggested,
        "label": sentence.label,
        "version": sentence.version,
    }


def _id_is(sentence: SentenceId) -> Any:  # noqa: ANN401 - SQLAlchemy's own type says as little
    return _SENTENCES.c.id == sentence
