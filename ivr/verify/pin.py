"""A PIN: which one may be set, what is kept of it, and whether another one is the same."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from biometrics import StoreUnavailable, SubjectId
from ivr.errors import WeakPin

MOST_DIGITS = 8

_PIN = re.compile(r"[0-9]{4,8}")
_SALT_BYTES = 16
_DIGEST_BYTES = 32
_MOST_MEMORY_BYTES = 64 * 1024 * 1024

_KEYPAD = ("2580", "0852", "1470", "0741", "1590", "3570", "1379", "1397", "159357", "147258369")
"""What fingers type without thinking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """What others may know of whose PIN it is, and would try."""

    birth_date: date | None = field(default=None, repr=False)
    numbers: tuple[str, ...] = field(default=(), repr=False)
    """In E.164."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one guess costs, in the terms of scrypt (RFC 7914)."""

    n: int = 2**14
    r: int = 8
    p: int = 5
    """OWASP's least costly choice in memory: 16 MiB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PinRecord:
    """What is kept of a PIN. Without the pepper no PIN can be told from it."""

    salt: bytes = field(repr=False)
    digest: bytes = field(repr=False)
    cost: Cost


def may_be_pin(keys: str) -> bool:
    """Whether keys have the shape of a PIN; the hash key may end them."""
    return _PIN.fullmatch(keys.removesuffix("#")) is not None


def check_pin(digits: str, owner: Owner, *, least_digits: int) -> None:
    """Refuse a PIN that others would try first.

    Raises:
        WeakPin: says which rule it breaks, and repeats none of it.
    """
    if not (digits.isascii() and digits.isdecimal() and least_digits <= len(digits) <= MOST_DIGITS):
        raise WeakPin(f"A PIN is {least_digits} to {MOST_DIGITS} digits and nothing else.")
    if _is_pattern(digits):
        raise WeakPin("This PIN is a pattern that everybody tries first; choose another one.")
    if owner.birth_date is not None and digits in _spellings(owner.birth_date):
        raise WeakPin("This PIN is the customer's date of birth; choose another one.")
    if any(number.endswith(digits) for number in owner.numbers):
        raise WeakPin("This PIN is the end of the customer's own number; choose another one.")


def recorded(subject: SubjectId, digits: str, *, pepper: bytes, cost: Cost) -> PinRecord:
    """What to keep of a PIN of this subject."""
    salt = secrets.token_bytes(_SALT_BYTES)
    return PinRecord(salt=salt, digest=_digest(subject, digits, pepper, salt, cost), cost=cost)


def is_right(record: PinRecord, subject: SubjectId, digits: str, *, pepper: bytes) -> bool:
    """Whether this is the PIN that `record` was made of, for this subject.

    Raises:
        StoreUnavailable: the record is damaged.
    """
    digest = _digest(subject, digits, pepper, record.salt, record.cost)
    return hmac.compare_digest(digest, record.digest)


def _digest(subject: SubjectId, digits: str, pepper: bytes, salt: bytes, cost: Cost) -> bytes:
    # Bound to the subject, a record that was moved to another row opens nothing there.
    secret = hmac.digest(pepper, f"{len(subject)}:{subject}{digits}".encode(), "sha256")
    try:
        return hashlib.scrypt(
            secret,
            salt=salt,
            n=cost.n,
            r=cost.r,
            p=cost.p,
            maxmem=_MOST_MEMORY_BYTES,
            dklen=_DIGEST_BYTES,
        )
    except (ValueError, TypeError, OverflowError) as err:
        raise StoreUnavailable("What is kept of a PIN is damaged; set it again.") from err


def _is_pattern(digits: str) -> bool:
    """One digit or one piece over and over, a row up or down, or a way across the keys."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(digits)}
    pieces = (digits[:length] for length in range(1, len(digits) // 2 + 1))
    repeats = any(digits == one * (len(digits) // len(one)) for one in pieces)
    return steps in ({1}, {9}) or repeats or digits in _KEYPAD


def _spellings(born: date) -> frozenset[str]:
    """A date of birth as people type it."""
    return frozenset(_written(born))


def _written(born: date) -> Iterator[str]:
    day, month, year = f"{born.day:02d}", f"{born.month:02d}", f"{born.year:04d}"
    yield from (year, day + month, month + day)
    for years in (year, year[-2:]):
        yield from (month + years, years + month)
        yield from (day + month + years, month + day + years, years + month + day)
