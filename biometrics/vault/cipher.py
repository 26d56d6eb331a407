"""Sealing bytes with AES-256-GCM, and deriving keys. Nothing else here imports cryptography."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from biometrics.errors import StoreUnavailable

KEY_BYTES = 32

_FORM = b"\x01"
"""Version of the layout: form, nonce, ciphertext with its tag."""

_NONCE_BYTES = 12
"""Random. NIST SP 800-38D (8.3) allows 2^32 seals under one key with random 96-bit nonces: a
subject's key makes a handful, a master key one a subject and rotation."""

_TAG_BYTES = 16


class Tampered(StoreUnavailable):
    """A sealed record was changed, cut, or belongs to something else."""


def new_key() -> bytes:
    """32 bytes from the operating system."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, plain: bytes, *, bound_to: bytes) -> bytes:
    """`plain` as only `key` opens it, and only for what it is `bound_to`."""
    nonce = os.urandom(_NONCE_BYTES)
    return _FORM + nonce + AESGCM(key).encrypt(nonce, plain, _FORM + bound_to)


def unseal(key: bytes, sealed: bytes, *, bound_to: bytes) -> bytes:
    """What was sealed.

    Raises:
        Tampered: the key is another one, or the bytes or what they are bound to were changed.
    """
    nonce, rest = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    if sealed[:1] != _FORM or len(rest) < _TAG_BYTES:
        raise Tampered("What is kept of a voice is damaged; enrol the voice again.")
    try:
        return AESGCM(key).decrypt(nonce, rest, _FORM + bound_to)
    except InvalidTag as err:
        raise Tampered("What is kept of a voice is damaged; enrol the voice again.") from err


def derived(key: bytes, *, purpose: str) -> bytes:
    """Another 32 bytes that tell nothing of `key` (HKDF-SHA-256, RFC 5869)."""
    return HKDF(
        algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"rufwerk " + purpose.encode()
    ).derive(key)
