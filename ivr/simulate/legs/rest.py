"""A gateway that records and sends a WAV file a turn."""

import json
from collections.abc import Mapping

from ivr.listen.wav import write_wav
from ivr.live.pcm import waveform_of
from ivr.simulate.leg import Door, Line, Refused, Said
from ivr.simulate.legs.audiosocket import bearer
from ivr.simulate.web import get, post_form


class RestLeg:
    """Plays the opening, then sends turn after turn."""

    def __init__(self, line: Line, door: Door) -> None:
        self._line = line
        self._door = door

    async def open(self) -> None:
        url = f"{self._door.url}/v1/opening.wav"
        status, _ = await get(url, headers=bearer(self._door))
        if status != 200:  # noqa: PLR2004 - OK
            raise Refused("The service does not take the call.")

    async def turn(self, said: Said) -> Mapping[str, str]:
        fields = {
            "from": self._line.number,
            "call_id": self._line.call_id,
            "lang": self._line.language,
        }
        files = None
        if said.keys:
            fields["keys"] = said.keys
        else:
            files = {"audio": ("turn.wav", wav_of(said), "audio/wav")}
        _, body = await post_form(
            f"{self._door.url}/v1/calls", fields=fields, files=files, headers=bearer(self._door)
        )
        action = json.loads(body).get("action", {})
        priority = action.get("priority")
        return {
            "action": action.get("type", ""),
            "queue": action.get("queue") or "",
            "priority": "" if priority is None else str(priority),
        }

    async def close(self) -> None:
        """What was said is left for whoever asks; the service forgets it by itself."""


def wav_of(said: Said) -> bytes:
    """The turn as a gateway records it."""
    return write_wav(waveform_of(said.pcm), encoding="mulaw")
