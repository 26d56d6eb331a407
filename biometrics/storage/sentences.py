"""What databases complain of, in words that help."""

import sqlite3

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_BUSY = "The database is busy; try again."
_READ_ONLY = "The database may not be written to; check its permissions."
_FULL = "The disk of the database is full; make room on it."
_REFUSED = "The database refuses what was to be written."
_UNREACHABLE = "The database cannot be reached."

_SQLITE = {
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_FULL": _FULL,
    "SQLITE_CANTOPEN": "The database cannot be opened; check its folder.",
    "SQLITE_CORRUPT": "The database is damaged; restore it from a backup.",
    "SQLITE_CONSTRAINT": _REFUSED,
    "SQLITE_NOTADB": "The file is no database; check its address.",
}

_POSTGRESQL = {
    "22": _REFUSED,
    "23": _REFUSED,
    "25006": _READ_ONLY,
    "40": _BUSY,
    "42501": _READ_ONLY,
    "53100": _FULL,
    "55P03": _BUSY,
    "57014": _BUSY,
    "XX001": "The database is damaged; restore it from a backup.",
    "XX002": "The database is damaged; restore it from a backup.",
}
"""By SQLSTATE or the class it begins with (PostgreSQL, appendix A)."""


def sentence_of(err: SQLAlchemyError) -> str:
    """One sentence. What was asked for is never in it: that may be personal."""
    if isinstance(err, PoolTimeout):
        return _BUSY
    cause = getattr(err, "orig", None)
    if isinstance(cause, sqlite3.Error):
        # Extended codes such as SQLITE_READONLY_DIRECTORY begin with the plain one.
        return _by_beginning(_SQLITE, getattr(cause, "sqlite_errorname", ""))
    return _by_beginning(_POSTGRESQL, getattr(cause, "sqlstate", None) or "")


def _by_beginning(sentences: dict[str, str], code: str) -> str:
    return next((text for begin, text in sentences.items() if code.startswith(begin)), _UNREACHABLE)
