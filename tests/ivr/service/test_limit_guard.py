"""Floods, and who is told where a request came from."""

import pytest
from fastapi import FastAPI, Request, WebSocket
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketDenialResponse

from ivr.service.limit_guard import LimitGuard
from ivr.service.limits import Limits
from ivr.settings import LimitSettings

SETTINGS = LimitSettings(
    requests_burst=4, requests_per_s=0.5, calls_burst=2, handshakes_burst=1, calls_per_s=0.1
)


def door(settings: LimitSettings = SETTINGS, *, trusted_proxies: int = 0) -> TestClient:
    app = FastAPI()

    @app.api_route("/{path:path}", methods=["GET", "POST"])
    async def seen(request: Request, path: str) -> str:
        return request.client.host if request.client else ""

    @app.websocket("/ws/{path}")
    async def streaming(socket: WebSocket, path: str) -> None:
        await socket.accept()
        await socket.close()

    limits = Limits(settings, clock=lambda: 0.0)
    app.add_middleware(LimitGuard, limits=limits, trusted_proxies=trusted_proxies)
    return TestClient(app, client=("10.0.0.1", 4711))


def test_a_flood_is_refused_with_the_time_to_wait() -> None:
    client = door()

    answers = [client.get("/health") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 2
    last = answers[-1]
    assert (last.json()["code"], last.headers["retry-after"]) == ("too_many_requests", "2")
    assert last.headers["content-type"] == "application/problem+json"


def test_more_new_calls_than_may_begin_are_refused_and_others_go_on() -> None:
    client = door()

    begun = [client.post("/twilio/voice").status_code for _ in range(3)]

    assert begun == [200, 200, 429]
    assert client.post("/twilio/turn").status_code == 200


def test_more_handshakes_than_may_come_are_not_accepted() -> None:
    client = door()
    with client.websocket_connect("/ws/asterisk"):
        pass

    with (
        pytest.raises(WebSocketDenialResponse) as caught,
        client.websocket_connect("/ws/asterisk"),
    ):
        pass

    assert caught.value.status_code == 429


def test_a_forged_address_escapes_no_limit() -> None:
    client = door()

    answers = [
        client.get("/health", headers={"X-Forwarded-For": f"203.0.113.{number}"})
        for number in range(6)
    ]

    assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 2
    assert answers[0].json() == "10.0.0.1"


def test_behind_a_trusted_proxy_each_client_is_counted_by_itself() -> None:
    client = door(trusted_proxies=1)

    for number in range(6):
        address = f"203.0.113.{number}"
        answer = client.get("/health", headers={"X-Forwarded-For": f"127.0.0.1, {address}"})
        assert (answer.status_code, answer.json()) == (200, address)


def test_what_is_over_gives_its_place_back() -> None:
    client = door(LimitSettings(at_once=1))

    assert [client.get("/health").status_code for _ in range(5)] == [200] * 5
