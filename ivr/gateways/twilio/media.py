"""Twilio's Media Streams: JSON in text frames, mu-law in base64, both ways.

The stream itself tells nobody's number: it shows the ticket that the call's webhook was answered.
Numbers are strings. Telnyx writes the same in snake_case. Source:
www.twilio.com/docs/voice/media-streams/websocket-messages.
"""

import asyncio
import base64
import binascii
import contextlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from ivr.errors import CallProblem
from ivr.gateways.line import carry
from ivr.gateways.outbox import Outbox
from ivr.gateways.sound import SoundIn, SoundOut
from ivr.gateways.tickets import Tickets
from ivr.gateways.twilio.order import InOrder
from ivr.live.mouth import SILENCE
from ivr.live.reception import Reception
from ivr.live.wire import FRAME_MS, Ending, Incoming, LiveCall
from ivr.trace import trace

log = logging.getLogger(__name__)

_NOT_ALLOWED, _TRY_LATER, _NORMAL = 1008, 1013, 1000

_LARGEST_BYTES = 64 * 1024
_GREET_S = 5.0
_SILENT_S = 30.0
"""Twilio sends sound all the time, on a silent line too."""

_LEAVE_S = 2.0
"""For the last frames to be played."""

_LONGEST_HOLE_MS = 1_000
"""A longer one is no loss but another clock."""

_LAST_MARK = "end"


def media_routes(reception: Reception, tickets: Tickets) -> APIRouter:
    """`/ws/twilio`: a stream comes in with the ticket that its call's webhook was answered."""
    streams = APIRouter(tags=["gateways"])

    @streams.websocket("/ws/twilio")
    async def media(websocket: WebSocket) -> None:
        await websocket.accept()
        code = _NORMAL
        try:
            code = await _Stream(reception, tickets, websocket).serve()
        except (OSError, EOFError):
            pass  # the other side is gone, or never said who it is
        except Exception as err:  # noqa: BLE001 - one stream must not end the others
            log.error("twilio stream failed", extra=trace(err))  # noqa: TRY400 - messages hold words
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError):
            await websocket.close(code)

    return streams


@dataclass(frozen=True, slots=True, kw_only=True)
class Started:
    """What the first messages tell."""

    stream_id: str
    is_snake: bool
    """Telnyx' way of writing."""


class _Stream:
    """One call's connection; also its wire."""

    def __init__(self, reception: Reception, tickets: Tickets, websocket: WebSocket) -> None:
        self._reception = reception
        self._tickets = tickets
        self._websocket = websocket
        self._outbox = Outbox[str]()
        self._in = SoundIn(coding="mulaw")
        self._out = SoundOut(coding="mulaw")
        self._started = Started(stream_id="", is_snake=False)
        self._in_order = InOrder[Mapping[str, Any]]()
        self._heard_until_ms: int | None = None
        self._is_played = asyncio.Event()

    async def serve(self) -> int:
        """The code to close with."""
        async with asyncio.timeout(_GREET_S):
            incoming = await self._admitted()
        if incoming is None:
            log.warning("twilio stream refused", extra={"code": "no_ticket"})
            return _NOT_ALLOWED
        try:
            call = self._reception.answer(incoming, self)
        except CallProblem as err:
            log.warning("twilio stream refused", extra={"code": err.code})
            return _TRY_LATER
        await carry(call, reading=self._read(call), sending=self._outbox.empty(self._send))
        return _NORMAL

    async def play(self, frame: bytes) -> None:
        payload = base64.b64encode(self._out.give(frame)).decode()
        self._outbox.play(self._message("media", {"media": {"payload": payload}}).encode())

    async def clear(self) -> None:
        self._outbox.clear()
        self._outbox.tell(self._message("clear", {}))

    async def end(self, ending: Ending) -> None:
        """Once what was sent is played; Twilio then asks over HTTP what came of the call."""
        del ending
        self._outbox.play(self._message("mark", {"mark": {"name": _LAST_MARK}}).encode())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LEAVE_S):
                await self._is_played.wait()
        self._outbox.close()

    async def _admitted(self) -> Incoming | None:
        """The call that the ticket was issued for."""
        while True:
            told = await self._told()
            if told.get("event") != "start":
                continue
            start = _part(told, "start")
            given = _part(start, "customParameters") or _part(start, "custom_parameters")
            known = await self._tickets.redeem(_text(given, "ticket"))
            is_snake = "stream_id" in told
            stream_id = _text(told, "stream_id" if is_snake else "streamSid")
            shown = _text(start, "callSid") or _text(start, "call_sid")
            if known is None or not stream_id or (shown and shown != known.call_id):
                return None
            if not _is_telephone(_part(start, "mediaFormat") or _part(start, "media_format")):
                return None
            self._started = Started(stream_id=stream_id, is_snake=is_snake)
            return known

    async def _read(self, call: LiveCall) -> None:
        while True:
            async with asyncio.timeout(_SILENT_S):
                told = await self._told()
            match told.get("event"):
                case "media":
                    await self._hear(call, _part(told, "media"))
                case "dtmf":
                    await call.press(_text(_part(told, "dtmf"), "digit"))
                case "mark" if _text(_part(told, "mark"), "name") == _LAST_MARK:
                    self._is_played.set()
                case "stop":
                    return
                case _:
                    pass

    async def _hear(self, call: LiveCall, media: Mapping[str, Any]) -> None:
        if _text(media, "track") in ("", "inbound", "inbound_track"):
            for piece in self._in_order.take(_number(media, "chunk"), media):
                await call.hear(self._sound(piece))

    def _sound(self, media: Mapping[str, Any]) -> bytes:
        """What comes too late is left out, what is missing is silence."""
        try:
            data = base64.b64decode(_text(media, "payload"), validate=True)
        except (binascii.Error, ValueError):
            return b""
        at_ms, length_ms = _number(media, "timestamp"), len(data) // 8
        until_ms = self._heard_until_ms
        hole_ms = 0 if at_ms is None or until_ms is None else at_ms - until_ms
        if -_LONGEST_HOLE_MS < hole_ms <= -FRAME_MS:
            return b""
        if at_ms is not None:
            self._heard_until_ms = at_ms + length_ms
        missing = hole_ms // FRAME_MS if FRAME_MS <= hole_ms <= _LONGEST_HOLE_MS else 0
        return SILENCE * missing + self._in.take(data)

    def _message(self, event: str, told: Mapping[str, Any]) -> str:
        name = "stream_id" if self._started.is_snake else "streamSid"
        return json.dumps({"event": event, name: self._started.stream_id, **told})

    async def _told(self) -> Mapping[str, Any]:
        received = await self._websocket.receive()
        if received["type"] == "websocket.disconnect":
            raise EOFError
        data = received.get("text") or received.get("bytes") or ""
        if len(data) > _LARGEST_BYTES:
            log.warning("twilio stream refused", extra={"code": "message_too_large"})
            raise EOFError
        try:
            read = json.loads(data)
        except (ValueError, RecursionError):
            return {}
        return read if isinstance(read, dict) else {}

    async def _send(self, item: bytes | str) -> None:
        text = item.decode() if isinstance(item, bytes) else item
        try:
            await self._websocket.send_text(text)
        except (WebSocketDisconnect, RuntimeError) as err:
            raise ConnectionResetError from err


def _part(told: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = told.get(name)
    return value if isinstance(value, dict) else {}


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    return value if isinstance(value, str) else ""


def _number(told: Mapping[str, Any], name: str) -> int | None:
    """Twilio writes numbers as strings."""
    value = told.get(name)
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 12 else None  # noqa: PLR2004


def _is_telephone(told: Mapping[str, Any]) -> bool:
    """Mu-law at 8 kHz, which is also what is meant where nothing is told."""
    encoding = _text(told, "encoding").lower()
    rate = _number(told, "sampleRate") or _number(told, "sample_rate")
    is_mulaw = encoding in ("", "audio/x-mulaw", "pcmu")
    return is_mulaw and rate in (None, 8_000)
