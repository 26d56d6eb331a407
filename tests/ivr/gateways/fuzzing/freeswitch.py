"""What FreeSWITCH would send: httapi's forms, two kinds of streams, and sound to recognise."""

import base64
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from unittest.mock import patch
from xml.etree import ElementTree as ET

from anyio import CapacityLimiter
from fakes.live import FakeHearing, fake_ear, quiet, spoken
from fakes.strict import FakeStrictReception
from fastapi import FastAPI
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from ivr.gateways.freeswitch.document import KEYS
from ivr.gateways.freeswitch.routes import routes
from ivr.gateways.sentences import Recognition
from ivr.gateways.vosk_server import serve_vosk
from ivr.settings import FreeSwitchSettings, GatewaySettings, LiveSettings, VoskServerSettings
from tests.ivr.gateways.fuzzing.asgi import (
    Answered,
    AsgiSocket,
    HttpDoor,
    Opening,
    Proof,
    SocketDoor,
    Webhook,
)
from tests.ivr.gateways.fuzzing.fuzz import Door
from tests.ivr.gateways.fuzzing.mutations import Mutator

_SECRET = "a secret of the tests, long enough"
_FRAME = bytes(range(160)) * 2

_FIELDS = {
    "session_id": "6ba7b810-9dad-11d1-80b4-00c04fd430c0",
    "hostname": "fs",
    "Caller-Caller-ID-Number": "+4989123456",
    "Caller-Destination-Number": "815",
    "Caller-Direction": "inbound",
    "input_type": "dtmf",
}


def _hit(query: str = "", **fields: str) -> Webhook:
    return Webhook(path="/httapi", query=query, form={**_FIELDS, **fields})


_HITS = [
    _hit(),
    _hit("lang=de&at=prompt&step=1", **{KEYS: "1"}),
    _hit("lang=de&at=turn&step=2"),
    _hit("lang=de&at=turn&step=3&mark=0123456789abcdef"),
    _hit("lang=en&at=row&step=4", **{KEYS: "*"}),
    _hit("lang=de&at=prompt&step=5"),
    _hit("lang=de&at=row&step=6", exiting="true"),
]


def _shown(_: Webhook, __: bytes) -> dict[str, str]:
    told = base64.b64encode(f"freeswitch:{_SECRET}".encode()).decode()
    return {"authorization": f"Basic {told}"}


def _has_password(headers: dict[str, str]) -> bool:
    """Whatever the user is called."""
    try:
        told = base64.b64decode(headers["authorization"].partition(" ")[2], validate=True)
    except ValueError:
        return False
    return told.partition(b":")[2] == _SECRET.encode()


def _is_document(answered: Answered) -> str | None:
    if "text/xml" not in answered.headers.get("content-type", ""):
        return "no XML"
    try:
        root = ET.fromstring(answered.body)  # noqa: S314 - our own
    except ET.ParseError:
        return "broken XML"
    return None if root.get("type") == "xml/freeswitch-httapi" else "no document"


def _app(reception: FakeStrictReception) -> FastAPI:
    app = FastAPI()
    settings = FreeSwitchSettings(secret=_SECRET)
    gateways = GatewaySettings(public_url="https://ivr.example.com", freeswitch=settings)
    app.include_router(routes(reception, gateways))
    return app


@asynccontextmanager
async def httapi() -> AsyncIterator[Door]:
    reception = FakeStrictReception()
    app = _app(reception)
    yield HttpDoor(
        app,
        _HITS,
        reception=reception,
        check=_is_document,
        proof=Proof(sign=_shown, holds=_has_password),
    )


def _stream(path: str, query: str) -> Opening:
    told = {"call": "c-1", "from": "+4989123456", "lang": "de", "sampleRate": 8000, "source": "x"}
    return Opening(
        path=path,
        query=query,
        headers={"subprotocols": "audio.drachtio.org"},
        script=(
            json.dumps(told),
            _FRAME,
            _FRAME * 3,
            json.dumps({"event": "dtmf", "dtmf": "5"}),
            _FRAME,
            json.dumps({"digit": "*"}),
            json.dumps({"dtmf": "#"}),
        ),
    )


@asynccontextmanager
async def _streams(path: str) -> AsyncIterator[Door]:
    reception = FakeStrictReception()

    async def opening() -> Opening:
        return _stream(path, "rate=8000&out=binary&from=%2B4989123456")

    async def steady(socket: AsgiSocket) -> None:
        socket.say(_FRAME)
        while (message := await socket.heard()).get("bytes") != _FRAME:
            assert message["type"] in ("websocket.accept", "websocket.send"), message

    door = SocketDoor(_app(reception), opening, steady, reception=reception)
    # A call that is over waits so long for its last words to be sent and played.
    streams = "ivr.gateways.freeswitch.streams"
    with patch(f"{streams}._LEAVE_S", 0.01), patch(f"{streams}._GREET_S", 0.2):
        yield door
        await door.close()


audio_fork = partial(_streams, "/ws/audio-fork")
audio_stream = partial(_streams, "/ws/audio-stream")

_CONFIG = {"sample_rate": 8000, "phrase_list": ["eins"], "words": True, "call_id": "c-1"}


class VoskDoor:
    """A server that clients reach over real WebSockets."""

    def __init__(self, port: int, reception: FakeStrictReception) -> None:
        self.wrong = reception.wrong
        self.going_on = 0
        self._url = f"ws://127.0.0.1:{port}"
        self._other: ClientConnection | None = None

    async def attack(self, mutator: Mutator) -> int:
        script: list[bytes | str] = [
            json.dumps({"config": _CONFIG}),
            _FRAME * 10,
            spoken(200),
            quiet(900),
            '{"reset" : 1}',
            json.dumps({"config": {"sample_rate": 16_000}}),
            _FRAME * 10,
            '{"eof" : 1}',
        ]
        messages = mutator.script(script)
        is_wrong = [mutator.chance(0.5) for _ in messages]
        async with connect(self._url, compression=None, close_timeout=1) as client:
            with contextlib.suppress(ConnectionClosed):
                for message, changed in zip(messages, is_wrong, strict=True):
                    await client.send(mutator.message(message) if changed else message)
            if mutator.chance(0.2):
                client.transport.abort()
        return max(sum(is_wrong), 1)

    async def steady(self) -> None:
        if self._other is None:
            self._other = await connect(self._url, compression=None)
        await self._other.send(_FRAME * 10)
        assert "partial" in json.loads(await self._other.recv())

    async def settle(self) -> None:
        """Connections are over when they were left."""

    async def close(self) -> None:
        if self._other is not None:
            await self._other.close()


@asynccontextmanager
async def vosk() -> AsyncIterator[Door]:
    recognition = Recognition(
        hearing=lambda _: FakeHearing("ein Flug"),
        ear=fake_ear,
        settings=LiveSettings(),
        limiter=CapacityLimiter(4),
    )

    async def speaker(*_: object) -> None:
        return None

    async with serve_vosk(recognition, VoskServerSettings(), speaker=speaker, most=20) as port:
        door = VoskDoor(port, FakeStrictReception())
        yield door
        await door.close()
