"""Nothing is thrown away on the way back to an earlier revision."""

from collections.abc import Iterable

from sqlalchemy import Connection, exists, select, table

from ivr.errors import DatabaseUnfit


def check_empty(connection: Connection, names: Iterable[str]) -> None:
    """Raises DatabaseUnfit: tables that would go hold rows."""
    full = [
        name
        for name in names
        if connection.execute(select(exists(select(1).select_from(table(name))))).scalar()
    ]
    if full:
        raise DatabaseUnfit(
            f"The revision before knows nothing of {', '.join(full)}, and there are rows; "
            "nothing was changed."
        )
