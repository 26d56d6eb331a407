"""Master keys: they wrap the keys of subjects, and live apart from everything they wrap."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from biometrics.errors import KeysUnavailable
from biometrics.vault.cipher import KEY_BYTES, Tampered, derived, seal, unseal


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrapped:
    """A key as only a master key opens it."""

    master: str
    """Id of that master key; says nothing about its bytes."""

    key: bytes = field(repr=False)


class MasterKeys(Protocol):
    """Holds master keys, or asks somebody who does. Every method raises KeysUnavailable."""

    @property
    def current(self) -> str:
        """Id of the key that wraps from now on."""

    def wrap(self, key: bytes, *, bound_to: bytes) -> Wrapped: ...

    def unwrap(self, wrapped: Wrapped, *, bound_to: bytes) -> bytes: ...

    def start(self) -> None:
        """Make the first key, if it is ours to make and there is none."""

    def renew(self) -> None:
        """Make another key the current one, and keep the earlier ones to unwrap with."""

    def retire(self, *, keep: str) -> bool:
        """Forget the keys older than `keep`; says whether there was any to forget here."""


@dataclass(frozen=True, slots=True)
class GivenKeys:
    """Master keys that somebody else keeps, such as an environment variable of a secret manager.

    The first wraps, all unwrap.
    """

    keys: Sequence[bytes] = field(repr=False)

    @property
    def current(self) -> str:
        return key_id(self.keys[0])

    def wrap(self, key: bytes, *, bound_to: bytes) -> Wrapped:
        return Wrapped(master=self.current, key=seal(self.keys[0], key, bound_to=bound_to))

    def unwrap(self, wrapped: Wrapped, *, bound_to: bytes) -> bytes:
        for master in self.keys:
            if hmac.compare_digest(key_id(master), wrapped.master):
                return _unwrapped(master, wrapped, bound_to)
        raise KeysUnavailable(
            f"The master key {wrapped.master} is needed and not here; "
            f"here is {', '.join(map(key_id, self.keys))}. Give the key that belongs to these data."
        )

    def start(self) -> None:
        """Somebody else makes them."""

    def renew(self) -> None:
        raise KeysUnavailable(
            "Everything is wrapped by the first master key. Put a new one before it, separated by "
            "a comma (`ivr keys make` prints one), and rotate again."
        )

    def retire(self, *, keep: str) -> bool:
        del keep
        return False


def _unwrapped(master: bytes, wrapped: Wrapped, bound_to: bytes) -> bytes:
    try:
        return unseal(master, wrapped.key, bound_to=bound_to)
    except Tampered as err:
        raise Tampered("The key of a voice is damaged; enrol the voice again.") from err


def bound_key(row: str) -> bytes:
    """What the key of a row is bound to: it opens in no other row."""
    return f"key of {row}".encode()


def fingerprint(key: bytes) -> str:
    """By this an erasure can be shown; it tells nothing of the key."""
    return derived(key, purpose="fingerprint")[:16].hex()


def key_id(key: bytes) -> str:
    """Names a key without telling any of its bits."""
    return derived(key, purpose="key id")[:6].hex()


def printed(key: bytes) -> str:
    """A key as text, with a checksum so that a slip of copying is noticed."""
    return base64.b64encode(key + _checksum(key)).decode()


def read_key(text: str) -> bytes:
    """A key from text.

    Raises:
        KeysUnavailable: it is no key; the text is not repeated.
    """
    try:
        found = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError) as err:
        raise KeysUnavailable(_NO_KEY) from err
    key, checksum = found[:KEY_BYTES], found[KEY_BYTES:]
    if len(key) != KEY_BYTES or not hmac.compare_digest(checksum, _checksum(key)):
        raise KeysUnavailable(_NO_KEY)
    return key


def read_keys(text: str) -> GivenKeys:
    """Keys separated by commas.

    Raises:
        KeysUnavailable: one of them is no key.
    """
    return GivenKeys(tuple(read_key(part) for part in text.split(",")))


_NO_KEY = "A master key cannot be read; give one as `ivr keys make` prints it."


def _checksum(key: bytes) -> bytes:
    return hashlib.sha256(b"rufwerk master key" + key).digest()[:4]
