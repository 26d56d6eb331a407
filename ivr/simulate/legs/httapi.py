"""FreeSWITCH with mod_httapi."""

import base64
from collections.abc import Mapping
from xml.etree.ElementTree import Element, fromstring

from ivr.simulate.leg import Door, Line, Said
from ivr.simulate.legs.rest import wav_of
from ivr.simulate.web import post_form

_SCORE_A_STEP = 36


class HttapiLeg:
    """Does what documents say: plays, records, and sends what was recorded."""

    def __init__(self, line: Line, door: Door) -> None:
        self._line = line
        self._door = door
        self._next = f"{door.url}/httapi?lang={line.language}"

    async def open(self) -> None:
        self._read(await self._hit({}))

    async def turn(self, said: Said) -> Mapping[str, str]:
        if said.keys:
            return self._read(await self._hit({"turn": said.keys, "input_type": "dtmf"}))
        return self._read(await self._hit({}, wav_of(said)))

    async def close(self) -> None:
        await self._hit({"exiting": "true"})

    def _read(self, document: Element) -> Mapping[str, str]:
        record = document.find("work/record")
        if record is not None:
            self._next = record.attrib["action"]
            return {"action": "ask"}
        if document.find("work/hangup") is not None:
            return {"action": "hangup"}
        queue = document.find("work/execute")
        score = document.find("variables/cc_base_score")
        place = int(score.text or 0) // _SCORE_A_STEP if score is not None else 0
        name = queue.attrib["data"].removesuffix("@default") if queue is not None else ""
        return {"action": "queue", "queue": name, "priority": str(place)}

    async def _hit(self, told: Mapping[str, str], recording: bytes = b"") -> Element:
        fields = {
            "session_id": self._line.call_id,
            "Caller-Caller-ID-Number": self._line.number,
            "Caller-Destination-Number": "815",
            **told,
        }
        pair = f"rufwerk:{self._door.freeswitch_secret}".encode()
        headers = {"Authorization": "Basic " + base64.b64encode(pair).decode()}
        files = {"turn": ("turn.wav", recording, "audio/wav")} if recording else None
        status, body = await post_form(self._next, fields=fields, files=files, headers=headers)
        if status != 200:  # noqa: PLR2004 - OK
            raise ConnectionRefusedError("The service does not take the hit.")
        return fromstring(body)  # noqa: S314 - from the service that is tried
