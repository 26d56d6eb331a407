"""Whether anybody listens at the address of a pool."""

import socket

_REACH_S = 3.0
"""Ray itself would try for minutes."""


def is_reached(address: str) -> bool:
    """Raises nothing: what is no address is reached by nobody."""
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), timeout=_REACH_S).close()
    except (OSError, ValueError):
        return False
    return True
