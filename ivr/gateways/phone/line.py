"""One call's way to the browser: sound in binary messages, everything else in JSON."""

import asyncio
import contextlib
import json

from starlette.websockets import WebSocket, WebSocketDisconnect

from ivr.errors import CallProblem
from ivr.gateways.outbox import Outbox
from ivr.live.happening import Happening
from ivr.live.wire import Ending

_FAREWELL_S = 5


class Line:
    """The wire of a call, and what its observer tells."""

    def __init__(self, socket: WebSocket) -> None:
        self._socket = socket
        self._outbox = Outbox[str]()

    async def play(self, frame: bytes) -> None:
        self._outbox.play(frame)

    async def clear(self) -> None:
        self._outbox.clear()
        self._tell("clear")

    async def end(self, ending: Ending) -> None:
        self._tell("ended", action=ending.type, queue=ending.queue, priority=ending.priority)

    def answered(self, call_id: str) -> None:
        """The call begins."""
        self._tell("answered", call_id=call_id)

    def refused(self, problem: CallProblem) -> None:
        """There is no call, or none any more."""
        self._tell("refused", code=problem.code, sentence=problem.sentence)

    def watch(self, happening: Happening) -> None:
        """One moment of the call."""
        told = {"at_ms": happening.at_ms, "kind": happening.kind, "told": dict(happening.told)}
        self._tell("happening", **told)

    async def run(self) -> None:
        """Send what there is until `finish`, or until the browser is gone."""
        await self._outbox.empty(self._send)

    async def finish(self, running: "asyncio.Task[None]") -> None:
        """Send the rest, and wait for it no longer than is polite."""
        self._outbox.close()
        await asyncio.wait([running], timeout=_FAREWELL_S)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await running

    async def _send(self, message: bytes | str) -> None:
        if isinstance(message, bytes):
            await self._socket.send_bytes(message)
        else:
            await self._socket.send_text(message)

    def _tell(self, type_: str, /, **told: object) -> None:
        self._outbox.tell(json.dumps({"type": type_, **told}, ensure_ascii=False))
