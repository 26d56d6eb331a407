"""Calls that workers share while they go on."""

import sqlalchemy as sa
from alembic import op

from ivr.database.emptiness import check_empty

revision = "0002"
down_revision = "0001"

_MADE = ("shared_calls", "shared_notes")


def upgrade() -> None:
    op.create_table(
        "shared_calls",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("heard_at", sa.DateTime, nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("held_until", sa.DateTime),
        sa.Column("turn", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("has_left", sa.Boolean, nullable=False),
        sa.Column("was_asked", sa.Boolean, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("shared_calls_held", "shared_calls", ["held_until"])
    op.create_index("shared_calls_heard", "shared_calls", ["heard_at"])
    op.create_table(
        "shared_notes",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("until", sa.DateTime, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_index("ix_shared_notes_until", "shared_notes", ["until"])


def downgrade() -> None:
    """Raises DatabaseUnfit: calls go on."""
    check_empty(op.get_bind(), _MADE)
    for name in reversed(_MADE):
        op.drop_table(name)
