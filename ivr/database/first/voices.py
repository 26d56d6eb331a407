"""Voices, and what people agreed to."""

from sqlalchemy import Column, DateTime, Index, Integer, LargeBinary, String, Table, Text

from ivr.database.first.metadata import FIRST

Table(
    "voice_fingerprints",
    FIRST,
    Column("number", Integer, primary_key=True),
    Column("subject", String, nullable=False),
    Column("record", LargeBinary, nullable=False),
    Column("heard_at", DateTime, nullable=False),
    Index("voice_fingerprints_subject", "subject"),
)
Table(
    "voice_visits",
    FIRST,
    Column("number", Integer, primary_key=True),
    Column("subject", String, nullable=False),
    Column("began_at", DateTime, nullable=False),
    Column("ended_at", DateTime, nullable=False),
    Index("voice_visits_subject", "subject"),
)
Table(
    "audit_entries",
    FIRST,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", String(32), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("kind", String(64), nullable=False),
    Column("subject", String(32), nullable=False),
    Column("details", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
)
Table(
    "audit_head",
    FIRST,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("sequence", Integer, nullable=False),
    Column("digest", String(64), nullable=False),
)
Table(
    "consent_entries",
    FIRST,
    Column("sequence", Integer, primary_key=True),
    Column("subject", String, nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("expires_at", DateTime),
    Column("text", String(64)),
    Column("text_sha256", String(64)),
    Column("language", String(8)),
    Column("channel", String(16)),
    Index("consent_entries_subject", "subject", "purpose"),
)
Table(
    "voiceprint_uses",
    FIRST,
    Column("subject", String, primary_key=True),
    Column("at", DateTime, nullable=False),
)
Table(
    "sealed_voiceprints",
    FIRST,
    Column("row", String(64), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("earlier", LargeBinary),
)
Table(
    "sealed_learned",
    FIRST,
    Column("row", String(64), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)
Table(
    "voice_vault",
    FIRST,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("mark", LargeBinary, nullable=False),
)
Table(
    "watchlist_reviews",
    FIRST,
    Column("number", Integer, primary_key=True),
    Column("review", String(32), nullable=False, unique=True),
    Column("list", String(32), nullable=False),
    Column("found_at", DateTime, nullable=False),
    Column("status", String(16), nullable=False),
    Column("reviewed_at", DateTime),
    Column("reviewer", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("watchlist_reviews_list", "list"),
)
Table(
    "watchlists",
    FIRST,
    Column("number", Integer, primary_key=True),
    Column("list", String(32), nullable=False, unique=True),
    Column("revision", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
Table(
    "watchlist_entries",
    FIRST,
    Column("entry", String(64), primary_key=True),
    Column("list", String(32), nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("watchlist_entries_list", "list"),
)
