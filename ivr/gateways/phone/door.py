"""Who may call from a browser: whoever does may claim any caller id."""

import hmac
from ipaddress import ip_address
from urllib.parse import urlsplit

from ivr.errors import PhoneRefused
from ivr.settings import PhoneSettings


def is_own_page(origin: str, host: str) -> bool:
    """The socket was opened by the page that came from here.

    Browsers let every page open sockets to every address, and tell only which page it is.
    """
    return bool(host) and origin in (f"http://{host}", f"https://{host}")


def check(client: str, host: str, token: str, settings: PhoneSettings) -> None:
    """Let in who shows the token, and who sits at this machine.

    The host is what the browser was told to open: behind a proxy everybody seems to be here, and
    names of elsewhere can be made to lead here.

    Raises:
        PhoneRefused: neither is so.
    """
    shown, expected = token.encode(), settings.token.encode()
    if expected and hmac.compare_digest(shown, expected):
        return
    if shown or not (_is_here(client) and _is_here(_name(host))):
        raise PhoneRefused("Only this machine may call without the token of this telephone.")


def _is_here(name: str) -> bool:
    try:
        return name == "localhost" or ip_address(name).is_loopback
    except ValueError:
        return False


def _name(host: str) -> str:
    """Of a host header, without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
