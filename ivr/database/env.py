"""What Alembic runs its steps in: the connection that it was given, and that one's transaction."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    # SQLite changes a table by making it anew; within a transaction, as everywhere.
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
