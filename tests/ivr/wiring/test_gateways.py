"""Every door that the wiring opens: none lets in whoever shows nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from fakes.live import FakeHearing, fake_ear
from fakes.strict import FakeStrictReception
from fastapi import APIRouter, FastAPI, WebSocketDisconnect
from fastapi.routing import APIRoute, APIWebSocketRoute
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketDenialResponse

from ivr.service.doors import needed
from ivr.settings import (
    FreeSwitchSettings,
    GatewaySettings,
    JambonzSettings,
    PhoneSettings,
    TwilioSettings,
)
from ivr.wiring.gateways import Ears, gateway_routes

SECRET = "a secret of the tests, long enough"
ALL_ON = GatewaySettings(
    public_url="https://ivr.example.com",
    jambonz=JambonzSettings(secrets=SECRET, speech_key=SECRET),
    twilio=TwilioSettings(tokens=SECRET),
    freeswitch=FreeSwitchSettings(secret=SECRET),
    phone=PhoneSettings(enabled=True, token=SECRET),
)
PAGE = ("/phone", "/phone/{name}")
"""Files that tell nothing about anybody."""

FIRST = (
    "{}",
    '{"event": "start", "start": {"callSid": "CA1", "customParameters": {"ticket": ""}}}',
    '{"sampleRate": 8000, "mixType": "mono", "callSid": "c-1", "ticket": ""}',
    '{"type": "dial", "from": "+4989123456", "language": "de", "token": ""}',
    '{"type": "start", "language": "de-DE", "sampleRateHz": 8000}',
)


class Nobody(FakeStrictReception):
    """Takes no calls, and notes that it was asked to."""

    def answer(self, *_: Any, **__: Any) -> Any:
        self.wrong["answered"] += 1
        raise AssertionError("nobody may come this far")

    async def take(self, *_: Any) -> Any:
        self.wrong["took a turn"] += 1
        raise AssertionError("nobody may come this far")


def routers(reception: FakeStrictReception, settings: GatewaySettings) -> tuple[APIRouter, ...]:
    async def speaker(*_: object) -> None:
        return None

    ears = Ears(hearing=lambda _: FakeHearing("ein Flug"), ear=fake_ear, speaker=speaker)
    desk: Any = reception
    return gateway_routes(desk, ears, settings)


def opened(reception: FakeStrictReception) -> FastAPI:
    app = FastAPI()
    for router in routers(reception, ALL_ON):
        app.include_router(router)
    return app


def mounted(router: APIRouter) -> Iterator[APIRoute | APIWebSocketRoute]:
    """Its routes, and those of routers in it."""
    for route in router.routes:
        if inner := getattr(route, "original_router", None):
            yield from mounted(inner)
        elif isinstance(route, APIRoute | APIWebSocketRoute):
            yield route


def self_guarded(kind: type) -> list[tuple[str, str]]:
    """Methods and paths that the service asks for no key, of everything that can be on."""
    doors = [
        (method, route.path)
        for router in routers(Nobody(), ALL_ON)
        for route in mounted(router)
        if isinstance(route, kind)
        for method in (getattr(route, "methods", None) or {"GET"})
    ]
    return sorted(one for one in doors if needed(*one) is None and one[1] not in PAGE)


def test_what_guards_itself_is_known() -> None:
    assert {path for _, path in self_guarded(APIWebSocketRoute)} == {
        "/ws/jambonz",
        "/ws/jambonz-speech",
        "/ws/phone",
        "/ws/twilio",
    }
    folders = {path.split("/")[1] for _, path in self_guarded(APIRoute)}
    assert {"jambonz", "twilio"} <= folders <= {"jambonz", "twilio", "httapi"}


@pytest.mark.parametrize(("method", "path"), self_guarded(APIRoute))
def test_a_webhook_that_proves_nothing_is_refused(method: str, path: str) -> None:
    reception = Nobody()
    client = TestClient(opened(reception))

    for headers in ({}, {"X-Twilio-Signature": ""}, {"Jambonz-Signature": "t=0,v1="}):
        answer = client.request(method, path, data={"CallSid": "CA1"}, headers=headers)
        assert answer.status_code in (401, 403)

    assert not reception.wrong


@pytest.mark.parametrize(("_", "path"), self_guarded(APIWebSocketRoute))
def test_a_stream_that_proves_nothing_gets_no_call(
    _: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr.gateways.twilio.media._GREET_S", 0.05)
    reception = Nobody()
    client = TestClient(opened(reception))

    for first in FIRST:
        headers = {"origin": "http://testserver"}
        try:
            with client.websocket_connect(path, headers=headers) as socket:
                socket.send_text(first)
                socket.send_bytes(bytes(320))
                while True:
                    message = socket.receive_text()
                    assert "ein Flug" not in message
                    if '"type": "start"' not in first:
                        socket.close()
        except (WebSocketDisconnect, WebSocketDenialResponse):
            pass

    assert not reception.wrong


def test_what_has_no_secret_is_off() -> None:
    paths = {
        route.path for router in routers(Nobody(), GatewaySettings()) for route in mounted(router)
    }

    assert paths
    assert [path for path in paths if needed("GET", path) is None] == []
