"""Which addresses may open a socket that carries no secret."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from ivr.errors import BadSettings


def allowed_networks(allow: str) -> tuple[str, ...]:
    """Addresses and networks of a setting, checked.

    Raises:
        BadSettings: one of them is neither.
    """
    found = []
    for part in filter(None, (one.strip() for one in allow.split(","))):
        try:
            found.append(str(ip_network(part, strict=False)))
        except ValueError as err:
            raise BadSettings(
                "Addresses that may connect look like 10.0.0.7 or 10.0.0.0/24, parted by commas."
            ) from err
    return tuple(found)


def may_connect(address: str, networks: tuple[str, ...]) -> bool:
    """This machine always; others only where they are named."""
    try:
        here = _plain(ip_address(address))
    except ValueError:
        return False
    if here.is_loopback:
        return True
    return any(here in ip_network(network) for network in networks)


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """A socket that listens to both kinds shows IPv4 addresses inside IPv6 ones."""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
