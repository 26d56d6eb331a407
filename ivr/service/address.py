"""Where a request comes from, behind proxies too."""

from ipaddress import IPv6Address, ip_address, ip_network

from starlette.types import Scope

_NETWORK_BITS = 64
"""Of IPv6: whoever has one address there has them all."""


def address_of(scope: Scope, *, trusted_proxies: int) -> str:
    """The address that the outermost trusted proxy saw; the socket's own without proxies.

    Each proxy appends whom it heard from to X-Forwarded-For, so that only the last entries, one a
    trusted proxy, were not written by the client. Where they are missing or no addresses, somebody
    has come past the proxies, and the socket's own address counts.
    """
    client = scope.get("client")
    own = str(client[0]) if client else ""
    if trusted_proxies <= 0:
        return own
    named = [
        part.strip()
        for name, value in scope["headers"]
        if name == b"x-forwarded-for"
        for part in value.decode("latin-1").split(",")
    ]
    if len(named) < trusted_proxies:
        return own
    return _plain(named[-trusted_proxies]) or own


def is_here(address: str) -> bool:
    """Whether it is this machine; what comes through a file of its has no address at all."""
    try:
        found = ip_address(address)
    except ValueError:
        return True
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return (mapped or found).is_loopback


def source_of(address: str) -> str:
    """What is counted together: an IPv4 address, or a network of IPv6."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return address
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ip_network((int(found), _NETWORK_BITS), strict=False))


def _plain(named: str) -> str | None:
    """Some proxies write the port too: 192.0.2.1:4711, [2001:db8::1]:4711."""
    if named.startswith("["):
        named = named[1:].partition("]")[0]
    elif named.count(":") == 1:
        named = named.partition(":")[0]
    try:
        return str(ip_address(named))
    except ValueError:
        return None
