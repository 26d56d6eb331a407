"""Callers who are handed on: a REFER, and what the other side tells of it (RFC 3515)."""

import re
from urllib.parse import quote

from ivr.gateways.sip.message import Headers, Request
from ivr.live.wire import Ending

_FRAGMENT = re.compile(rb"SIP/2\.0 ([2-6])\d\d")


def can_transfer(invite: Request) -> bool:
    """The other side says that it takes a REFER."""
    methods = ",".join(invite.all("allow")).upper().split(",")
    return "REFER" in (one.strip() for one in methods)


def refer(ending: Ending, template: str, contact: str) -> Headers:
    """To whom, how urgent it is, and the token that names the call to them (RFC 7433)."""
    target = template.replace("{queue}", quote(ending.queue or ""))
    told = {"X-Priority": str(ending.priority or 0)}
    if ending.context_token:
        told["User-to-User"] = f"{ending.context_token.encode().hex()};encoding=hex"
    shown = "&".join(f"{name}={quote(value, safe='')}" for name, value in told.items())
    return (("refer-to", f"<{target}?{shown}>"), ("referred-by", contact))


def is_settled(notify: Request) -> bool:
    """The transfer was done, or refused."""
    return _FRAGMENT.match(notify.body) is not None
