"""Whether a webhook comes from our Telnyx account.

`Telnyx-Signature-Ed25519` is base64 of an Ed25519 signature over the seconds in `Telnyx-Timestamp`,
a bar, and the body as it came. Sources: developers.telnyx.com, webhooks of the Python SDK;
telnyx-ruby, lib/telnyx/lib/webhook_verification.rb, which allows five minutes, as we do.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ivr.errors import BadSettings

_SIGNATURE, _TIMESTAMP = "Telnyx-Signature-Ed25519", "Telnyx-Timestamp"
_WINDOW_S = 300
_MOST_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a request shows."""

    signature: str = field(repr=False)
    seconds: str


def shown_by(headers: Mapping[str, str]) -> Seen | None:
    """The signature of a request; None where none of this kind is shown."""
    if _SIGNATURE not in headers:
        return None
    return Seen(signature=headers[_SIGNATURE], seconds=headers.get(_TIMESTAMP, ""))


def keys_of(setting: str) -> tuple[Ed25519PublicKey, ...]:
    """The public keys of a setting that names them separated by commas.

    Raises:
        BadSettings: one of them is no key.
    """
    try:
        return tuple(_key(part) for one in setting.split(",") if (part := one.strip()))
    except (ValueError, binascii.Error) as err:
        raise BadSettings(
            "IVR_GATEWAYS__TWILIO__TELNYX_KEYS holds the public keys that Telnyx' portal shows: "
            "base64 of 32 bytes each, separated by commas."
        ) from err


def is_signed(seen: Seen, body: bytes, *, keys: tuple[Ed25519PublicKey, ...], now_s: float) -> bool:
    """Whether one of the keys signed this body a short while ago."""
    digits = seen.seconds
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS):
        return False
    if abs(now_s - int(digits)) > _WINDOW_S:
        return False
    try:
        signature = base64.b64decode(seen.signature, validate=True)
    except (ValueError, binascii.Error):
        return False
    return any(_verifies(key, signature, digits.encode() + b"|" + body) for key in keys)


def _key(text: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(text, validate=True))


def _verifies(key: Ed25519PublicKey, signature: bytes, signed: bytes) -> bool:
    try:
        key.verify(signature, signed)
    except InvalidSignature:
        return False
    return True
