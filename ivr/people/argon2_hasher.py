"""Argon2id, through argon2-cffi. Nothing else imports it."""

from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError, VerifyMismatchError

_MEMORY_KIB = 64 * 1024
_ROUNDS = 3
_LANES = 1
"""RFC 9106 recommends 64 MiB and three rounds where memory is dear; one lane leaves a core to
calls."""

_AT_ONCE = 2
"""More would wait in memory that calls need."""


class Argon2Hasher:
    """Hashes a few at a time; whoever comes later waits."""

    def __init__(self, *, memory_kib: int = _MEMORY_KIB, rounds: int = _ROUNDS) -> None:
        self._hasher = PasswordHasher(
            time_cost=rounds, memory_cost=memory_kib, parallelism=_LANES, type=Type.ID
        )
        self._room = BoundedSemaphore(_AT_ONCE)

    def hashed(self, password: str) -> str:
        with self._room:
            return self._hasher.hash(password)

    def fits(self, hashed: str, password: str) -> bool:
        with self._room:
            try:
                return self._hasher.verify(hashed, password)
            except (VerifyMismatchError, VerificationError, InvalidHashError):
                return False

    def is_stale(self, hashed: str) -> bool:
        return self._hasher.check_needs_rehash(hashed)
