"""Where a business system may be: only where nobody listens in."""

from urllib.parse import urlsplit

from ivr.errors import BadActions
from ivr.settings.reach import is_this_machine


def checked_address(url: str, plain_hosts: str) -> str:
    """The address without a slash at its end. `plain_hosts`: by http too, commas between them.

    Raises:
        BadActions: what is said there could be read by others, or it is no web address.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError as err:
        raise BadActions("The business system's address is no web address.") from err
    if not host or parts.query or parts.fragment:
        raise BadActions("The business system's address is no web address.")
    if parts.username is not None:
        raise BadActions("A password belongs into the environment, not into an address.")
    trusted = {name.strip().lower() for name in plain_hosts.split(",")}
    is_private = is_this_machine(host) or host in trusted
    if parts.scheme != "https" and not (parts.scheme == "http" and is_private):
        raise BadActions(
            "The business system's address must be https, or http on this machine or on a host "
            "of IVR_SERVE__PLAIN_HOSTS."
        )
    return url.rstrip("/")
