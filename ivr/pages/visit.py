"""Somebody at a page: who it is, and in what language and look."""

from dataclasses import dataclass, field
from enum import StrEnum

from ivr.call import Language
from ivr.people.person import May, Person


class Look(StrEnum):
    """Of the pages."""

    AUTO = "auto"
    """As the browser asks."""

    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of a page."""

    person: Person | None = None
    """None where nobody signed in."""

    secret: str = field(default="", repr=False)
    """Of the session."""

    form_token: str = field(default="", repr=False)
    """What forms carry in the field `token`, and scripts in the header X-Form-Token."""

    language: Language
    look: Look = Look.AUTO
    is_secure: bool
    """The browser speaks TLS."""

    path: str
    source: str = field(repr=False)
    """Where it comes from: an address, or a network of IPv6."""

    def may(self, what: May) -> bool:
        return self.person is not None and self.person.may(what)

    @property
    def who(self) -> Person:
        """Who signed in, on pages that ask for it."""
        if self.person is None:
            raise LookupError("Nobody signed in.")
        return self.person


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An entry of the navigation."""

    path: str
    word: str
    """A key of the words."""

    needs: May
