"""The cookies of the pages: who signed in, and how pages are to look."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

_NAME: Final = "rufwerk"
_HOST_NAME: Final = "__Host-rufwerk"
"""Browsers take it over TLS only, for this host and the whole of it (RFC 6265bis, 4.1.3.2)."""

_LOOK_S = 365 * 24 * 3_600


def secret_in(request: Request, *, is_secure: bool) -> str:
    """Of the session; empty where there is none."""
    return request.cookies.get(_HOST_NAME if is_secure else _NAME, "")


def keep_secret(response: Response, secret: str, *, is_secure: bool) -> None:
    """Until the browser is closed. Lax: a link from a telephone opens the desk signed in."""
    response.set_cookie(
        _HOST_NAME if is_secure else _NAME,
        secret,
        path="/",
        httponly=True,
        secure=is_secure,
        samesite="lax",
    )


def drop_secret(response: Response, *, is_secure: bool) -> None:
    response.delete_cookie(
        _HOST_NAME if is_secure else _NAME,
        path="/",
        httponly=True,
        secure=is_secure,
        samesite="lax",
    )


def look_in(request: Request, name: str, allowed: tuple[str, ...]) -> str:
    """A choice about looks; empty where none was made, or none that there is."""
    chosen = request.cookies.get(f"rufwerk-{name}", "")
    return chosen if chosen in allowed else ""


def keep_look(response: Response, name: str, chosen: str, *, is_secure: bool) -> None:
    response.set_cookie(
        f"rufwerk-{name}",
        chosen,
        max_age=_LOOK_S,
        path="/",
        httponly=True,
        secure=is_secure,
        samesite="strict",
    )
