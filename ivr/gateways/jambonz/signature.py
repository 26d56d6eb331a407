"""Whether a webhook comes from our jambonz.

`Jambonz-Signature: t=<unix seconds>,v1=<hex>` is an HMAC-SHA256, under the account's webhook
secret, of `<t>.` and the body. A GET signs an object that is not in the request, so it proves
nothing. Source: jambonz-feature-server, lib/utils/base-requestor.js and http-requestor.js.
"""

import hashlib
import hmac

HEADER = "Jambonz-Signature"

_TOLERANCE_S = 300
"""Clocks differ, and a hook that is tried again keeps its first signature."""

_LONGEST_TIME = 12
_MOST_SIGNATURES = 8
_DIGEST_BYTES = 32


def secrets_of(setting: str) -> tuple[bytes, ...]:
    """The secrets of a setting that names them separated by commas; none is none."""
    return tuple(part.encode() for one in setting.split(",") if (part := one.strip()))


def is_signed(header: str, body: bytes, *, secrets: tuple[bytes, ...], now_s: int) -> bool:
    """Whether one of the secrets signed this body within five minutes of now."""
    pairs = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in pairs if name == "t"]
    shown = [raw for name, _, value in pairs if name == "v1" and (raw := _digest(value))]
    if len(times) != 1 or len(shown) > _MOST_SIGNATURES or not _is_recent(times[0], now_s):
        return False
    signed = times[0].encode() + b"." + body
    is_ours = False
    for secret in secrets:
        expected = hmac.new(secret, signed, hashlib.sha256).digest()
        for one in shown:  # all of them, so that time does not tell which one was near
            is_ours |= hmac.compare_digest(expected, one)
    return is_ours


def _is_recent(time: str, now_s: int) -> bool:
    if not (time.isascii() and time.isdigit()) or len(time) > _LONGEST_TIME:
        return False
    return abs(now_s - int(time)) <= _TOLERANCE_S


def _digest(value: str) -> bytes:
    """Empty where it is none."""
    try:
        raw = bytes.fromhex(value)
    except ValueError:
        return b""
    return raw if len(raw) == _DIGEST_BYTES else b""
