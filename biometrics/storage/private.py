"""Files of databases that their owner alone may read, whatever the umask says."""

import os
from contextlib import suppress
from typing import Any

from sqlalchemy import Engine, event

_NO_FILE = ("", ":memory:")


def keep_private(engine: Engine) -> None:
    """Make the file before SQLite does; its journals get the file's own permissions."""
    place = engine.url.database or ""
    if place in _NO_FILE or place.startswith("file:"):
        return

    def made_first(*_: Any) -> None:  # noqa: ANN401 - what SQLAlchemy tells before it connects
        # SQLite says in its own words why a file cannot be made.
        with suppress(OSError):
            os.close(os.open(place, os.O_RDWR | os.O_CREAT, 0o600))

    event.listen(engine, "do_connect", made_first)
