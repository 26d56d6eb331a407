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
    """To whom. How urgent it is and the token that names the call stand where they are wanted."""
    target = _target(ending, template)
    return (("refer-to", f"<{target}>"), ("referred-by", contact))


def redirect(ending: Ending, template: str) -> Headers:
    """The same for a call that was not taken (RFC 3261, section 21.3.3)."""
    return (("contact", f"<{_target(ending, template)}>"),)


def _target(ending: Ending, template: str) -> str:
    told = {
        "{queue}": ending.queue or "",
        "{priority}": str(ending.priority or 0),
        "{token}": ending.context_token or "",
    }
    target = template
    for place, value in told.items():
        target = target.replace(place, quote(value, safe=""))
    return target


def is_settled(notify: Request) -> bool:
    """The transfer was done, or refused."""
    return _FRAGMENT.match(notify.body) is not None
