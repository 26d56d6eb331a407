"""Which passwords may be set, and the port to whoever hashes them."""

import re
import secrets
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Protocol

from ivr.errors import WeakPassword
from ivr.people.person import PersonId
from ivr.strict_yaml import read_yaml

LEAST = 12
"""Characters. NIST SP 800-63B asks for length and a list of refused ones, and for no mixture."""

MOST = 256
"""Longer ones only cost time."""

_GENERATED_BYTES = 15

_FORBIDDEN = files("ivr.people") / "forbidden_passwords.yaml"

_HOUSE = ("rufwerk", "passwort", "password")


class Hasher(Protocol):
    """Shared by every thread."""

    def hashed(self, password: str) -> str:
        """With a fresh salt."""

    def fits(self, hashed: str, password: str) -> bool:
        """Takes as long where it does not."""

    def is_stale(self, hashed: str) -> bool:
        """Made with other parameters than are in use now."""


def plain(password: str) -> str:
    """The same whatever keyboard typed it (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", password)


def checked_password(password: str, person: PersonId) -> str:
    """The password as it is hashed.

    Raises:
        WeakPassword: it is too short or too long, or one that is tried first.
    """
    chosen = plain(password)
    if not LEAST <= len(chosen) <= MOST:
        raise WeakPassword(f"A password has {LEAST} to {MOST} characters; a sentence is fine.")
    if _is_tried_first(chosen.casefold(), person):
        raise WeakPassword("This is a password that others try first; take another.")
    return chosen


def generated() -> str:
    """120 random bits, in groups that can be read aloud."""
    drawn = secrets.token_hex(_GENERATED_BYTES)
    return "-".join(re.findall(".{5}", drawn))


_TELLING = 5
"""Different characters, at least."""

_OWN = 4
"""Letters beside a word that everybody knows, at least."""


def _is_tried_first(folded: str, person: PersonId) -> bool:
    """On the list; few different characters; or a known word with little around it."""
    if folded in _forbidden() or len(set(folded)) < _TELLING:
        return True
    known = [word for word in (person, *_HOUSE) if len(word) >= _OWN and word in folded]
    return any(len(re.sub(r"[\W\d_]", "", folded.replace(word, ""))) < _OWN for word in known)


@cache
def _forbidden() -> frozenset[str]:
    return frozenset(map(str, read_yaml(_FORBIDDEN, WeakPassword)["passwords"]))
