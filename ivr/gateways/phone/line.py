"""One call's way to the browser: sound in binary messages, everything else in JSON."""

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Mapping

from starlette.websockets import WebSocket, WebSocketDisconnect

from ivr.errors import CallProblem
from ivr.live.happening import Happening
from ivr.live.wire import Ending

_MOST_FRAMES = 100
"""Two seconds of sound that a slow browser has not taken; then frames are left out."""

_MOST_WAITING = 1_000
"""Messages of every kind; a browser that takes none of them misses what happens."""

_FAREWELL_S = 5


class Line:
    """The wire of a call, and what its observer tells. Messages leave in the order they came."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._waiting: deque[bytes | str] = deque()
        self._news = asyncio.Event()
        self._is_closing = False

    async def play(self, frame: bytes) -> None:
        if sum(isinstance(one, bytes) for one in self._waiting) < _MOST_FRAMES:
            self._put(frame)

    async def clear(self) -> None:
        kept = [one for one in self._waiting if isinstance(one, str)]
        self._waiting = deque(kept)
        self._tell("clear")

    async def end(self, ending: Ending) -> None:
        self._tell(
            "ended",
            action=ending.type,
            queue=ending.queue,
            priority=ending.priority,
            is_verified=ending.is_verified,
        )

    def answered(self, call_id: str) -> None:
        """The call begins."""
        self._tell("answered", call_id=call_id)

    def refused(self, problem: CallProblem) -> None:
        """There is no call, or none any more."""
        self._tell("refused", code=problem.code, sentence=problem.sentence)

    def watch(self, happening: Happening) -> None:
        """One moment of the call."""
        self._tell(
            "happening",
            at_ms=happening.at_ms,
            kind=happening.kind,
            told=dict(happening.told),
        )

    async def run(self) -> None:
        """Send what there is until `finish`, or until the browser is gone."""
        while not (self._is_closing and not self._waiting):
            self._news.clear()
            while self._waiting:
                await self._send(self._waiting.popleft())
            if not self._is_closing:
                await self._news.wait()

    async def finish(self, running: "asyncio.Task[None]") -> None:
        """Send the rest, and wait for it no longer than is polite."""
        self._is_closing = True
        self._news.set()
        await asyncio.wait([running], timeout=_FAREWELL_S)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await running

    async def _send(self, message: bytes | str) -> None:
        if isinstance(message, bytes):
            await self._socket.send_bytes(message)
        else:
            await self._socket.send_text(message)

    def _tell(self, type_: str, /, **told: str | int | bool | Mapping[str, object] | None) -> None:
        self._put(json.dumps({"type": type_, **told}, ensure_ascii=False))

    def _put(self, message: bytes | str) -> None:
        if len(self._waiting) < _MOST_WAITING:
            self._waiting.append(message)
            self._news.set()
