"""Who enters, over HTTP and over WebSocket: the refusals first."""

import asyncio
import base64
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from fastapi import FastAPI, WebSocket
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketDenialResponse
from starlette.types import Message

from biometrics import StoreUnavailable
from ivr.service.api_keys import ApiKey, KeyId, Scope
from ivr.service.keyring import Keyring
from ivr.service.limits import Limits
from ivr.service.making_api_keys import Made, made
from ivr.service.memory_api_keys import MemoryApiKeys
from ivr.service.token_guard import TokenGuard
from ivr.settings import LimitSettings

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
TOKEN = "the one token of this service"
ALL_SCOPES = list(Scope)


class Closed(MemoryApiKeys):
    """Nobody can read it."""

    def find(self, digest: bytes) -> ApiKey | None:
        raise StoreUnavailable("The database cannot be reached.")

    def all(self) -> tuple[ApiKey, ...]:
        raise StoreUnavailable("The database cannot be reached.")


class ReadOnly(MemoryApiKeys):
    def note_use(self, key: KeyId, day: date) -> None:
        raise StoreUnavailable("The database may not be written to.")


def door(
    keys: MemoryApiKeys | None = None,
    *,
    token: str | None = None,
    client: str = "203.0.113.9",
    settings: LimitSettings | None = None,
) -> TestClient:
    app = FastAPI()

    @app.get("/{path:path}")
    async def entered(path: str) -> str:
        return f"entered {path}"

    @app.websocket("/ws/{path}")
    async def streaming(socket: WebSocket, path: str) -> None:
        await socket.accept()
        await socket.send_text(f"streaming {path}")
        await socket.close()

    keyring = Keyring(token, keys, clock=lambda: NOW)
    limits = Limits(settings or LimitSettings(), clock=lambda: 0.0)
    app.add_middleware(TokenGuard, keyring=keyring, limits=limits)
    return TestClient(app, client=(client, 4711))


def kept(*scopes: Scope, **changes: Any) -> tuple[MemoryApiKeys, Made]:
    keys = MemoryApiKeys()
    new = made("pbx-1", scopes or ALL_SCOPES, NOW - timedelta(days=1), None)
    keys.add(replace(new.key, **changes))
    return keys, new


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def basic(secret: str, name: str = "pbx") -> dict[str, str]:
    told = base64.b64encode(f"{name}:{secret}".encode()).decode()
    return {"Authorization": f"Basic {told}"}


def refused(client: TestClient, path: str, headers: dict[str, str]) -> tuple[int, str]:
    """How a handshake is answered that is not accepted."""
    with (
        pytest.raises(WebSocketDenialResponse) as caught,
        client.websocket_connect(path, headers=headers),
    ):
        pass
    return caught.value.status_code, caught.value.json()["code"]


NOTHING_RIGHT = [
    {},
    {"Authorization": ""},
    {"Authorization": "Bearer"},
    {"Authorization": "Bearer "},
    {"Authorization": TOKEN},
    {"Authorization": f"Digest {TOKEN}"},
    {"Authorization": "Basic !!!"},
    {"Authorization": "Basic " + base64.b64encode(TOKEN.encode()).decode()},
    basic("", TOKEN),
    bearer("guessed"),
    bearer(TOKEN + "x"),
    bearer(TOKEN[:-1]),
    bearer("rufwerk_" + "A" * 43),
    bearer("x" * 5_000),
    {"X-Authorization": f"Bearer {TOKEN}"},
]


@pytest.mark.parametrize("headers", NOTHING_RIGHT)
def test_nobody_enters_without_what_opens_the_door(headers: dict[str, str]) -> None:
    client = door(kept()[0], token=TOKEN)

    answer = client.get("/v1/calls/c-1", headers=headers)

    assert (answer.status_code, answer.json()["code"]) == (401, "not_allowed")
    assert answer.headers["www-authenticate"] == "Bearer"


@pytest.mark.parametrize("headers", NOTHING_RIGHT)
def test_no_handshake_is_accepted_without_it(headers: dict[str, str]) -> None:
    client = door(kept()[0], token=TOKEN)

    assert refused(client, "/ws/asterisk", headers) == (401, "not_allowed")


def test_two_headers_of_which_one_is_right_open_nothing() -> None:
    client = door(token=TOKEN)
    two = [("Authorization", "Bearer guessed"), ("Authorization", f"Bearer {TOKEN}")]

    assert client.get("/v1/calls/c-1", headers=two).status_code == 401  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [{"expires_at": NOW}, {"revoked_at": NOW - timedelta(days=1)}, {"digest": b"0" * 32}],
)
def test_a_key_that_is_over_opens_nothing(changes: dict[str, Any]) -> None:
    keys, new = kept(**changes)

    assert door(keys).get("/v1/calls/c-1", headers=bearer(new.secret)).status_code == 401
    assert refused(door(keys), "/ws/asterisk", basic(new.secret)) == (401, "not_allowed")


@pytest.mark.parametrize("scope", Scope)
def test_a_key_opens_what_it_is_for_and_nothing_else(scope: Scope) -> None:
    keys, new = kept(scope)
    client = door(keys)
    doors = {
        Scope.CALLS: "/v1/calls/c-1",
        Scope.ENROLMENT: "/v1/subjects/s-1/voiceprint",
        Scope.SUBJECTS: "/v1/subjects/s-1",
        Scope.GATEWAYS: "/v1/asterisk/calls/c-1/result",
        Scope.OPERATOR: "/openapi.json",
    }

    answers = {
        each: client.get(path, headers=bearer(new.secret)).status_code
        for each, path in doors.items()
    }

    assert answers == {each: 200 if each is scope else 403 for each in doors}


def test_a_handshake_with_a_key_for_something_else_is_refused() -> None:
    keys, new = kept(Scope.CALLS)

    assert refused(door(keys), "/ws/asterisk", bearer(new.secret)) == (403, "wrong_scope")


def test_where_keys_cannot_be_read_nobody_enters_but_by_the_token() -> None:
    secret = made("pbx-1", [Scope.CALLS], NOW, None).secret
    with_token, without = door(Closed(), token=TOKEN), door(Closed(), client="127.0.0.1")

    answer = with_token.get("/v1/calls/c-1", headers=bearer(secret))

    assert (answer.status_code, answer.json()["code"]) == (503, "store_unavailable")
    assert with_token.get("/v1/calls/c-1", headers=bearer(TOKEN)).status_code == 200
    assert without.get("/v1/calls/c-1").status_code == 503
    assert refused(without, "/ws/asterisk", {}) == (503, "store_unavailable")


@pytest.mark.parametrize("client", ["203.0.113.9", "2001:db8::1", "10.0.0.1"])
def test_without_token_and_keys_only_this_machine_is_let_in(client: str) -> None:
    assert door(client=client).get("/v1/calls/c-1").status_code == 401
    assert door(MemoryApiKeys(), client=client).get("/v1/calls/c-1").status_code == 401
    assert door(client="127.0.0.1").get("/v1/calls/c-1").status_code == 200
    assert door(MemoryApiKeys(), client="::1").get("/v1/calls/c-1").status_code == 200


def test_the_first_key_closes_the_door_to_this_machine_too() -> None:
    keys = MemoryApiKeys()
    client = door(keys, client="127.0.0.1")
    assert client.get("/v1/calls/c-1").status_code == 200

    keys.add(made("pbx-1", [Scope.CALLS], NOW, None).key)

    assert client.get("/v1/calls/c-1").status_code == 401


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://example.com"}, {"Host": "rebound.example.com"}]
)
def test_a_page_of_another_site_is_not_let_in_by_an_open_door(headers: dict[str, str]) -> None:
    client = door(client="127.0.0.1")

    assert client.get("/v1/calls/c-1", headers=headers).status_code == 401
    assert refused(client, "/ws/asterisk", headers) == (401, "not_allowed")


def test_who_guesses_is_turned_away_and_told_when_to_come_again() -> None:
    client = door(token=TOKEN, settings=LimitSettings(failures_burst=2, forgive_failure_s=30))

    answers = [client.get("/x", headers=bearer(f"guess {number}")) for number in range(4)]

    assert [answer.status_code for answer in answers] == [401, 401, 429, 429]
    assert answers[-1].headers["retry-after"] == "30"
    assert refused(client, "/ws/asterisk", bearer("guess 5")) == (429, "too_many_requests")
    assert client.get("/x", headers=bearer(TOKEN)).status_code == 429, "it may be a guess"


def test_calls_go_on_where_somebody_else_guesses() -> None:
    client = door(token=TOKEN, settings=LimitSettings(failures_burst=2))
    client.get("/v1/calls/c-1", headers=bearer(TOKEN))
    for number in range(20):
        client.get("/x", headers=bearer(f"guess {number}"))

    assert client.get("/v1/calls/c-1", headers=bearer(TOKEN)).status_code == 200


@pytest.mark.parametrize("shows", [bearer, basic])
@pytest.mark.parametrize("path", ["asterisk", "audio-stream"])
def test_a_stream_is_opened_by_a_key_however_it_is_shown(shows: Any, path: str) -> None:
    keys, new = kept(Scope.GATEWAYS)

    for secret in (new.secret, TOKEN):
        opened = door(keys, token=TOKEN).websocket_connect(f"/ws/{path}", headers=shows(secret))
        with opened as socket:
            assert socket.receive_text() == f"streaming {path}"


@pytest.mark.parametrize("path", ["/health", "/twilio/voice", "/prompts/x.wav"])
def test_doors_that_are_open_or_guard_themselves_ask_for_no_key(path: str) -> None:
    assert door(token=TOKEN).get(path).status_code == 200


def test_streams_that_guard_themselves_ask_for_no_key() -> None:
    with door(token=TOKEN).websocket_connect("/ws/twilio") as socket:
        assert socket.receive_text() == "streaming twilio"


def test_the_day_of_a_use_is_noted_and_nobody_is_kept_out_where_it_cannot_be() -> None:
    keys, new = kept(Scope.CALLS)
    door(keys).get("/v1/calls/c-1", headers=bearer(new.secret))
    assert keys.all()[0].last_used == NOW.date()

    full = ReadOnly()
    full.add(new.key)
    assert door(full).get("/v1/calls/c-1", headers=bearer(new.secret)).status_code == 200


@pytest.fixture
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


def test_nothing_that_was_shown_reaches_the_log(
    everything_logged: pytest.LogCaptureFixture,
) -> None:
    keys, new = kept(Scope.CALLS)
    client = door(keys)
    for secret in (new.secret, "guessed"):
        client.get("/v1/calls/c-1", headers=bearer(secret))
        client.get("/openapi.json", headers=basic(secret))

    assert new.secret not in everything_logged.text
    assert "guessed" not in everything_logged.text


def test_a_server_that_can_only_close_a_handshake_closes_it_before_it_is_accepted() -> None:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    async def app(*_: object) -> None:
        raise AssertionError("nobody may come this far")

    guard = TokenGuard(
        app,
        keyring=Keyring(TOKEN, None, clock=lambda: NOW),
        limits=Limits(LimitSettings(), clock=lambda: 0.0),
    )
    scope = {"type": "websocket", "path": "/ws/asterisk", "headers": [], "client": ("::1", 1)}
    asyncio.run(guard(scope, receive, send))

    assert sent == [{"type": "websocket.close", "code": 4401, "reason": "not_allowed"}]
