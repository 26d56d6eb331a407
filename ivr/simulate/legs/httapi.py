"""FreeSWITCH with mod_httapi."""

import base64
import contextlib
from collections.abc import Mapping
from xml.etree.ElementTree import Element, fromstring

from ivr.simulate.leg import Door, Line, Refused, Said
from ivr.simulate.legs.rest import wav_of
from ivr.simulate.web import post_form

_SCORE_A_STEP = 36


class HttapiLeg:
    """Does what documents say: plays, records, and sends what was recorded or pressed."""

    def __init__(self, line: Line, door: Door) -> None:
        self._line = line
        self._door = door
        self._document = Element("document")
        self._next = f"{door.url}/httapi?lang={line.language}"

    async def open(self) -> None:
        await self._hit({})

    async def turn(self, said: Said) -> Mapping[str, str]:
        for key in said.keys:
            await self._press(key)
        if not said.keys:
            await self._record(wav_of(said))
        if self._document.find("work/pause") is not None:
            await self._hit({})  # no more keys come
        return self._told()

    async def close(self) -> None:
        with contextlib.suppress(ConnectionError):
            await self._hit({"exiting": "true"})

    async def _press(self, key: str) -> None:
        record = self._document.find("work/record")
        if record is None:
            await self._hit({"keys": key, "input_type": "dtmf"})
            return
        self._next = next(bind.attrib["action"] for bind in record if bind.text == key)
        await self._hit({})

    async def _record(self, recording: bytes) -> None:
        if self._document.find("work/record") is None:
            await self._hit({})  # the prompt is over
        await self._hit({}, recording)

    def _told(self) -> Mapping[str, str]:
        if self._document.find("work/*[@action]") is not None:
            return {"action": "ask"}
        if self._document.find("work/hangup") is not None:
            return {"action": "hangup"}
        queue = self._document.find("work/execute")
        score = self._document.find("variables/cc_base_score")
        place = int(score.text or 0) // _SCORE_A_STEP if score is not None else 0
        name = queue.attrib["data"].removesuffix("@default") if queue is not None else ""
        return {"action": "queue", "queue": name, "priority": str(place)}

    def _read(self, document: Element) -> None:
        self._document = document
        for tag in document.iterfind("work/*[@action]"):
            self._next = tag.attrib["action"]

    async def _hit(self, told: Mapping[str, str], recording: bytes = b"") -> None:
        fields = {
            "session_id": self._line.call_id,
            "Caller-Caller-ID-Number": self._line.number,
            "Caller-Destination-Number": "815",
            **told,
        }
        pair = f"rufwerk:{self._door.freeswitch_secret}".encode()
        headers = {"Authorization": "Basic " + base64.b64encode(pair).decode()}
        files = {"turn": ("turn.wav", recording, "audio/wav")} if recording else None
        status, body = await post_form(
            self._door.here(self._next), fields=fields, files=files, headers=headers
        )
        if status != 200:  # noqa: PLR2004 - OK
            raise Refused("The service does not take the hit.")
        self._read(fromstring(body))  # noqa: S314 - from the service that is tried
