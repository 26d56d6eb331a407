"""What is refused at the door, by the code that was answered."""

import json
import re
from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ivr.errors import PROBLEM_TYPE
from ivr.seeing import measures
from ivr.seeing.measure import OTHER, Meter

_PROBLEM = PROBLEM_TYPE.encode()
_LARGEST_BYTES = 4_096
"""Problems are shorter."""

_STARTS = frozenset({"http.response.start", "websocket.http.response.start"})
_BODIES = frozenset({"http.response.body", "websocket.http.response.body"})
_NOT_ALLOWED = (401, 403)

_WEBHOOKS: Mapping[str, str] = {"twilio": "twilio", "jambonz": "jambonz", "httapi": "freeswitch"}
_WEBHOOK = re.compile(r"/(?:ws/)?([a-z]+)(?:[/-].*)?")


class CountedRefusals:
    """Counts problems that are answered, over HTTP and WebSocket alike. Changes nothing."""

    def __init__(self, app: ASGIApp, *, meter: Meter) -> None:
        self._app = app
        self._meter = meter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Watched(send, scope["path"], self._meter))


class _Watched:
    """The answers to one request."""

    def __init__(self, send: Send, path: str, meter: Meter) -> None:
        self._send = send
        self._path = path
        self._meter = meter
        self._status = 0
        self._is_problem = False

    async def __call__(self, message: Message) -> None:
        kind = message["type"]
        if kind in _STARTS:
            self._begins(message)
        elif kind in _BODIES and self._is_problem:
            self._is_problem = False
            self._refused(_code_of(message.get("body", b"")))
        elif kind == "websocket.close" and message.get("code", 0) >= 4_000:  # noqa: PLR2004
            self._status = message["code"] - 4_000
            self._refused(message.get("reason") or OTHER)
        await self._send(message)

    def _begins(self, message: Message) -> None:
        self._status = message["status"]
        self._is_problem = (b"content-type", _PROBLEM) in message["headers"]

    def _refused(self, code: str) -> None:
        self._meter.count(measures.REFUSALS, code)
        found = _WEBHOOK.fullmatch(self._path)
        gateway = _WEBHOOKS.get(found[1]) if found else None
        if gateway and self._status in _NOT_ALLOWED:
            self._meter.count(measures.WEBHOOK_REFUSALS, gateway)


def _code_of(body: bytes) -> str:
    if len(body) > _LARGEST_BYTES:
        return OTHER
    try:
        code = json.loads(body)["code"]
    except (ValueError, TypeError, KeyError):
        return OTHER
    return code if isinstance(code, str) else OTHER
