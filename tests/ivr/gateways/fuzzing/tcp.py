"""Wrong messages over TCP."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from fakes.strict import FakeStrictReception

from tests.ivr.gateways.fuzzing.mutations import Mutator

_HALF_OPEN = 8
"""Connections that are left alone in the middle, so many at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """What connects to a port of this machine."""

    port: int
    script: Sequence[bytes]
    steady: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
    """Goes on with a connection to which the first message was sent."""

    greeting: bytes = b""
    """How the answer to the first message ends."""

    patience_s: float | None = None
    """After so long nobody waits any more for the server to close; None waits as it should."""


class TcpDoor:
    """A server, and its clients."""

    def __init__(self, client: Client, reception: FakeStrictReception) -> None:
        self.wrong = reception.wrong
        self._reception = reception
        self._client = client
        self._other: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._half_open: deque[asyncio.StreamWriter] = deque()

    async def attack(self, mutator: Mutator) -> int:
        messages = mutator.script(self._client.script)
        is_wrong = [mutator.chance(0.5) for _ in messages]
        reader, writer = await asyncio.open_connection("127.0.0.1", self._client.port)
        self._half_open.append(writer)
        with contextlib.suppress(ConnectionError):
            for message, changed in zip(messages, is_wrong, strict=True):
                writer.write(mutator.data(message) if changed else message)
            await writer.drain()
            await self._leave(reader, writer, mutator)
        while len(self._half_open) > _HALF_OPEN:
            await _close(self._half_open.popleft())
        return max(sum(is_wrong), 1)

    async def steady(self) -> None:
        if self._other is None:
            self._other = await asyncio.open_connection("127.0.0.1", self._client.port)
            self._other[1].write(self._client.script[0])
            if self._client.greeting:
                await self._other[0].readuntil(self._client.greeting)
        await self._client.steady(*self._other)

    @property
    def going_on(self) -> int:
        return self._reception.going_on

    async def settle(self) -> None:
        while self._half_open:
            await _close(self._half_open.popleft())

    async def close(self) -> None:
        await self.settle()
        if self._other is not None:
            await _close(self._other[1])

    async def _leave(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, mutator: Mutator
    ) -> None:
        """In one of the ways of those who break off; one neither sends nor closes."""
        match mutator.random.randrange(12):
            case 0:
                writer.transport.abort()
            case 1:
                return
            case 2:
                writer.close()
            case _:
                writer.write_eof()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(_all_of(reader), self._client.patience_s)
        self._half_open.remove(writer)
        await _close(writer)


async def _all_of(reader: asyncio.StreamReader) -> None:
    while await reader.read(65_536):
        pass


async def _close(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
