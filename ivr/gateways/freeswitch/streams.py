"""Sound of FreeSWITCH's streaming modules over a WebSocket, and ours back.

mod_audio_fork and mod_audio_stream send what the dialplan tells as a text frame, then 16-bit
little-endian sound in binary frames. Ours goes back in binary frames where the module plays those:
jambonz' mod_audio_fork, which keeps a rest of less than 80 ms back until more comes. drachtio's
throws binary frames away; base64 in JSON becomes files there, and in mod_audio_stream. Sources:
jambonz/freeswitch-modules and drachtio/drachtio-freeswitch-modules, mod_audio_fork/lws_glue.cpp;
amigniter/mod_audio_stream.
"""

import asyncio
import base64
import contextlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, WebSocket
from starlette.websockets import WebSocketDisconnect

from ivr.call import CallId, Language
from ivr.errors import CallProblem
from ivr.gateways.line import carry
from ivr.gateways.outbox import Outbox
from ivr.gateways.sound import SoundIn, SoundOut
from ivr.live.reception import Reception
from ivr.live.wire import FRAME_BYTES, Ending, Incoming, LiveCall
from ivr.result import new_call_id
from ivr.trace import trace

log = logging.getLogger(__name__)

SUBPROTOCOLS = ("audio.drachtio.org", "audio.jambonz.org")
RATES_HZ = frozenset({8_000, 16_000, 24_000, 32_000, 48_000})

_LARGEST_BYTES = 256 * 1024
_GREET_S = 5.0
_SILENT_S = 30.0
_LEAVE_S = 0.3
"""What was sent last and ahead is played before FreeSWITCH hears that this was all."""

_FRAMES_A_MESSAGE = 5
"""100 ms: each JSON message becomes a file that is played."""

_FRAMES_KEPT_BACK = 4

_TRY_LATER, _NORMAL = 1013, 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How one module wants our sound."""

    kind: str
    """The `type` of its JSON message."""

    names: tuple[str, str]
    """What sort of sound it is, and the sound."""

    stop: str = ""
    """The `type` of the message that makes it fall silent."""

    leave: str = ""
    """The `type` of the message that ends the stream; otherwise we close it."""


FORK = Dialect(
    kind="playAudio",
    names=("audioContentType", "audioContent"),
    stop="killAudio",
    leave="disconnect",
)
STREAM = Dialect(kind="streamAudio", names=("audioDataType", "audioData"))


def stream_routes(reception: Reception) -> APIRouter:
    """`/ws/audio-fork` and `/ws/audio-stream`, behind the service's keys."""
    streams = APIRouter(tags=["gateways"])

    async def serve(websocket: WebSocket, dialect: Dialect) -> None:
        offered = websocket.scope.get("subprotocols", [])
        chosen = next((one for one in offered if one in SUBPROTOCOLS), None)
        await websocket.accept(subprotocol=chosen)
        code = _NORMAL
        try:
            code = await _Stream(reception, websocket, dialect).serve()
        except (OSError, EOFError):
            pass  # the other side is gone, or never said who it is
        except Exception as err:  # noqa: BLE001 - one stream must not end the others
            log.error("stream failed", extra=trace(err))  # noqa: TRY400 - messages hold words
        with contextlib.suppress(WebSocketDisconnect, RuntimeError, OSError):
            await websocket.close(code)

    @streams.websocket("/ws/audio-fork")
    async def audio_fork(websocket: WebSocket) -> None:
        await serve(websocket, FORK)

    @streams.websocket("/ws/audio-stream")
    async def audio_stream(websocket: WebSocket) -> None:
        await serve(websocket, STREAM)

    return streams


class _Stream:
    """One call's connection; also its wire."""

    def __init__(self, reception: Reception, websocket: WebSocket, dialect: Dialect) -> None:
        self._reception = reception
        self._websocket = websocket
        self._dialect = dialect
        self._outbox = Outbox[str]()
        self._in, self._out = SoundIn(), SoundOut()
        self._is_binary = dialect is FORK
        self._rate_hz = 8_000
        self._kept: list[bytes] = []
        self._is_sent = asyncio.Event()

    async def serve(self) -> int:
        """The code to close with."""
        async with asyncio.timeout(_GREET_S):
            incoming, early = await self._begun()
        try:
            call = self._reception.answer(incoming, self)
        except CallProblem as err:
            log.warning("stream refused", extra={"code": err.code})
            return _TRY_LATER
        await carry(call, reading=self._read(call, early), sending=self._send_all())
        return _NORMAL

    async def play(self, frame: bytes) -> None:
        if self._is_binary:
            self._outbox.play(self._out.give(frame))
            return
        self._kept.append(frame)
        if len(self._kept) >= _FRAMES_A_MESSAGE:
            self._send_kept()

    async def clear(self) -> None:
        self._kept = []
        self._outbox.clear()
        if self._dialect.stop:
            self._outbox.tell(json.dumps({"type": self._dialect.stop}))

    async def end(self, ending: Ending) -> None:
        """The dialplan goes on, and asks over HTTP what came of the call."""
        del ending
        self._send_kept()
        for _ in range(_FRAMES_KEPT_BACK if self._is_binary else 0):
            self._outbox.play(self._out.give(bytes(FRAME_BYTES)))
        self._outbox.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GREET_S):
                await self._is_sent.wait()
                await asyncio.sleep(_LEAVE_S)
        if self._dialect.leave:
            with contextlib.suppress(OSError):
                await self._send(json.dumps({"type": self._dialect.leave}))

    def _send_kept(self) -> None:
        """Silence is not worth a file."""
        sound, self._kept = b"".join(self._kept), []
        if not any(sound):
            return
        sort, data = self._dialect.names
        told = {sort: "raw", "sampleRate": 8_000, data: base64.b64encode(sound).decode()}
        message = json.dumps({"type": self._dialect.kind, "data": told})
        self._outbox.play(message.encode())

    async def _begun(self) -> tuple[Incoming, bytes]:
        """The call; sound that comes before anything is told is kept."""
        query = self._websocket.query_params
        rate = query.get("rate", "")
        self._rate_hz = next((hz for hz in RATES_HZ if rate == str(hz)), 8_000)
        told, early = await self._first()
        told_rate = told.get("sampleRate")
        if isinstance(told_rate, int) and told_rate in RATES_HZ:
            self._rate_hz = told_rate
        if "out" in query:
            self._is_binary = query["out"] == "binary"
        self._in = SoundIn(rate_hz=self._rate_hz)
        self._out = SoundOut(rate_hz=self._rate_hz)

        def text(name: str) -> str:
            value = told.get(name, query.get(name, ""))
            return value if isinstance(value, str) else ""

        call_id = CallId(text("call") or new_call_id())
        lang = text("lang").lower().partition("-")[0]
        incoming = Incoming(
            call_id=call_id,
            caller_id=text("from"),
            language=Language(lang) if lang in set(Language) else None,
            source=text("source") or "freeswitch",
            gateway="freeswitch",
        )
        return await self._reception.announced(call_id) or incoming, early

    async def _first(self) -> tuple[Mapping[str, Any], bytes]:
        message = await self._message()
        return ({}, message) if isinstance(message, bytes) else (_object(message), b"")

    async def _read(self, call: LiveCall, early: bytes) -> None:
        await call.hear(self._in.take(early))
        while True:
            async with asyncio.timeout(_SILENT_S):
                message = await self._message()
            if isinstance(message, bytes):
                await call.hear(self._in.take(message))
                continue
            told = _object(message)
            key = told.get("dtmf", told.get("digit"))
            if isinstance(key, str):
                await call.press(key)

    async def _message(self) -> bytes | str:
        received = await self._websocket.receive()
        if received["type"] == "websocket.disconnect":
            raise EOFError
        data: bytes | str = received.get("bytes") or received.get("text") or b""
        if len(data) > _LARGEST_BYTES:
            log.warning("stream refused", extra={"code": "message_too_large"})
            raise EOFError
        return data

    async def _send_all(self) -> None:
        await self._outbox.empty(self._send)
        self._is_sent.set()

    async def _send(self, item: bytes | str) -> None:
        try:
            if isinstance(item, bytes) and self._is_binary:
                await self._websocket.send_bytes(item)
            else:
                await self._websocket.send_text(item if isinstance(item, str) else item.decode())
        except (WebSocketDisconnect, RuntimeError) as err:
            raise ConnectionResetError from err


def _object(text: str) -> Mapping[str, Any]:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}
