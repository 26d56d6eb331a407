"""The page of the telephone, and the socket that it calls over."""

from importlib.resources import files

from fastapi import APIRouter, HTTPException, Response, WebSocket

from ivr.errors import BadSettings
from ivr.gateways.phone.door import is_own_page
from ivr.gateways.phone.visit import Operator, Visit
from ivr.settings import PhoneSettings

_STATIC = files("ivr.gateways.phone") / "static"

_LEAST_TOKEN = 24

_TYPES = {
    "phone.html": "text/html; charset=utf-8",
    "phone.css": "text/css; charset=utf-8",
    "phone.js": "text/javascript; charset=utf-8",
    "call.js": "text/javascript; charset=utf-8",
    "story.js": "text/javascript; charset=utf-8",
    "words.js": "text/javascript; charset=utf-8",
    "worklet.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def routes(operator: Operator, settings: PhoneSettings) -> APIRouter:
    """`/phone` and `/ws/phone`; nothing where the telephone is switched off.

    Raises:
        BadSettings: the token can be guessed.
    """
    phone = APIRouter(tags=["phone"], include_in_schema=False)
    if not settings.enabled:
        return phone
    if 0 < len(settings.token) < _LEAST_TOKEN:
        raise BadSettings(
            f"IVR_GATEWAYS__PHONE__TOKEN must have {_LEAST_TOKEN} characters at least, at random."
        )

    @phone.get("/phone")
    async def page() -> Response:
        return _file("phone.html")

    @phone.get("/phone/{name}")
    async def part(name: str) -> Response:
        return _file(name)

    @phone.websocket("/ws/phone")
    async def call(socket: WebSocket) -> None:
        headers = socket.headers
        if is_own_page(headers.get("origin", ""), headers.get("host", "")):
            await Visit(operator, socket, settings).serve()
        else:
            await socket.close()

    return phone


def _file(name: str) -> Response:
    if name not in _TYPES:
        raise HTTPException(404)
    return Response((_STATIC / name).read_bytes(), media_type=_TYPES[name], headers=_HEADERS)
