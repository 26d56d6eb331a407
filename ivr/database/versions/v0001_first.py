"""Every table of version 0.1.0.

Before there were revisions, tables were made one by one by whoever needed them: those that are
there stay as they are, with their rows.
"""

from alembic import op

from biometrics.storage.database import make_missing
from ivr.database.emptiness import check_empty
from ivr.database.first import FIRST

revision = "0001"
down_revision = None


def upgrade() -> None:
    make_missing(op.get_bind(), *FIRST.sorted_tables)


def downgrade() -> None:
    """Nothing is thrown away: only what is empty goes.

    Raises:
        DatabaseUnfit: there are rows.
    """
    check_empty(op.get_bind(), (table.name for table in FIRST.sorted_tables))
    for table in reversed(FIRST.sorted_tables):
        op.drop_table(table.name)
