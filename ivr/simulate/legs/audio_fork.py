"""FreeSWITCH with mod_audio_fork."""

import json
from collections.abc import Mapping
from urllib.parse import parse_qsl

from ivr.simulate.leg import Door, Heard, Line
from ivr.simulate.legs.audiosocket import bearer
from ivr.simulate.web import Socket, get

_SCORE_A_STEP = 36


class AudioForkLeg:
    """Connects, and asks over HTTP when the sound is over."""

    def __init__(self, line: Line, door: Door) -> None:
        self.heard = Heard()
        self._line = line
        self._door = door
        self._socket = Socket()

    async def open(self) -> None:
        await self._socket.open(
            f"{self._door.ws}/ws/audio-fork",
            hear=self._hear,
            over=self.heard.end,
            headers=bearer(self._door),
            protocol="audio.drachtio.org",
        )
        told = {
            "call": self._line.call_id,
            "from": self._line.number,
            "lang": self._line.language,
        }
        await self._socket.send(json.dumps(told))

    async def send(self, sound: bytes) -> None:
        await self._socket.send(sound)

    async def press(self, key: str) -> None:
        await self._socket.send(json.dumps({"event": "dtmf", "dtmf": key}))

    async def close(self) -> None:
        await self._socket.close()

    async def ending(self) -> Mapping[str, str]:
        url = f"{self._door.url}/v1/freeswitch/calls/{self._line.call_id}/result"
        _, body = await get(url, headers=bearer(self._door))
        told = dict(parse_qsl(body.decode(), keep_blank_values=True))
        score = told.get("cc_base_score", "")
        return {
            "action": told.get("action", ""),
            "queue": told.get("queue", ""),
            "priority": str(int(score) // _SCORE_A_STEP) if score.isdigit() else "",
        }

    async def _hear(self, message: bytes | str) -> None:
        if isinstance(message, bytes):
            self.heard.put(message)
            return
        match json.loads(message).get("type"):
            case "killAudio":
                self.heard.drop()
            case "disconnect":
                self.heard.end()
            case _:
                pass
