"""jambonz' `listen`: the caller's sound over a WebSocket that jambonz opens, and ours back.

A text frame tells the call first, in camelCase. Sound is 16-bit little-endian in binary frames,
both ways. jambonz plays what we send in blocks of 80 ms and keeps a shorter rest back, until it is
filled up. Sources: jambonz/freeswitch-modules, mod_audio_fork/lws_glue.cpp;
jambonz-feature-server, lib/tasks/listen.js.
"""

import asyncio
import base64
import binascii
import contextlib
import json
import logging
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from ivr.errors import CallProblem
from ivr.gateways.jambonz.frames import first_told, sound_of, text_of, told
from ivr.gateways.sound import SoundIn
from ivr.gateways.tickets import Tickets
from ivr.live.reception import Reception
from ivr.live.wire import FRAME_BYTES, Ending, Incoming, LiveCall
from ivr.trace import trace

log = logging.getLogger(__name__)

SUBPROTOCOLS = ("audio.jambonz.org", "audio.drachtio.org")
"""The first is documented, the second is what mod_audio_fork offers."""

RATES_HZ = frozenset({8_000, 16_000, 24_000, 32_000, 48_000, 64_000})

NOT_ALLOWED, TRY_LATER = 1008, 1013

_MOST_UNSENT = 100
"""Frames, two seconds, that a slow reader has not taken; then frames are left out."""

_FILL_UP = bytes(FRAME_BYTES)
_FRAMES_OF_A_BLOCK = 4
_PLAYED_S = 0.3
"""What was sent last and ahead is played before jambonz hears that this was all. A mark would not
tell: while one is awaited, every sample of -1 is taken for it."""

_FLUSH_S = 2.0


def listen_routes(reception: Reception, tickets: Tickets) -> APIRouter:
    """`/ws/jambonz`: a stream comes in with the ticket that its call's webhook was answered."""
    streams = APIRouter(tags=["gateways"])

    @streams.websocket("/ws/jambonz")
    async def stream(websocket: WebSocket) -> None:
        try:
            await _Stream(reception, tickets, websocket).serve()
        except (WebSocketDisconnect, TimeoutError):
            pass  # the other side is gone, or never said who it is
        except Exception as err:  # noqa: BLE001 - one stream must not end the others
            log.error("jambonz stream failed", extra=trace(err))  # noqa: TRY400 - messages hold words
        await _close(websocket, 1000)

    return streams


class _Stream:
    """One call's connection."""

    def __init__(self, reception: Reception, tickets: Tickets, websocket: WebSocket) -> None:
        self._reception = reception
        self._tickets = tickets
        self._websocket = websocket
        self._sound = SoundIn()

    async def serve(self) -> None:
        incoming = await self._admitted()
        if incoming is None:
            log.warning("jambonz stream refused", extra={"code": "no_ticket"})
            await _close(self._websocket, NOT_ALLOWED)
            return
        line = _Line(self._websocket)
        try:
            call = self._reception.answer(incoming, line)
        except CallProblem as err:
            log.warning("jambonz stream refused", extra={"code": err.code})
            await _close(self._websocket, TRY_LATER)
            return
        await self._go_on(call, line)

    async def _admitted(self) -> Incoming | None:
        """The call that is announced and told; credentials that are wrong are not listened to."""
        shown = self._websocket.headers.get("authorization")
        known = await self._tickets.redeem(_password(shown)) if shown else None
        if shown and known is None:
            return None
        await self._websocket.accept(_subprotocol(self._websocket))
        fields = await first_told(self._websocket)
        known = known or await self._tickets.redeem(text_of(fields, "ticket"))
        rate_hz = fields.get("sampleRate")
        if known is None or known.call_id != text_of(fields, "callSid"):
            return None
        if not isinstance(rate_hz, int) or rate_hz not in RATES_HZ:
            return None
        if fields.get("mixType", "mono") != "mono":
            return None
        self._sound = SoundIn(rate_hz=rate_hz)
        return known

    async def _go_on(self, call: LiveCall, line: "_Line") -> None:
        running = asyncio.create_task(call.run())
        reading = asyncio.create_task(self._read(call))
        writing = asyncio.create_task(line.write())
        try:
            await asyncio.wait([running, reading], return_when=asyncio.FIRST_COMPLETED)
        finally:
            line.is_gone = not running.done()
            call.hang_up()
            reading.cancel()
            outcomes = await asyncio.gather(running, reading, return_exceptions=True)
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, Exception):
                raise outcome

    async def _read(self, call: LiveCall) -> None:
        while True:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                return
            await _note(call, told(message))
            await call.hear(self._sound.take(sound_of(message)))


class _Line:
    """The way back, in order; nobody waits for a slow reader."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._unsent: asyncio.Queue[bytes | str] = asyncio.Queue(_MOST_UNSENT)
        self.is_gone = False

    async def play(self, frame: bytes) -> None:
        with contextlib.suppress(asyncio.QueueFull):
            self._unsent.put_nowait(frame)

    async def clear(self) -> None:
        """What has not been sent is left out, and jambonz throws away what it has."""
        self._drop()
        self._unsent.put_nowait(_control("killAudio"))

    async def end(self, ending: Ending) -> None:
        """What came of the call is asked over HTTP, once the stream is over."""
        del ending
        if self.is_gone:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FLUSH_S):
                for _ in range(_FRAMES_OF_A_BLOCK):
                    await self._unsent.put(_FILL_UP)
                await self._unsent.join()
                await asyncio.sleep(_PLAYED_S)
                await self._unsent.put(_control("disconnect"))
                await self._unsent.join()

    async def write(self) -> None:
        """Send what is there, until the other side is gone."""
        try:
            while True:
                message = await self._unsent.get()
                if isinstance(message, bytes):
                    await self._websocket.send_bytes(message)
                else:
                    await self._websocket.send_text(message)
                self._unsent.task_done()
        except (WebSocketDisconnect, RuntimeError, OSError):
            self.is_gone = True
            self._drop()

    def _drop(self) -> None:
        while not self._unsent.empty():
            self._unsent.get_nowait()
            self._unsent.task_done()


async def _note(call: LiveCall, fields: Mapping[str, Any]) -> None:
    """Keys. That something was played to its end, or cleared, changes nothing here."""
    if fields.get("event") == "dtmf":
        await call.press(text_of(fields, "dtmf"))


async def _close(websocket: WebSocket, code: int) -> None:
    """Before it is accepted, this refuses the connection."""
    with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError):
        await websocket.close(code)


def _control(kind: str) -> str:
    return json.dumps({"type": kind})


def _subprotocol(websocket: WebSocket) -> str | None:
    offered = websocket.scope.get("subprotocols", ())
    return next((one for one in offered if one in SUBPROTOCOLS), None)


def _password(authorization: str) -> str:
    scheme, _, credentials = authorization.partition(" ")
    try:
        pair = base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
    return pair.partition(":")[2] if scheme.lower() == "basic" else ""
