"""Customers, what is told them, and what they are sent."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
)

from ivr.database.first.metadata import FIRST

Table(
    "customers",
    FIRST,
    Column("customer_id", String(64), primary_key=True),
    Column("subject", String(64), nullable=False),
    Column("name", String(200), nullable=False),
    Column("language", String(2)),
    Column("birth_date", Date),
    Column("tier", String(32), nullable=False),
    Column("is_vulnerable", Boolean, nullable=False),
)
Table(
    "customer_events",
    FIRST,
    Column("customer_id", String(64), ForeignKey("customers.customer_id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("at", DateTime, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("may_mention", Boolean, nullable=False),
)
Table(
    "customer_numbers",
    FIRST,
    Column("e164", String(20), primary_key=True),
    Column(
        "customer_id", String(64), ForeignKey("customers.customer_id"), nullable=False, index=True
    ),
)
Table(
    "customer_preferences",
    FIRST,
    Column("customer_id", String(64), ForeignKey("customers.customer_id"), primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("value", String(200), nullable=False),
)
Table(
    "guess_tallies",
    FIRST,
    Column("business", String(64), primary_key=True),
    Column("kind", String(64), primary_key=True),
    Column("right", Integer, nullable=False),
    Column("wrong", Integer, nullable=False),
)
Table(
    "guess_marks",
    FIRST,
    Column("mark", String(64), primary_key=True),
    Column("at_ms", BigInteger, nullable=False, index=True),
)
Table(
    "onward_links",
    FIRST,
    Column("name", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("mark", String(64), nullable=False, index=True),
    Column("created_at", DateTime, nullable=False),
    Column("expires_at", DateTime, nullable=False, index=True),
    Column("due_at", DateTime, index=True),
    Column("sealed", LargeBinary, nullable=False),
)
Table(
    "contact_agreements",
    FIRST,
    Column("sequence", Integer, primary_key=True),
    Column("customer", String(64), nullable=False),
    Column("text", String(64)),
    Column("at", DateTime, nullable=False),
    Index("contact_agreements_customer", "customer"),
)
Table(
    "incidents",
    FIRST,
    Column("id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("starts_at", DateTime, nullable=False),
    Column("ends_at", DateTime, nullable=False),
    Column("expected_end", DateTime),
    Column("severity", Integer, nullable=False),
    Column("is_public", Boolean, nullable=False),
    Column("may_mention", Boolean, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("affected", JSON, nullable=False),
    Column("heard", Integer, nullable=False),
    Column("ended", Integer, nullable=False),
)
Table(
    "contacts",
    FIRST,
    Column("key", String(32), primary_key=True),
    Column("incident", String(64), nullable=False),
    Column("customer", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("earliest", DateTime, nullable=False),
    Column("status", String(16), nullable=False),
    Column("changed_at", DateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("why", String(32), nullable=False),
    Index("contacts_customer", "customer"),
    Index("contacts_status", "status", "earliest"),
)
