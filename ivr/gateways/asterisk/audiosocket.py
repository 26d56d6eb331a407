"""Asterisk's AudioSocket: a TCP connection a call, opened by Asterisk.

A frame is a kind, its length in two bytes, highest first, and so many bytes; sound is 16-bit
little-endian. Asterisk plays each frame as it comes, so they are sent on our clock. The caller's
number is not told here: the dialplan announces the call over HTTP first, under the same UUID.
Source: asterisk, res/res_audiosocket.c and apps/app_audiosocket.c.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from ivr.call import CallId
from ivr.errors import CallProblem
from ivr.gateways.allow import allowed_networks, may_connect
from ivr.gateways.line import carry
from ivr.gateways.outbox import Outbox
from ivr.gateways.sound import SoundIn, SoundOut
from ivr.live.reception import Reception
from ivr.live.wire import Ending, Incoming, LiveCall
from ivr.settings import AudioSocketSettings
from ivr.trace import trace

log = logging.getLogger(__name__)

HANG_UP, ID, DTMF, SLIN = 0x00, 0x01, 0x03, 0x10
RATES_HZ = {
    SLIN: 8_000,
    0x11: 12_000,
    0x12: 16_000,
    0x13: 24_000,
    0x14: 32_000,
    0x15: 44_100,
    0x16: 48_000,
    0x17: 96_000,
    0x18: 192_000,
}

_HEADER_BYTES = 3
_ID_BYTES = 16

_GREET_S = 5.0
"""Asterisk tells the UUID at once; who says nothing is no Asterisk."""

_SILENT_S = 10.0
"""Asterisk sends sound all the time. A connection without any frame is half open."""

_LEAVE_S = 2.0
"""For the last frames to be taken; Asterisk gives up after as long."""

_UNSENT_BYTES = 64 * 1024
"""What the kernel keeps for a slow reader; without a limit it would keep minutes of old sound."""


@asynccontextmanager
async def serve_audiosocket(
    reception: Reception, settings: AudioSocketSettings
) -> AsyncIterator[int]:
    """Listen until left; the value is the port.

    Raises:
        OSError: nobody may listen there.
        BadSettings: the addresses that may connect are none.
    """
    door = _Door(reception, allowed_networks(settings.allow))
    server = await asyncio.start_server(door.open, settings.host, settings.port)
    async with server:
        yield server.sockets[0].getsockname()[1]
        server.close()
        await door.close()


def frame(kind: int, payload: bytes = b"") -> bytes:
    """One frame as it goes over the wire."""
    return bytes([kind]) + len(payload).to_bytes(2, "big") + payload


class _Door:
    def __init__(self, reception: Reception, networks: tuple[str, ...]) -> None:
        self._reception = reception
        self._networks = networks
        self._open: set[asyncio.Task[None]] = set()

    async def open(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from its first byte to its last."""
        task = asyncio.current_task()
        if task is not None:
            self._open.add(task)
            task.add_done_callback(self._open.discard)
        try:
            if may_connect(_address(writer), self._networks):
                await _Connection(self._reception, reader, writer).serve()
            else:
                log.warning("audiosocket refused", extra={"code": "address_not_allowed"})
        except (OSError, EOFError):
            pass  # the other side is gone, or was no Asterisk
        except Exception as err:  # noqa: BLE001 - one connection must not end the others
            log.error("audiosocket failed", extra=trace(err))  # noqa: TRY400 - messages hold words
        finally:
            writer.close()

    async def close(self) -> None:
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)


class _Connection:
    """One call; also its wire."""

    def __init__(
        self, reception: Reception, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._reception = reception
        self._reader = reader
        self._writer = writer
        self._outbox = Outbox[bytes]()
        self._is_sent = asyncio.Event()
        self._kind = SLIN
        self._in = SoundIn()
        self._out = SoundOut()

    async def serve(self) -> None:
        self._limit_what_waits()
        async with asyncio.timeout(_GREET_S):
            call_id = await self._call_id()
        untold = Incoming(call_id=call_id, source="asterisk", gateway="asterisk")
        try:
            announced = await self._reception.announced(call_id)
            call = self._reception.answer(announced or untold, self)
        except CallProblem as err:
            log.warning("audiosocket refused", extra={"code": err.code})
            self._writer.write(frame(HANG_UP))
            return
        await carry(call, reading=self._read(call), sending=self._send_all())

    async def play(self, sound: bytes) -> None:
        self._outbox.play(frame(self._kind, self._out.give(sound)))

    async def clear(self) -> None:
        """Frames are sent when they are due: there is nothing to throw away."""

    async def end(self, ending: Ending) -> None:
        """The dialplan goes on, and asks over HTTP what came of the call."""
        del ending
        self._outbox.close()
        try:
            async with asyncio.timeout(_LEAVE_S):
                await self._is_sent.wait()
            self._writer.write(frame(HANG_UP))
        except TimeoutError:  # closing the socket says the same
            self._writer.transport.abort()

    async def _call_id(self) -> CallId:
        kind, payload = await self._frame()
        if kind != ID or len(payload) != _ID_BYTES:
            raise EOFError
        return CallId(str(UUID(bytes=payload)))

    async def _read(self, call: LiveCall) -> None:
        while True:
            async with asyncio.timeout(_SILENT_S):
                kind, payload = await self._frame()
            if kind == HANG_UP:
                return
            if kind in RATES_HZ:
                await call.hear(self._as_heard(kind, payload))
            elif kind == DTMF:
                await call.press(payload.decode("ascii", "ignore"))

    def _as_heard(self, kind: int, payload: bytes) -> bytes:
        """What comes at another rate is answered at that rate."""
        if kind != self._kind:
            self._kind = kind
            self._in = SoundIn(rate_hz=RATES_HZ[kind])
            self._out = SoundOut(rate_hz=RATES_HZ[kind])
        return self._in.take(payload)

    async def _frame(self) -> tuple[int, bytes]:
        header = await self._reader.readexactly(_HEADER_BYTES)
        return header[0], await self._reader.readexactly(int.from_bytes(header[1:], "big"))

    async def _send_all(self) -> None:
        await self._outbox.empty(self._send)
        self._is_sent.set()

    async def _send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    def _limit_what_waits(self) -> None:
        self._writer.transport.set_write_buffer_limits(high=0)
        with contextlib.suppress(OSError):
            kernel = self._writer.get_extra_info("socket")
            kernel.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _UNSENT_BYTES)


def _address(writer: asyncio.StreamWriter) -> str:
    peer = writer.get_extra_info("peername")
    return str(peer[0]) if peer else ""
