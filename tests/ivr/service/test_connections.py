"""Connections over real sockets of this machine, to the server as `ivr serve` sets it up."""

import asyncio
import base64
import contextlib
import logging
import os
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI, Request, WebSocket

from ivr.cli.serve import server_options
from ivr.settings import LimitSettings, ServiceSettings, Settings

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Dial = Callable[[], Awaitable[Connection]]
Story = Callable[[Dial], Awaitable[None]]


def service() -> FastAPI:
    app = FastAPI()

    @app.post("/echo")
    async def echo(request: Request) -> int:
        return len(await request.body())

    @app.websocket("/ws/echo")
    async def streaming(socket: WebSocket) -> None:
        await socket.accept()
        async for message in socket.iter_bytes():
            await socket.send_bytes(message)

    return app


def served(story: Story, limits: LimitSettings | None = None, **options: Any) -> None:
    async def run() -> None:
        settings = Settings(service=ServiceSettings(**options), limits=limits or LimitSettings())
        config = uvicorn.Config(
            service(), host="127.0.0.1", port=0, **{**server_options(settings), "log_config": None}
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server._serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn tells nobody
            await asyncio.sleep(0.001)
        port = server.servers[0].sockets[0].getsockname()[1]
        dialled: list[asyncio.StreamWriter] = []

        async def dial() -> Connection:
            connection = await asyncio.open_connection("127.0.0.1", port)
            dialled.append(connection[1])
            return connection

        try:
            async with asyncio.timeout(10):
                await story(dial)
        finally:
            for writer in dialled:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()
            server.should_exit = True
            await serving

    asyncio.run(run())


def request(body: bytes = b"", *, length: int | None = None) -> bytes:
    told = len(body) if length is None else length
    return f"POST /echo HTTP/1.1\r\nHost: ivr\r\nContent-Length: {told}\r\n\r\n".encode() + body


def handshake() -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        "GET /ws/echo?from=%2B4989123456 HTTP/1.1\r\nHost: ivr\r\nUpgrade: websocket\r\n"
        f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n"
    ).encode()


async def answer_to(reader: asyncio.StreamReader) -> bytes:
    """Head and body of one answer; empty where the connection was closed instead."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            (line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")),
            b":0",
        )
        return head + await reader.readexactly(int(length.split(b":")[1]))
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


SOON = LimitSettings(head_s=0.05, body_s=0.05)


@pytest.mark.parametrize("first", [b"", b"POST /ec", request(b"ab", length=3)])
def test_who_does_not_say_what_is_wanted_is_not_waited_for(first: bytes) -> None:
    async def story(dial: Dial) -> None:
        reader, writer = await dial()
        writer.write(first)
        assert await answer_to(reader) == b""

    served(story, SOON)


def test_nor_is_anybody_who_begins_once_more() -> None:
    async def story(dial: Dial) -> None:
        reader, writer = await dial()
        writer.write(request(b"ab"))
        assert b"200 OK" in await answer_to(reader)
        writer.write(b"POST /ec")
        assert await answer_to(reader) == b""

    served(story, SOON)


def test_a_head_that_drips_in_is_not_waited_for_either() -> None:
    async def story(dial: Dial) -> None:
        reader, writer = await dial()

        async def drip() -> None:
            while True:
                writer.write(b"X")
                await asyncio.sleep(0.005)

        dripping = asyncio.create_task(drip())
        writer.write(b"POST /echo HTTP/1.1\r\nX-Slow: ")
        assert await answer_to(reader) == b""
        dripping.cancel()

    served(story, SOON)


def test_one_source_has_no_more_connections_than_it_may() -> None:
    async def story(dial: Dial) -> None:
        connections = [await dial() for _ in range(4)]
        for _, writer in connections:
            writer.write(request(b"abc"))

        answers = [await answer_to(reader) for reader, _ in connections]

        assert [answer[-1:] for answer in answers] == [b"3", b"3", b"", b""]
        connections[0][1].close()
        await connections[0][1].wait_closed()
        for _ in range(100):  # until the server has noticed
            reader, writer = await dial()
            writer.write(request(b"abc"))
            if await answer_to(reader):
                break
        else:
            pytest.fail("a connection that was closed gave its place to nobody")

    served(story, LimitSettings(at_once=2))


def test_connections_that_became_websockets_are_counted_no_longer() -> None:
    async def story(dial: Dial) -> None:
        for _ in range(5):
            reader, writer = await dial()
            writer.write(handshake())
            assert b"101 Switching" in await answer_to(reader)

    served(story, LimitSettings(at_once=2, head_s=0.05))


def test_a_websocket_is_waited_for_but_no_message_may_be_too_large_or_packed() -> None:
    async def story(dial: Dial) -> None:
        reader, writer = await dial()
        writer.write(handshake())
        head = await answer_to(reader)
        assert b"101 Switching" in head
        assert b"deflate" not in head
        await asyncio.sleep(0.1)
        writer.write(bytes([0x82, 0x80 | 3, 0, 0, 0, 0]) + b"abc")
        assert await reader.readexactly(5) == b"\x82\x03abc"
        writer.write(bytes([0x82, 0x80 | 127]) + (1 << 40).to_bytes(8, "big") + bytes(4))
        close = await reader.readexactly(4)
        assert (close[0], int.from_bytes(close[2:], "big")) == (0x88, 1009)

    served(story, SOON)


def test_behind_a_proxy_connections_are_not_counted_but_must_be_quick() -> None:
    async def story(dial: Dial) -> None:
        connections = [await dial() for _ in range(4)]
        for reader, writer in connections:
            writer.write(request(b"abc"))
            assert (await answer_to(reader))[-1:] == b"3"

    served(story, LimitSettings(at_once=2), trusted_proxies=1)


def test_no_address_that_was_asked_for_is_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("uvicorn", "uvicorn.error"):  # other servers of this process set them up, too
        monkeypatch.setattr(logging.getLogger(name), "propagate", True)
        monkeypatch.setattr(logging.getLogger(name), "disabled", False)
        monkeypatch.setattr(logging.getLogger(name), "level", logging.INFO)
        logging.getLogger(name).manager._clear_cache()

    async def story(dial: Dial) -> None:
        reader, writer = await dial()
        writer.write(handshake())
        assert b"101 Switching" in await answer_to(reader)

    discreet = server_options(Settings())["log_config"]["filters"]["discreet"]["()"]()
    with caplog.at_level(logging.INFO):
        served(story)

    kept = [record.getMessage() for record in caplog.records if discreet.filter(record)]
    assert any("4989123456" in record.getMessage() for record in caplog.records)
    assert not [
        line for line in kept if "4989123456" in line or "127.0.0.1:" in line.split("on")[0]
    ]


def test_so_many_connections_of_all_together_and_no_more() -> None:
    """Behind a proxy those of one source are not limited."""

    async def story(dial: Dial) -> None:
        first_reader, first = await dial()
        first.write(request(b"ab"))
        assert b"200 OK" in await answer_to(first_reader)
        reader, writer = await dial()
        writer.write(request(b"ab"))
        assert await answer_to(reader) == b""
        first.write(request(b"ab"))
        assert b"200 OK" in await answer_to(first_reader)

    served(story, LimitSettings(connections=1), trusted_proxies=1)
