"""The cookie that binds a link to one browser."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

_NAME: Final = "rufwerk-link"
_SECURE_NAME: Final = "__Secure-rufwerk-link"
"""Browsers take it over TLS only (RFC 6265bis, 4.1.3.1)."""


def browser_in(request: Request, *, is_secure: bool) -> str:
    """What it holds; empty where there is none."""
    return request.cookies.get(_SECURE_NAME if is_secure else _NAME, "")


def keep_browser(
    response: Response, secret: str, *, path: str, hours: int, is_secure: bool
) -> None:
    """For this link alone. Lax: from a mail the page opens again without the code."""
    response.set_cookie(
        _SECURE_NAME if is_secure else _NAME,
        secret,
        max_age=hours * 3_600,
        path=path,
        httponly=True,
        secure=is_secure,
        samesite="lax",
    )
