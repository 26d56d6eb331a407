"""What anybody could send to the HTTP port: requests, handshakes and frames of WebSockets."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from fakes.strict import FakeStrictReception
from fastapi import FastAPI, Request, WebSocket

from ivr.cli.serve import server_options
from ivr.service.guard import QuietFailures
from ivr.settings import LimitSettings, Settings
from tests.ivr.gateways.fuzzing.fuzz import Door
from tests.ivr.gateways.fuzzing.tcp import Client, TcpDoor

_KEY = base64.b64encode(bytes(range(16))).decode()
_HANDSHAKE = (
    "GET /ws/echo?from=%2B4989123456 HTTP/1.1\r\nHost: ivr\r\nUpgrade: websocket\r\n"
    f"Connection: Upgrade\r\nSec-WebSocket-Key: {_KEY}\r\nSec-WebSocket-Version: 13\r\n\r\n"
).encode()
_PATIENCE_S = 0.01
"""Connections may be used again, so that the server does not close them at once."""

_MASK = bytes([0x5A, 0x00, 0xFF, 0x01])


def _frame(opcode: int, payload: bytes) -> bytes:
    masked = bytes(byte ^ _MASK[at % 4] for at, byte in enumerate(payload))
    length = (
        bytes([0x80 | len(payload)])
        if len(payload) < 126
        else bytes([0xFE]) + len(payload).to_bytes(2, "big")
    )
    return bytes([0x80 | opcode]) + length + _MASK + masked


def _service() -> FastAPI:
    app = FastAPI()

    @app.post("/echo")
    async def echo(request: Request) -> int:
        return len(await request.body())

    @app.websocket("/ws/echo")
    async def streaming(socket: WebSocket) -> None:
        await socket.accept()
        while (message := await socket.receive())["type"] == "websocket.receive":
            if message.get("bytes"):
                await socket.send_bytes(message["bytes"])

    app.add_middleware(QuietFailures)
    return app


async def _steady(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(_frame(0x2, b"another call"))
    expected = b"\x82\x0canother call"
    came = b""
    while not came.endswith(expected):  # behind pings
        came += await reader.readexactly(1)


@asynccontextmanager
async def http_server() -> AsyncIterator[Door]:
    limits = LimitSettings(head_s=1, body_s=1)
    options = {**server_options(Settings(limits=limits)), "log_config": None}
    server = uvicorn.Server(uvicorn.Config(_service(), host="127.0.0.1", port=0, **options))
    serving = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn tells nobody
        await asyncio.sleep(0.001)
    script = [
        _HANDSHAKE,
        _frame(0x2, bytes(320)),
        _frame(0x1, b'{"event":"media"}'),
        _frame(0x9, b"ping"),
        _frame(0x0, b"goes on"),
        _frame(0x2, bytes(4_000)),
        b"POST /echo HTTP/1.1\r\nHost: ivr\r\nContent-Length: 3\r\n\r\nabc",
        b"POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"3\r\nabc\r\n0\r\n\r\n",
        _frame(0x8, b"\x03\xe8"),
    ]
    client = Client(
        port=server.servers[0].sockets[0].getsockname()[1],
        script=script,
        steady=_steady,
        greeting=b"\r\n\r\n",
        patience_s=_PATIENCE_S,
    )
    door = TcpDoor(client, FakeStrictReception())
    try:
        yield door
        await door.close()
    finally:
        server.should_exit = True
        await serving
