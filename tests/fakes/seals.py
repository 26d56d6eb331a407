"""Seals of a key that everybody knows."""

from ivr.wiring.sharing import SharedSeal

KEY = b"k" * 32


def seal_of(key: bytes) -> SharedSeal:
    return SharedSeal(key=key, names=key[::-1])
