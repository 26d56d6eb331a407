"""Twilio: signed webhooks, then Media Streams."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from xml.etree.ElementTree import Element, fromstring

from ivr.gateways.sound import SoundIn, SoundOut
from ivr.simulate.leg import Door, Heard, Line, Refused
from ivr.simulate.web import Socket, post_form

_STREAM = "MZ" + "0" * 32


class TwilioLeg:
    """Asks what to do, streams as it is told, and asks again."""

    def __init__(self, line: Line, door: Door) -> None:
        self.heard = Heard()
        self._line = line
        self._door = door
        self._socket = Socket()
        self._sent_ms = 0
        self._in = SoundIn(coding="mulaw")
        self._out = SoundOut(coding="mulaw")

    async def open(self) -> None:
        document = await self._asked(f"/twilio/voice?lang={self._line.language}")
        stream = document.find("Connect/Stream")
        ticket = document.find("Connect/Stream/Parameter")
        if stream is None or ticket is None:
            raise Refused("The service does not stream the call.")
        url = self._door.here(stream.attrib["url"])
        await self._socket.open(url, hear=self._hear, over=self.heard.end)
        await self._tell("connected", protocol="Call", version="1.0.0")
        start = {
            "streamSid": _STREAM,
            "callSid": self._line.call_id,
            "tracks": ["inbound"],
            "customParameters": {"ticket": ticket.attrib["value"]},
            "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        }
        await self._tell("start", sequenceNumber="1", start=start)

    async def send(self, sound: bytes) -> None:
        payload = base64.b64encode(self._out.give(sound)).decode()
        media = {"track": "inbound", "timestamp": str(self._sent_ms), "payload": payload}
        self._sent_ms += 20
        await self._tell("media", media=media)

    async def press(self, key: str) -> None:
        await self._tell("dtmf", dtmf={"track": "inbound_track", "digit": key})

    async def close(self) -> None:
        await self._tell("stop", stop={"callSid": self._line.call_id})
        await self._socket.close()

    async def ending(self) -> Mapping[str, str]:
        document = await self._asked(f"/twilio/after?lang={self._line.language}")
        enqueue = document.find("Enqueue")
        if enqueue is not None:
            return {"action": "queue", "queue": enqueue.text or "", "priority": ""}
        return {"action": "hangup" if document.find("Hangup") is not None else "transfer"}

    async def _hear(self, message: bytes | str) -> None:
        told = json.loads(message)
        match told.get("event"):
            case "media":
                self.heard.put(self._in.take(base64.b64decode(told["media"]["payload"])))
            case "clear":
                self.heard.drop()
            case "mark":
                await self._tell("mark", mark=told["mark"])
            case _:
                pass

    async def _tell(self, event: str, **told: object) -> None:
        await self._socket.send(json.dumps({"event": event, "streamSid": _STREAM, **told}))

    async def _asked(self, path: str) -> Element:
        fields = {
            "CallSid": self._line.call_id,
            "From": self._line.number,
            "To": "+4930815",
            "CallStatus": "in-progress",
        }
        told = "".join(name + fields[name] for name in sorted(fields))
        token = self._door.twilio_token.encode()
        signed = (self._door.signed_url + path + told).encode()
        digest = hmac.new(token, signed, hashlib.sha1).digest()
        headers = {"X-Twilio-Signature": base64.b64encode(digest).decode()}
        status, body = await post_form(self._door.url + path, fields=fields, headers=headers)
        if status != 200:  # noqa: PLR2004 - OK
            raise Refused("The service does not take the webhook.")
        return fromstring(body)  # noqa: S314 - from the service that is tried
