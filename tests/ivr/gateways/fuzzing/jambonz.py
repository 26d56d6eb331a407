"""What jambonz would send: signed webhooks, streams with a ticket, and sound to recognise."""

import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fakes.live import FakeHearing, fake_ear
from fakes.strict import FakeStrictReception
from fastapi import FastAPI

from ivr.gateways.jambonz.routes import routes
from ivr.gateways.jambonz.speech import speech_routes
from ivr.settings import GatewaySettings, JambonzSettings
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

_SECRET = b"a secret of the tests"
_KEY = "a key of the tests"
_NOW_S = 1_764_115_200
_FRAME = bytes(range(160)) * 2

_FIRST = {
    "sip": {"headers": {"from": "<sip:+4989123456@x>;tag=1"}, "method": "INVITE"},
    "direction": "inbound",
    "call_sid": "b7c7c1a0",
    "call_id": "x@y",
    "account_sid": "a",
    "from": "+4989123456",
    "to": "+4930123",
    "call_status": "trying",
    "originating_sip_trunk_name": "acme",
    "caller_name": "",
}
_SPOKEN = {
    "call_sid": "b7c7c1a0",
    "from": "+4989123456",
    "reason": "speechDetected",
    "speech": {
        "language_code": "de-DE",
        "is_final": True,
        "alternatives": [{"transcript": "ein Flug", "confidence": 0.9}],
    },
}


def _hook(name: str, fields: dict[str, Any]) -> Webhook:
    return Webhook(path=f"/jambonz/{name}", json=json.dumps(fields), query="lang=de")


_HOOKS = [
    _hook("call", _FIRST),
    _hook("turn", _SPOKEN),
    _hook("turn", {"call_sid": "b7c7c1a0", "reason": "dtmfDetected", "digits": "12#"}),
    _hook("turn", {"call_sid": "b7c7c1a0", "reason": "timeout"}),
    _hook("wait", {"call_sid": "b7c7c1a0", "queue_sid": "queue:a:b", "queue_position": 0}),
    _hook("queue-exit", {"call_sid": "b7c7c1a0", "queue_result": "leave", "queue_time": 9}),
    _hook("refer", {"call_sid": "b7c7c1a0", "refer_status": 202, "final_referred_status": 200}),
    _hook("dial", {"call_sid": "b7c7c1a0", "dial_call_status": "completed"}),
    _hook("listen-end", {"call_sid": "b7c7c1a0"}),
    _hook("status", {"call_sid": "b7c7c1a0", "call_status": "completed"}),
]


def _signed(_: Webhook, body: bytes) -> dict[str, str]:
    digest = hmac.new(_SECRET, f"{_NOW_S}.".encode() + body, hashlib.sha256).hexdigest()
    return {"jambonz-signature": f"t={_NOW_S},v1={digest}"}


def _are_verbs(answered: Answered) -> str | None:
    verbs = json.loads(answered.body)
    is_right = isinstance(verbs, list) and all(isinstance(one.get("verb"), str) for one in verbs)
    is_json = answered.headers.get("content-type", "").startswith("application/json")
    return None if is_right and is_json else "no array of verbs"


def _app(reception: FakeStrictReception, mode: Any) -> FastAPI:
    app = FastAPI()
    settings = JambonzSettings(secrets=_SECRET.decode(), mode=mode)
    gateways = GatewaySettings(public_url="https://ivr.example.com", jambonz=settings)
    app.include_router(routes(reception, gateways, clock=lambda: float(_NOW_S)))
    return app


@asynccontextmanager
async def jambonz_stream_hooks() -> AsyncIterator[Door]:
    reception = FakeStrictReception()
    app = _app(reception, "stream")
    yield HttpDoor(app, _HOOKS, reception=reception, check=_are_verbs, proof=Proof(sign=_signed))


@asynccontextmanager
async def jambonz_gather_hooks() -> AsyncIterator[Door]:
    reception = FakeStrictReception()
    app = _app(reception, "gather")
    yield HttpDoor(app, _HOOKS, reception=reception, check=_are_verbs, proof=Proof(sign=_signed))


@asynccontextmanager
async def jambonz_listen() -> AsyncIterator[Door]:
    reception = FakeStrictReception()
    app = _app(reception, "stream")
    count = 0

    async def opening() -> Opening:
        nonlocal count
        count += 1
        call = {**_FIRST, "call_sid": f"call-{count}"}
        hook = _hook("call", call)
        answered = await ask(app, hook, hook.body, _signed(hook, hook.body))
        verb = json.loads(answered.body)[0]
        start = {"sampleRate": 8000, "mixType": "mono", "callSid": f"call-{count}"}
        return Opening(
            path="/ws/jambonz",
            headers={"subprotocols": "audio.drachtio.org"},
            script=(
                json.dumps({**start, **verb["metadata"]}),
                _FRAME,
                _FRAME * 3,
                json.dumps({"event": "dtmf", "dtmf": "5", "duration": 1600}),
                json.dumps({"type": "mark", "data": {"name": "x", "event": "playout"}}),
                json.dumps({"type": "playDone", "data": {"id": 1}}),
                _FRAME,
                json.dumps({"event": "dtmf", "dtmf": "*"}),
            ),
        )

    async def steady(socket: AsgiSocket) -> None:
        socket.say(_FRAME)
        while (message := await socket.heard()).get("bytes") != _FRAME:
            assert message["type"] in ("websocket.accept", "websocket.send"), message

    door = SocketDoor(app, opening, steady, reception=reception)
    yield door
    await door.close()


@asynccontextmanager
async def jambonz_speech() -> AsyncIterator[Door]:
    app = FastAPI()
    settings = GatewaySettings(jambonz=JambonzSettings(speech_key=_KEY))
    app.include_router(speech_routes(lambda _: FakeHearing("ein Flug"), fake_ear, settings))
    start = {"type": "start", "language": "de-DE", "sampleRateHz": 8000, "interimResults": True}
    script = (
        json.dumps({**start, "format": "raw", "encoding": "LINEAR16", "options": {}}),
        _FRAME * 10,
        _FRAME * 3,
        bytes(16_000),
        json.dumps({"type": "stop"}),
    )

    async def opening() -> Opening:
        headers = {"authorization": f"Bearer {_KEY}"}
        return Opening(path="/ws/jambonz-speech", headers=headers, script=script)

    async def steady(socket: AsgiSocket) -> None:
        socket.say(_FRAME * 10)
        socket.say(bytes(32_000))
        while 'is_final": true' not in (message := await socket.heard()).get("text", ""):
            assert message["type"] in ("websocket.accept", "websocket.send"), message

    door = SocketDoor(app, opening, steady, reception=FakeStrictReception())
    yield door
    await door.close()
