"""How much may be sent, and what stays out of the log when something fails."""

import logging

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ivr.service.problems import problem
from ivr.trace import trace

log = logging.getLogger(__name__)


class QuietFailures:
    """What nobody foresaw answers 500, and its message stays out of the log."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noting(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except ClientDisconnect:
            pass  # in the middle of what it sent, so that nobody waits for an answer
        except Exception as err:  # noqa: BLE001 - the server would log it with its message
            log.error("request failed", extra=trace(err))  # noqa: TRY400 - as above
            if not begun and scope["type"] == "http":
                sentence = "Something failed that nobody foresaw; send the caller to a person."
                await problem("unexpected", sentence)(scope, receive, send)


class SizeGuard:
    """Refuses bodies that are too large, before and while they are read."""

    def __init__(self, app: ASGIApp, *, largest_bytes: int) -> None:
        self._app = app
        self._largest_bytes = largest_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > self._largest_bytes:
            await self._refusal()(scope, receive, send)
            return
        counted = _Counted(receive, self._largest_bytes)
        answer = _Replaced(send, self._refusal(), scope, counted)
        await self._app(scope, counted, answer)

    def _refusal(self) -> ASGIApp:
        megabytes = self._largest_bytes // 1024 // 1024
        return problem("upload_too_large", f"One turn may have at most {megabytes} MiB.")


class _TooMuch(Exception):  # noqa: N818 - an error is named after what happened
    """More bytes came than were declared or allowed."""


class _Counted:
    """Reads the body, and no further than it may."""

    def __init__(self, receive: Receive, largest_bytes: int) -> None:
        self._receive = receive
        self._left = largest_bytes

    @property
    def is_over(self) -> bool:
        return self._left < 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self.is_over:
            raise _TooMuch
        return message


class _Replaced:
    """Whatever the application makes of a body that was cut off, the refusal is sent."""

    def __init__(self, send: Send, refusal: ASGIApp, scope: Scope, body: _Counted) -> None:
        self._send = send
        self._refusal = refusal
        self._scope = scope
        self._body = body
        self._has_refused = False

    async def __call__(self, message: Message) -> None:
        if not self._body.is_over:
            await self._send(message)
        elif not self._has_refused:
            self._has_refused = True
            await self._refusal(self._scope, self._body, self._send)
