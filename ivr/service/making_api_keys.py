"""Making keys, finding them by what is shown, and letting one take another's place."""

import hashlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ivr.errors import BadApiKey, UnknownApiKey
from ivr.service.api_keys import ApiKey, KeyId, Scope

_MARK = "rufwerk_"
"""Keys that were left lying about in files are found by it."""

_SECRET_BYTES = 32
_LONGEST = 128
_ID_BYTES = 4
_LONGEST_NAME = 64

_MOST_VALID = 2
"""Of one name: the new one and the one whose place it takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A key that was just made. Its secret is shown once and kept nowhere."""

    key: ApiKey
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotation:
    """One key takes another's place."""

    old: ApiKey
    ending: ApiKey
    """The old one, with its end."""

    new: Made


def digest_of(shown: bytes) -> bytes | None:
    """What a key is found by; None for what cannot be one, so that nobody need look."""
    if len(shown) > _LONGEST or not shown.startswith(_MARK.encode()):
        return None
    return hashlib.sha256(shown).digest()


def made(name: str, scopes: Collection[Scope], now: datetime, expires_at: datetime | None) -> Made:
    """A fresh key.

    Raises:
        BadApiKey: it would open nothing, has expired, or its name is none.
    """
    if not scopes:
        raise BadApiKey("A key without a scope opens nothing; name one or more.")
    if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise BadApiKey("A key's name says who uses it, in 1 to 64 characters.")
    if expires_at is not None and expires_at <= now:
        raise BadApiKey("The key would have expired already.")
    secret = _MARK + secrets.token_urlsafe(_SECRET_BYTES)
    key = ApiKey(
        id=KeyId("k" + secrets.token_hex(_ID_BYTES)),
        name=name.strip(),
        scopes=frozenset(scopes),
        digest=hashlib.sha256(secret.encode()).digest(),
        made_at=now,
        expires_at=expires_at,
    )
    return Made(key=key, secret=secret)


def rotation(keys: Iterable[ApiKey], name: str, now: datetime, *, overlap: timedelta) -> Rotation:
    """A new key in place of the valid one of this name, which goes on for `overlap`.

    The new one may do the same, and lives as long as the old one was made for.

    Raises:
        UnknownApiKey: no key of this name is valid.
        BadApiKey: two are valid already.
    """
    valid = [key for key in keys if key.name == name and key.is_valid(now)]
    if not valid:
        raise UnknownApiKey(f"No key named {name} is valid; see: ivr api-keys list")
    if len(valid) >= _MOST_VALID:
        ids = " or ".join(key.id for key in valid)
        raise BadApiKey(f"Two keys named {name} are valid; revoke {ids} first.")
    old = valid[0]
    lifetime = old.expires_at - old.made_at if old.expires_at else None
    ends = min(filter(None, (old.expires_at, now + overlap)))
    return Rotation(
        old=old,
        ending=replace(old, expires_at=ends),
        new=made(name, old.scopes, now, now + lifetime if lifetime else None),
    )


def revocation(keys: Iterable[ApiKey], key_id: KeyId) -> ApiKey:
    """The key that is to be revoked.

    Raises:
        UnknownApiKey: there is none of this id, or it was revoked before.
    """
    found = next((key for key in keys if key.id == key_id and key.revoked_at is None), None)
    if found is None:
        raise UnknownApiKey("No key of this id opens anything; see: ivr api-keys list")
    return found
