"""What Asterisk would send: AudioSocket, its WebSocket, and what a dialplan tells over HTTP."""

import asyncio
import json
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from unittest.mock import patch
from urllib.parse import parse_qs
from uuid import UUID

from fakes.strict import FakeStrictReception
from fastapi import FastAPI

from ivr.gateways.asterisk.audiosocket import serve_audiosocket
from ivr.gateways.asterisk.routes import routes
from ivr.gateways.asterisk.websocket import routes as websocket_routes
from ivr.settings import AudioSocketSettings
from tests.ivr.gateways.fuzzing.asgi import (
    Answered,
    AsgiSocket,
    HttpDoor,
    Opening,
    SocketDoor,
    Webhook,
)
from tests.ivr.gateways.fuzzing.fuzz import Door
from tests.ivr.gateways.fuzzing.tcp import Client, TcpDoor

_CALL = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c0")
_FRAME = bytes(range(160)) * 2


def _frame(kind: int, payload: bytes = b"") -> bytes:
    return struct.pack(">BH", kind, len(payload)) + payload


@asynccontextmanager
async def audiosocket() -> AsyncIterator[Door]:
    reception = FakeStrictReception()
    script = [
        _frame(0x01, _CALL.bytes),
        _frame(0x10, _FRAME),
        _frame(0x10, _FRAME * 3),
        _frame(0x12, _FRAME * 2),
        _frame(0x18, _FRAME * 24),
        _frame(0x03, b"5"),
        _frame(0x10, _FRAME),
        _frame(0xFF, b"\x01"),
        _frame(0x03, b"#"),
        _frame(0x00),
    ]

    async def steady(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(script[1] * 3)
        assert await reader.readexactly(3 * len(script[1])) == script[1] * 3

    async with serve_audiosocket(reception, AudioSocketSettings()) as port:
        door = TcpDoor(Client(port=port, script=script, steady=steady), reception)
        yield door
        await door.close()


def _event(name: str, **fields: object) -> str:
    return json.dumps({"event": name, "channel_id": "1764115200.7", **fields})


_STREAM = Opening(
    path="/ws/asterisk",
    query="from=%2B4989123456&lang=de",
    headers={"subprotocols": "media"},
    script=(
        _event(
            "MEDIA_START",
            connection_id="media",
            channel="WebSocket/ivr/0x1",
            format="slin",
            optimal_frame_size=320,
            ptime=20,
            channel_variables={"RUFWERK_FROM": "+4989123456", "__RUFWERK_CALL": str(_CALL)},
        ),
        _FRAME,
        _FRAME * 2,
        _event("DTMF_END", digit="5"),
        _event("MEDIA_XOFF"),
        _FRAME,
        _event("MEDIA_XON"),
        "MEDIA_START connection_id:x channel:WebSocket/1 channel_id:1.7 format:ulaw ptime:20",
        _event("STATUS", queue_length=7, xon_level=800, xoff_level=900, queue_full=False),
        _FRAME,
        _event("DTMF_END", digit="#"),
        _event("QUEUE_DRAINED"),
    ),
)


@asynccontextmanager
async def asterisk_websocket() -> AsyncIterator[Door]:
    reception, app = FakeStrictReception(), FastAPI()
    app.include_router(websocket_routes(reception))

    async def opening() -> Opening:
        return _STREAM

    async def steady(socket: AsgiSocket) -> None:
        socket.say(_FRAME)
        while (message := await socket.heard()).get("bytes") != _FRAME:
            assert message["type"] in ("websocket.accept", "websocket.send"), message

    door = SocketDoor(app, opening, steady, reception=reception)
    # A call that is over waits so long for its last words to be played.
    with patch("ivr.gateways.asterisk.websocket._LEAVE_S", 0.05):
        yield door
        await door.close()


def _is_told(answered: Answered) -> str | None:
    if answered.body == b"OK":
        return None
    told = parse_qs(answered.body.decode(), keep_blank_values=True, strict_parsing=True)
    return None if told.get("action") == ["queue"] and told.get("queue") else "no way to people"


@asynccontextmanager
async def asterisk_http() -> AsyncIterator[Door]:
    reception, app = FakeStrictReception(), FastAPI()
    app.include_router(routes(reception))
    call = f"/v1/asterisk/calls/{_CALL}"
    fields = {"from": "+4989123456", "to": "815", "lang": "de_DE", "record": "1"}
    hooks = [
        Webhook(path=call, form=fields),
        Webhook(path=call, method="GET", query="from=%2B4989123456&lang=de&record=0"),
        Webhook(path=f"{call}/result", method="GET"),
    ]
    yield HttpDoor(app, hooks, reception=reception, check=_is_told)
