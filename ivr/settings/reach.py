"""Telling customers first: when they may be contacted, and by what."""

import ipaddress
import re
from dataclasses import dataclass, field
from datetime import time
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field

from ivr.errors import BadSettings

_SHORTEST_SECRET = 16
"""Characters; a shorter one could be tried out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachSettings:
    """Telling customers first: when they may be contacted, and by what."""

    zone: str = "Europe/Berlin"
    """Where the customers live: quiet hours and expected ends are told in its time (IANA)."""

    quiet_from: time = time(20)
    quiet_until: time = time(8)
    """Nobody is contacted from the one to the other, local time; equal ones are no quiet hours."""

    quiet_sundays: bool = True
    quiet_holidays: bool = True
    """Holidays of the whole of Germany."""

    contacts_per_week: Annotated[int, Field(ge=0)] = 2
    """Most contacts of one customer in seven days, whatever they are about."""

    contract_notice: bool = False
    """Customers who agreed to nothing are told what concerns their own contract, such as their
    cancelled flight; whoever asked not to be contacted is left alone all the same."""

    default_channel: Literal["none", "phone", "sms", "email", "webhook"] = "none"
    """For customers of whom the directory knows no preferred channel."""

    keep_days: Annotated[int, Field(ge=7)] = 365
    """So long it is kept who was contacted about what."""

    approval: Literal["person", "automatic"] = "person"
    """Whether proposals wait until a person has approved them."""

    most_tries: Annotated[int, Field(ge=1)] = 5
    """Attempts to hand over one message, the wait doubling after each."""

    first_wait_s: Annotated[int, Field(ge=1)] = 60
    """The first of these waits."""

    timeout_s: Annotated[int, Field(ge=1, le=60)] = 10
    """Longest wait for an answer of the other side."""

    webhook_url: str = ""
    """What telephone calls, SMS and webhook contacts are handed to: https, or this machine."""

    webhook_secret: str | None = field(default=None, repr=False)
    """Key of the signature that every request carries."""

    mail_host: str = ""
    """Mail server that e-mail is handed to."""

    mail_port: Annotated[int, Field(ge=1, le=65_535)] = 587
    mail_security: Literal["starttls", "tls", "none"] = "starttls"
    """None only towards this machine."""

    mail_user: str = ""
    mail_password: str | None = field(default=None, repr=False)
    mail_from: str = ""
    """Sender's address, such as service@example.org."""

    def __post_init__(self) -> None:
        try:
            ZoneInfo(self.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as err:
            raise BadSettings("IVR_REACH__ZONE names no time zone known here.") from err
        if self.webhook_url:
            self._check_webhook()
        if self.mail_host and not re.fullmatch(r"[^@\s<>,]+@[^@\s<>,]+", self.mail_from):
            raise BadSettings(
                "IVR_REACH__MAIL_HOST needs IVR_REACH__MAIL_FROM, such as service@example.org."
            )
        if self.mail_host and self.mail_security == "none" and not is_this_machine(self.mail_host):
            raise BadSettings(
                "IVR_REACH__MAIL_SECURITY=none is only for this machine's own server."
            )

    def _check_webhook(self) -> None:
        try:
            url = urlsplit(self.webhook_url)
            host = url.hostname or ""
            _ = url.port
        except ValueError as err:
            raise BadSettings("IVR_REACH__WEBHOOK_URL is no web address.") from err
        is_private = url.scheme == "https" or (url.scheme == "http" and is_this_machine(host))
        if not host or not is_private or url.username is not None:
            raise BadSettings(
                "IVR_REACH__WEBHOOK_URL must be https without a password in it, or http on this "
                "machine."
            )
        if len(self.webhook_secret or "") < _SHORTEST_SECRET:
            raise BadSettings(
                f"IVR_REACH__WEBHOOK_SECRET needs {_SHORTEST_SECRET} characters or more."
            )


def is_this_machine(host: str) -> bool:
    """Whether the host is this machine by its name or address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
