"""Tokens, codes and what is kept of them: digests, compared in constant time."""

import base64
import hashlib
import hmac
import re
import secrets
from typing import NewType

LinkName = NewType("LinkName", str)
"""SHA-256 of a token in hex. Nobody can tell the token from it."""

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_BROWSER_BYTES = 32


def token_of(key: bytes, request: str) -> str:
    """256 bits that nobody without the key can tell; the same request has the same.

    HMAC is a pseudo-random function (RFC 2104), so that no token need be kept to be sent again.
    """
    mac = hmac.digest(key, b"link\0" + request.encode(), "sha256")
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def name_of(token: str) -> LinkName | None:
    """What a link is found by; None for what cannot be a token."""
    if not _TOKEN.fullmatch(token):
        return None
    return LinkName(hashlib.sha256(token.encode()).hexdigest())


def new_code(digits: int) -> str:
    """Drawn anew for each message, and spoken in the call only."""
    return f"{secrets.randbelow(10**digits):0{digits}d}"


def code_digest(token: str, code: str) -> str:
    """A million codes are soon tried out, but not without the token, which is not kept."""
    return hmac.digest(token.encode(), b"code\0" + code.encode(), "sha256").hex()


def is_code(token: str, typed: str, digest: str) -> bool:
    """Blanks between the digits do not matter."""
    code = "".join(typed.split())
    return hmac.compare_digest(code_digest(token, code), digest)


def new_browser() -> str:
    """What a cookie holds."""
    return secrets.token_urlsafe(_BROWSER_BYTES)


def browser_digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
