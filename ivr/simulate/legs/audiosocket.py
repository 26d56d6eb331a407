"""Asterisk with AudioSocket."""

import asyncio
import contextlib
from collections.abc import Mapping
from urllib.parse import parse_qsl
from uuid import UUID

from ivr.gateways.asterisk.audiosocket import DTMF, HANG_UP, ID, SLIN, frame
from ivr.simulate.leg import Door, Heard, Line, Refused
from ivr.simulate.web import connected, get, post_form


class AudioSocketLeg:
    """Announces the call over HTTP, then connects."""

    def __init__(self, line: Line, door: Door) -> None:
        """The call id is a UUID."""
        self.heard = Heard()
        self._line = line
        self._door = door
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None

    async def open(self) -> None:
        await announce(self._line, self._door)
        reader, self._writer = await connected(self._door.host, self._door.audiosocket_port)
        self._writer.write(frame(ID, UUID(self._line.call_id).bytes))
        self._reading = asyncio.create_task(self._read(reader))

    async def send(self, sound: bytes) -> None:
        await self._write(frame(SLIN, sound))

    async def press(self, key: str) -> None:
        await self._write(frame(DTMF, key.encode()))

    async def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            with contextlib.suppress(OSError):
                await self._writer.wait_closed()
        if self._reading is not None:
            await asyncio.wait([self._reading])

    async def ending(self) -> Mapping[str, str]:
        return await came_of_it(self._line, self._door)

    async def _write(self, data: bytes) -> None:
        if self._writer is not None:
            with contextlib.suppress(OSError):
                self._writer.write(data)
                await self._writer.drain()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                header = await reader.readexactly(3)
                payload = await reader.readexactly(int.from_bytes(header[1:], "big"))
                if header[0] == HANG_UP:
                    break
                if header[0] == SLIN:
                    self.heard.put(payload)
        self.heard.end()


async def announce(line: Line, door: Door) -> None:
    """As the dialplan does before the sound comes."""
    url = f"{door.url}/v1/asterisk/calls/{line.call_id}"
    fields = {"from": line.number, "lang": line.language}
    status, _ = await post_form(url, fields=fields, headers=bearer(door))
    if status != 200:  # noqa: PLR2004 - OK
        raise Refused("The service does not take the call.")


async def came_of_it(line: Line, door: Door) -> Mapping[str, str]:
    """As the dialplan asks when the sound is over."""
    url = f"{door.url}/v1/asterisk/calls/{line.call_id}/result"
    _, body = await get(url, headers=bearer(door))
    told = dict(parse_qsl(body.decode(), keep_blank_values=True))
    return {
        "action": told.get("action", ""),
        "queue": told.get("queue", ""),
        "priority": told.get("prio", ""),
    }


def bearer(door: Door) -> dict[str, str]:
    return {"Authorization": f"Bearer {door.token}"} if door.token else {}
