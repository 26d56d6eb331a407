"""Whether a page of another site asks, in the browser of somebody at this machine."""

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit


def is_of_another_site(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Where nothing need be shown, a browser would do what any page in it asks for.

    Pages say where they come from by Origin. What a page reaches by a name that was pointed at
    this machine afterwards shows that name as Host; addresses and names without a dot cannot be.
    """
    told = [(name, value.decode("latin-1")) for name, value in headers]
    origins = [value for name, value in told if name == b"origin"]
    hosts = [f"//{value}" for name, value in told if name == b"host"]
    return not (all(map(_is_here, origins)) and all(map(_is_plain, hosts)))


def _is_here(address: str) -> bool:
    host = _host(address)
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _is_plain(address: str) -> bool:
    host = _host(address)
    if "." not in host:
        return True
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return "."
