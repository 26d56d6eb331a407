"""Files of databases that their owner alone may read, whatever the umask says."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event


def file_of(engine: Engine) -> Path | None:
    """The file of an SQLite database; None where there is none."""
    place = engine.url.database or ""
    has_file = engine.dialect.name == "sqlite" and place not in {"", ":memory:"}
    return Path(place) if has_file and not place.startswith("file:") else None


def keep_private(engine: Engine) -> None:
    """Make the file before SQLite does; its journals get the file's own permissions."""
    file = file_of(engine)
    if file is None:
        return

    def made_first(*_: Any) -> None:  # noqa: ANN401 - what SQLAlchemy tells before it connects
        # SQLite says in its own words why a file cannot be made.
        with suppress(OSError):
            os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))

    event.listen(engine, "do_connect", made_first)
