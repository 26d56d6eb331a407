"""Calls whose sound Asterisk brings over a WebSocket: `Dial(WebSocket/...)`, or externalMedia.

Sound travels in binary messages, everything else in text (`control`). Asterisk queues what
it is sent and plays it on its own clock, so there is something to flush when a caller interrupts.
Who may connect was checked before: Asterisk shows a user and a password in the handshake.
"""

import asyncio
import contextlib
import logging

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from ivr.errors import CallProblem
from ivr.gateways.asterisk.control import (
    FORMATS,
    Command,
    Event,
    Flow,
    Pressed,
    Started,
    read_event,
    write_command,
)
from ivr.gateways.asterisk.routes import read_incoming
from ivr.gateways.line import carry
from ivr.gateways.outbox import Outbox
from ivr.gateways.sound import SoundIn, SoundOut
from ivr.live.reception import Reception
from ivr.live.wire import Ending, Incoming, LiveCall
from ivr.result import new_call_id
from ivr.trace import trace

log = logging.getLogger(__name__)

LARGEST_BYTES = 65_500
"""Of a message; Asterisk itself takes no larger ones."""

_SUBPROTOCOL = "media"

_GREET_S = 5.0
"""MEDIA_START is the first that Asterisk sends, but for sound that overtakes it."""

_SILENT_S = 10.0
"""Asterisk sends sound all the time. A connection without any message is half open."""

_MOST_EARLY = 50
"""Messages that are kept before it is known what sound they are: a second."""

_LEAVE_S = 2.0
"""For the last frames to be played."""


def routes(reception: Reception) -> APIRouter:
    """`/ws/asterisk`."""
    router = APIRouter(tags=["gateways"])

    @router.websocket("/ws/asterisk")
    async def asterisk(websocket: WebSocket) -> None:
        offered = websocket.scope.get("subprotocols", [])
        await websocket.accept(subprotocol=_SUBPROTOCOL if _SUBPROTOCOL in offered else None)
        try:
            await _Connection(reception, websocket).serve()
        except (OSError, EOFError):
            pass  # the other side is gone, or was no Asterisk
        except Exception as err:  # noqa: BLE001 - its message may hold words
            log.error("asterisk failed", extra=trace(err))  # noqa: TRY400 - as above
        finally:
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await websocket.close()

    return router


class _Connection:
    """One call; also its wire."""

    def __init__(self, reception: Reception, websocket: WebSocket) -> None:
        self._reception = reception
        self._websocket = websocket
        self._outbox = Outbox[str]()
        self._early: list[bytes] = []
        self._is_json = False
        self._is_sent = asyncio.Event()
        self._is_played = asyncio.Event()
        self._in = SoundIn()
        self._out = SoundOut()

    async def serve(self) -> None:
        async with asyncio.timeout(_GREET_S):
            started = await self._started()
        self._is_json = started.is_json
        call = await self._call(started)
        if call is None:
            await self._tell(Command.HANG_UP)
            return
        await carry(call, reading=self._read(call), sending=self._send_all())

    async def play(self, sound: bytes) -> None:
        self._outbox.play(self._out.give(sound))

    async def clear(self) -> None:
        self._outbox.clear()
        self._outbox.tell(write_command(Command.FLUSH, is_json=self._is_json))

    async def end(self, ending: Ending) -> None:
        """The dialplan goes on, and asks over HTTP what came of the call."""
        del ending
        self._outbox.close()
        with contextlib.suppress(OSError):
            async with asyncio.timeout(_LEAVE_S):
                await self._is_sent.wait()
                await self._tell(Command.REPORT_DRAINED)
                await self._is_played.wait()
        with contextlib.suppress(OSError):
            async with asyncio.timeout(_LEAVE_S):
                await self._tell(Command.HANG_UP)

    async def _started(self) -> Started:
        while True:
            message = await self._message()
            if isinstance(message, bytes):
                self._early = [*self._early, message][-_MOST_EARLY:]
            elif isinstance(event := read_event(message), Started):
                return event

    async def _call(self, started: Started) -> LiveCall | None:
        """None where it cannot be taken."""
        if started.format not in FORMATS:
            log.warning("asterisk refused", extra={"code": "unknown_format"})
            return None
        coding, rate_hz = FORMATS[started.format]
        self._in = SoundIn(coding=coding, rate_hz=rate_hz)
        self._out = SoundOut(coding=coding, rate_hz=rate_hz)
        try:
            return self._reception.answer(await self._incoming(started), self)
        except CallProblem as err:
            log.warning("asterisk refused", extra={"code": err.code})
            return None

    async def _incoming(self, started: Started) -> Incoming:
        """What was announced counts; else the channel's variables, else the address."""

        def told(name: str) -> str:
            variable = started.variables.get(f"RUFWERK_{name.upper()}")
            return variable or self._websocket.query_params.get(name, "")

        call = told("call") or started.channel_id or new_call_id()
        incoming = read_incoming(call, told("from"), told("lang"), told("source"))
        return await self._reception.announced(incoming.call_id) or incoming

    async def _read(self, call: LiveCall) -> None:
        for sound in self._early:
            await call.hear(self._in.take(sound))
        while True:
            async with asyncio.timeout(_SILENT_S):
                message = await self._message()
            if isinstance(message, bytes):
                await call.hear(self._in.take(message))
            else:
                await self._take(read_event(message), call)

    async def _take(self, event: Event | None, call: LiveCall) -> None:
        match event:
            case Pressed(key=key):
                await call.press(key)
            case Flow.FULL:
                self._outbox.hold()
            case Flow.READY:
                self._outbox.go_on()
            case Flow.DRAINED:
                self._is_played.set()
            case Started() | None:
                pass

    async def _message(self) -> bytes | str:
        received = await self._websocket.receive()
        if received["type"] == "websocket.disconnect":
            raise EOFError
        data: bytes | str = received.get("bytes") or received.get("text") or b""
        if len(data) > LARGEST_BYTES:
            log.warning("asterisk refused", extra={"code": "message_too_large"})
            raise EOFError
        return data

    async def _tell(self, command: Command) -> None:
        await self._send(write_command(command, is_json=self._is_json))

    async def _send_all(self) -> None:
        await self._outbox.empty(self._send)
        self._is_sent.set()

    async def _send(self, item: bytes | str) -> None:
        try:
            if isinstance(item, bytes):
                await self._websocket.send_bytes(item)
            else:
                await self._websocket.send_text(item)
        except (WebSocketDisconnect, RuntimeError) as err:
            raise ConnectionResetError from err
