"""jambonz: signed webhooks, then a listen stream."""

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any

from ivr.simulate.leg import Door, Heard, Line, Refused
from ivr.simulate.web import Socket, post


class JambonzLeg:
    """Asks what to do, streams as it is told, and asks again."""

    def __init__(self, line: Line, door: Door) -> None:
        self.heard = Heard()
        self._line = line
        self._door = door
        self._socket = Socket()

    async def open(self) -> None:
        verbs = await self._asked("call", call_status="trying", direction="inbound")
        listen = next((verb for verb in verbs if verb["verb"] == "listen"), None)
        if listen is None:
            raise Refused("The service does not stream the call.")
        await self._socket.open(
            f"{self._door.ws}/ws/jambonz",
            hear=self._hear,
            over=self.heard.end,
            protocol="audio.drachtio.org",
        )
        first = {
            "sampleRate": 8000,
            "mixType": "mono",
            "callSid": self._line.call_id,
            "from": self._line.number,
            **listen["metadata"],
        }
        await self._socket.send(json.dumps(first))

    async def send(self, sound: bytes) -> None:
        await self._socket.send(sound)

    async def press(self, key: str) -> None:
        await self._socket.send(json.dumps({"event": "dtmf", "dtmf": key, "duration": 800}))

    async def close(self) -> None:
        await self._socket.close()

    async def ending(self) -> Mapping[str, str]:
        verbs = await self._asked("listen-end", call_status="in-progress")
        for verb in verbs:
            match verb["verb"]:
                case "enqueue":
                    return {
                        "action": "queue",
                        "queue": verb["name"],
                        "priority": str(101 - int(verb["priority"])),
                    }
                case "hangup":
                    return {"action": "hangup"}
                case "sip:refer" | "dial":
                    return {"action": "transfer"}
                case _:
                    pass
        return {"action": ""}

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

    async def _asked(self, hook: str, **told: str) -> list[dict[str, Any]]:
        body = json.dumps(
            {
                "call_sid": self._line.call_id,
                "from": self._line.number,
                "to": "+4930815",
                "call_id": self._line.call_id,
                **told,
            }
        ).encode()
        at = str(int(time.time()))
        secret = self._door.jambonz_secret.encode()
        shown = hmac.new(secret, at.encode() + b"." + body, hashlib.sha256).hexdigest()
        status, answer = await post(
            f"{self._door.url}/jambonz/{hook}?lang={self._line.language}",
            body=body,
            headers={
                "Content-Type": "application/json",
                "Jambonz-Signature": f"t={at},v1={shown}",
            },
        )
        if status != 200:  # noqa: PLR2004 - OK
            raise Refused("The service does not take the webhook.")
        verbs: list[dict[str, Any]] = json.loads(answer)
        return verbs
