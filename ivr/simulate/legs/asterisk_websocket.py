"""Asterisk with chan_websocket, JSON control."""

import json
from collections.abc import Mapping

from ivr.simulate.leg import Door, Heard, Line
from ivr.simulate.legs.audiosocket import announce, bearer, came_of_it
from ivr.simulate.web import Socket


class AsteriskWebSocketLeg:
    """Announces the call over HTTP, then connects."""

    def __init__(self, line: Line, door: Door) -> None:
        self.heard = Heard()
        self._line = line
        self._door = door
        self._socket = Socket()

    async def open(self) -> None:
        await announce(self._line, self._door)
        url = f"{self._door.ws}/ws/asterisk?call={self._line.call_id}"
        await self._socket.open(
            url,
            hear=self._hear,
            over=self.heard.end,
            headers=bearer(self._door),
            protocol="media",
        )
        started = {
            "event": "MEDIA_START",
            "connection_id": "c",
            "channel": "WebSocket/rufwerk/0x1",
            "channel_id": self._line.call_id,
            "format": "slin",
            "optimal_frame_size": 320,
            "ptime": 20,
            "channel_variables": {},
        }
        await self._socket.send(json.dumps(started))

    async def send(self, sound: bytes) -> None:
        await self._socket.send(sound)

    async def press(self, key: str) -> None:
        pressed = {"event": "DTMF_END", "channel_id": self._line.call_id, "digit": key}
        await self._socket.send(json.dumps(pressed))

    async def close(self) -> None:
        await self._socket.close()

    async def ending(self) -> Mapping[str, str]:
        return await came_of_it(self._line, self._door)

    async def _hear(self, message: bytes | str) -> None:
        if isinstance(message, bytes):
            self.heard.put(message)
            return
        match json.loads(message).get("command"):
            case "FLUSH_MEDIA":
                self.heard.drop()
            case "REPORT_QUEUE_DRAINED":
                await self._socket.send(json.dumps({"event": "QUEUE_DRAINED"}))
            case "HANGUP":
                self.heard.end()
            case _:
                pass
