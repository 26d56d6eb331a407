"""People, keys of the service, and counts of tries."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from ivr.database.first.metadata import FIRST

Table(
    "people",
    FIRST,
    Column("id", String(32), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("role", String(16), nullable=False),
    Column("language", String(8), nullable=False),
    Column("queues", Text, nullable=False),
    Column("languages", String(64), nullable=False),
    Column("skills", Text, nullable=False),
    Column("is_active", Boolean, nullable=False),
    Column("hashed", String(255), nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)
Table(
    "people_presences",
    FIRST,
    Column("person", String(32), primary_key=True),
    Column("status", String(16), nullable=False),
    Column("since", DateTime, nullable=False),
    Column("seen_at", DateTime, nullable=False),
)
Table(
    "people_sessions",
    FIRST,
    Column("digest", LargeBinary(32), primary_key=True),
    Column("person", String(32), nullable=False, index=True),
    Column("epoch", Integer, nullable=False),
    Column("began_at", DateTime, nullable=False),
    Column("seen_at", DateTime, nullable=False),
)
Table(
    "people_tries",
    FIRST,
    Column("key", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", DateTime, nullable=False, index=True),
)
Table(
    "api_keys",
    FIRST,
    Column("id", String(16), primary_key=True),
    Column("digest", LargeBinary(32), nullable=False, unique=True),
    Column("name", String(64), nullable=False),
    Column("scopes", String(255), nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("expires_at", DateTime),
    Column("revoked_at", DateTime),
    Column("last_used", Date),
)
Table(
    "attempts",
    FIRST,
    Column("label", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("subject", String(64)),
    Column("number", String(64)),
    Column("failures", Integer, nullable=False),
    Column("last_ms", BigInteger, nullable=False),
)
Table(
    "attempts_met",
    FIRST,
    Column("label", String(64), primary_key=True),
    Column("other", String(64), primary_key=True),
    Column("last_ms", BigInteger, nullable=False),
)
Table(
    "pins",
    FIRST,
    Column("label", String(64), primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("cost_n", Integer, nullable=False),
    Column("cost_r", Integer, nullable=False),
    Column("cost_p", Integer, nullable=False),
    Column("set_ms", BigInteger, nullable=False),
    Column("wrong", Integer, nullable=False),
)
