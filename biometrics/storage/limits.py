"""How many connections to a server, and how long anybody waits for one."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL

_SILENT_S, _ASK_AGAIN_S, _ASKS = 5, 2, 3
"""A server that has vanished from the network is given up after 11 seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Of one process. SQLite has none of them: its file is here."""

    connections: int = 5
    """Kept open."""

    extra_connections: int = 5
    """Opened when all of those are in use, and closed again."""

    connection_wait_ms: int = 2_000
    """How long to wait for one that is free."""

    connect_s: int = 3
    """How long the server may take to let somebody in."""

    statement_ms: int = 5_000
    """How long one statement may take, waiting for locks included; 0 is no limit."""


def server_options(url: URL, limits: Limits) -> dict[str, Any]:
    """What an engine of `url` is made with."""
    options: dict[str, Any] = {
        "pool_pre_ping": True,
        "pool_size": limits.connections,
        "max_overflow": limits.extra_connections,
        "pool_timeout": limits.connection_wait_ms / 1_000,
    }
    if url.drivername.startswith("postgresql") and "psycopg" in url.get_driver_name():
        options["connect_args"] = _libpq(url, limits)
    return options


def _libpq(url: URL, limits: Limits) -> dict[str, Any]:
    """What libpq and the server are told; what the address says of it comes last, and counts."""
    told = {
        "connect_timeout": limits.connect_s,
        "options": f"-c statement_timeout={limits.statement_ms}",
        "keepalives_idle": _SILENT_S,
        "keepalives_interval": _ASK_AGAIN_S,
        "keepalives_count": _ASKS,
        "tcp_user_timeout": 1_000 * (_SILENT_S + _ASK_AGAIN_S * _ASKS),
    }
    if "options" in url.query:
        told["options"] = f"{told['options']} {_one(url.query['options'])}"
    return {key: value for key, value in told.items() if key == "options" or key not in url.query}


def _one(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else " ".join(value)
