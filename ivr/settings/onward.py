"""Links that callers are sent to go on in writing."""

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field

from ivr.errors import BadSettings
from ivr.settings.reach import is_this_machine


@dataclass(frozen=True, slots=True, kw_only=True)
class OnwardSettings:
    """Links that callers are sent to go on in writing."""

    url: str = ""
    """Where browsers reach this service, such as https://service.example.org; empty sends none."""

    expires_h: Annotated[int, Field(ge=1, le=24 * 14)] = 24
    code_digits: Annotated[int, Field(ge=4, le=8)] = 6
    code_tries: Annotated[int, Field(ge=1, le=10)] = 5
    """Wrong codes that lock a link, until it is sent again."""

    visit_min: Annotated[int, Field(ge=5, le=60)] = 15
    """So long the code holds in the browser that it was typed in."""

    most_sends: Annotated[int, Field(ge=1, le=10)] = 3
    """How often the same link is sent."""

    known_days: Annotated[int, Field(ge=1, le=90)] = 7
    """So long after its end it is known what came of a link."""

    free_guesses: Annotated[int, Field(ge=5)] = 30
    """Links that are none, or wrong codes, of one address until it has to wait."""

    @property
    def is_on(self) -> bool:
        return bool(self.url)

    def __post_init__(self) -> None:
        if not self.url:
            return
        try:
            parts = urlsplit(self.url)
            host = parts.hostname or ""
            _ = parts.port
        except ValueError as err:
            raise BadSettings("IVR_ONWARD__URL is no web address.") from err
        is_private = parts.scheme == "https" or (parts.scheme == "http" and is_this_machine(host))
        # Forms and the cookie of a page are for /go/, whatever stands before it.
        has_more = parts.path not in ("", "/") or parts.query or parts.fragment
        is_plain = not (has_more or parts.username)
        if not (host and is_private and is_plain):
            raise BadSettings(
                "IVR_ONWARD__URL must be https, or http on this machine, with nothing behind the "
                "host."
            )
