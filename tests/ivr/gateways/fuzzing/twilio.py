"""What Twilio would send: signed forms, and streams with a ticket."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl
from xml.etree import ElementTree as ET

from fakes.strict import FakeStrictReception
from fastapi import FastAPI

from ivr.gateways.twilio.routes import routes
from ivr.settings import GatewaySettings, TwilioSettings
from tests.ivr.gateways.fuzzing.asgi import (
    Answered,
    AsgiSocket,
    HttpDoor,
    Opening,
    Proof,
    SocketDoor,
    Webhook,
    ask,
)
from tests.ivr.gateways.fuzzing.fuzz import Door

_TOKEN = b"an auth token of the tests"
_URL = "https://ivr.example.com"
_MULAW = base64.b64encode(bytes(range(160))).decode()

_CALL = {
    "CallSid": "CA" + "0" * 31 + "1",
    "AccountSid": "AC" + "0" * 32,
    "From": "+4989123456",
    "To": "+4930123",
    "CallStatus": "ringing",
    "Direction": "inbound",
    "ApiVersion": "2010-04-01",
}


def _hook(name: str, query: str = "", **fields: str) -> Webhook:
    return Webhook(path=f"/twilio/{name}", query=query, form={**_CALL, **fields})


_HOOKS = [
    _hook("voice"),
    _hook("turn", "step=1&lang=de", SpeechResult="ein Flug", Confidence="0.93"),
    _hook("turn", "step=2&lang=de", Digits="12#"),
    _hook("turn", "step=3&lang=en"),
    _hook("after", "lang=de"),
    _hook("dial", "lang=de", DialCallStatus="no-answer"),
    _hook("refer", "lang=de", ReferCallStatus="202"),
    _hook("wait", "lang=de", QueuePosition="1", CurrentQueueSize="3", QueueTime="9"),
    _hook("queue-exit", "lang=de", QueueResult="leave", QueueTime="9"),
    _hook("status", CallStatus="completed"),
]


def _signed(hook: Webhook, body: bytes) -> dict[str, str]:
    """The body may be no form any more, and then nobody can sign it."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict")
        query = f"?{hook.query}" if hook.query else ""
        signed = _URL + hook.path + query + "".join(a + b for a, b in sorted(set(pairs)))
        digest = hmac.new(_TOKEN, signed.encode(), hashlib.sha1).digest()
    except ValueError:
        return {"x-twilio-signature": "none"}
    return {"x-twilio-signature": base64.b64encode(digest).decode()}


def _is_twiml(answered: Answered) -> str | None:
    if "xml" not in answered.headers.get("content-type", ""):
        return "no XML"
    try:
        root = ET.fromstring(answered.body)  # noqa: S314 - our own
    except ET.ParseError:
        return "broken XML"
    return None if root.tag == "Response" else "no TwiML"


def _app(reception: FakeStrictReception, mode: Any) -> FastAPI:
    app = FastAPI()
    settings = TwilioSettings(tokens=_TOKEN.decode(), mode=mode)
    app.include_router(routes(reception, GatewaySettings(public_url=_URL, twilio=settings)))
    return app


@asynccontextmanager
async def _hooks(mode: str) -> AsyncIterator[Door]:
    reception = FakeStrictReception()
    app = _app(reception, mode)
    yield HttpDoor(app, _HOOKS, reception=reception, check=_is_twiml, proof=Proof(sign=_signed))


twilio_stream_hooks = partial(_hooks, "stream")
twilio_gather_hooks = partial(_hooks, "gather")


def _told(event: str, **part: Any) -> str:
    return json.dumps({"event": event, "sequenceNumber": "3", "streamSid": "MZ1", **part})


def _media(chunk: int) -> str:
    timestamp = str(20 * chunk)
    media = {"track": "inbound", "chunk": str(chunk), "timestamp": timestamp, "payload": _MULAW}
    return _told("media", media=media)


def _script(call: str, ticket: str) -> tuple[str, ...]:
    start = {
        "callSid": call,
        "customParameters": {"ticket": ticket},
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
    }
    return (
        json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"}),
        _told("start", start=start),
        _media(0),
        _media(1),
        _media(5),
        _media(3),
        _told("dtmf", dtmf={"track": "inbound_track", "digit": "5"}),
        _told("mark", mark={"name": "x"}),
        _told("dtmf", dtmf={"track": "inbound_track", "digit": "#"}),
        _told("mark", mark={"name": "end"}),
        _told("stop", stop={"callSid": call}),
    )


@asynccontextmanager
async def twilio_media() -> AsyncIterator[Door]:
    reception = FakeStrictReception()
    app = _app(reception, "stream")
    count = 0

    async def opening() -> Opening:
        nonlocal count
        count += 1
        call = f"CA{count:032x}"
        hook = _hook("voice", CallSid=call)
        headers = {"content-type": hook.content_type, **_signed(hook, hook.body)}
        answered = await ask(app, hook, hook.body, headers)
        parameters = ET.fromstring(answered.body).iter("Parameter")  # noqa: S314 - ours
        ticket = next(one.get("value", "") for one in parameters if one.get("name") == "ticket")
        return Opening(path="/ws/twilio", script=_script(call, ticket))

    async def steady(socket: AsgiSocket) -> None:
        for chunk in range(2):
            socket.say(_media(chunk).replace('"timestamp"', '"unused"'))
        while '"media"' not in (message := await socket.heard()).get("text", ""):
            assert message["type"] in ("websocket.accept", "websocket.send"), message

    door = SocketDoor(app, opening, steady, reception=reception, begins_with=2)
    # A call that is over waits so long for its last words to be played.
    with patch("ivr.gateways.twilio.media._LEAVE_S", 0.05):
        yield door
        await door.close()
