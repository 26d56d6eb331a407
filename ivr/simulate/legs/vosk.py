"""A client of vosk-server: recognition, and whose voice it was."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from ivr.simulate.leg import Door, Line, Said, Unanswered
from ivr.simulate.legs.audiosocket import announce
from ivr.simulate.web import Socket

_PIECE_BYTES = 3_200
_QUIET = bytes(16 * 1_000)


class VoskLeg:
    """Announces the call, so that the voice is judged, and sends sound piece by piece."""

    def __init__(self, line: Line, door: Door) -> None:
        self._line = line
        self._door = door
        self._socket = Socket()
        self._answers: asyncio.Queue[str] = asyncio.Queue()
        self.said: list[Mapping[str, object]] = []
        """Sentences, as they were answered."""

    async def open(self) -> None:
        await announce(self._line, self._door)
        url = f"ws://{self._door.host}:{self._door.vosk_port}"
        await self._socket.open(url, hear=self._hear, over=lambda: self._answers.put_nowait(""))
        config = {
            "sample_rate": 8000,
            "call_id": self._line.call_id,
            **({"lang": self._line.language} if self._line.language else {}),
        }
        await self._socket.send(json.dumps({"config": config}))

    async def turn(self, said: Said) -> Mapping[str, str]:
        sound = said.pcm + _QUIET
        told: dict[str, str] = {"action": ""}
        for at in range(0, len(sound), _PIECE_BYTES):
            await self._socket.send(sound[at : at + _PIECE_BYTES])
            answer = await self._answer()
            if answer.get("text"):
                self.said.append(answer)
                told["text"] = str(answer["text"])
                told["speaker"] = str(answer.get("speaker", {}).get("decision", ""))
        return told

    async def _answer(self) -> dict[str, Any]:
        told = await self._answers.get()
        if not told:
            raise Unanswered("The service hung up in the middle of a turn.")
        answer: dict[str, Any] = json.loads(told)
        return answer

    async def close(self) -> None:
        await self._socket.close()

    async def _hear(self, message: bytes | str) -> None:
        self._answers.put_nowait(message if isinstance(message, str) else message.decode())
