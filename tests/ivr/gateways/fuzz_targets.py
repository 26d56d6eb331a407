"""Every adapter, and what its gateway would send."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from fakes.strict import FakeStrictReception

from ivr.gateways.asterisk.audiosocket import serve_audiosocket
from ivr.settings import AudioSocketSettings
from tests.ivr.gateways.fuzz import Door, Target
from tests.ivr.gateways.fuzz_tcp import TcpDoor

_CALL = UUID("6ba7b810-9dad-11d1-80b4-00c04fd430c0")
_FRAME = bytes(range(160)) * 2


def _audiosocket_frame(kind: int, payload: bytes = b"") -> bytes:
    return struct.pack(">BH", kind, len(payload)) + payload


@asynccontextmanager
async def audiosocket() -> AsyncIterator[Door]:
    reception = FakeStrictReception()
    script = [
        _audiosocket_frame(0x01, _CALL.bytes),
        _audiosocket_frame(0x10, _FRAME),
        _audiosocket_frame(0x10, _FRAME * 3),
        _audiosocket_frame(0x12, _FRAME * 2),
        _audiosocket_frame(0x18, _FRAME * 24),
        _audiosocket_frame(0x03, b"5"),
        _audiosocket_frame(0x10, _FRAME),
        _audiosocket_frame(0xFF, b"\x01"),
        _audiosocket_frame(0x03, b"#"),
        _audiosocket_frame(0x00),
    ]
    sound = script[1]

    async def steady(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(sound * 3)
        assert await reader.readexactly(3 * len(sound)) == sound * 3

    async with serve_audiosocket(reception, AudioSocketSettings()) as port:
        door = TcpDoor(port, script, steady, reception.wrong)
        yield door
        await door.close()


TARGETS: dict[str, Target] = {"audiosocket": audiosocket}
