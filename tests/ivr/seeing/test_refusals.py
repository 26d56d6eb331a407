"""What is refused at the door is counted by its code, and answered as before."""

import asyncio
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from starlette.exceptions import HTTPException

from ivr.errors import EmptyRecording
from ivr.seeing import measures
from ivr.seeing.memory_meter import MemoryMeter
from ivr.seeing.refusals import CountedRefusals
from ivr.service.problems import STATUS, on_http, on_problem

KNOWN = {"code": frozenset(STATUS) | {"http_error"}}


@pytest.fixture
def meter() -> MemoryMeter:
    return MemoryMeter(KNOWN)


@pytest.fixture
def client(meter: MemoryMeter) -> TestClient:
    routes = APIRouter()

    @routes.get("/fine")
    async def fine() -> dict[str, str]:
        return {"code": "empty_recording"}

    @routes.get("/empty")
    async def empty() -> None:
        raise EmptyRecording("The recording is empty.")

    @routes.post("/{gateway}/voice")
    async def voice(gateway: str) -> None:
        raise HTTPException({"jambonz": 401, "busy": 429}.get(gateway, 403))

    app = FastAPI(
        exception_handlers={HTTPException: on_http, EmptyRecording: on_problem},
    )
    app.include_router(routes)
    app.add_middleware(CountedRefusals, meter=meter)
    return TestClient(app)


def test_what_is_refused_is_counted_by_its_code(client: TestClient, meter: MemoryMeter) -> None:
    answer = client.get("/empty")

    assert (answer.status_code, answer.json()["code"]) == (400, "empty_recording")
    assert meter.counted(measures.REFUSALS, "empty_recording") == 1


def test_what_is_answered_is_no_refusal(client: TestClient, meter: MemoryMeter) -> None:
    assert client.get("/fine").json() == {"code": "empty_recording"}
    assert meter.scrape() == b""


@pytest.mark.parametrize(
    ("path", "gateway", "times"),
    [
        ("/twilio/voice", "twilio", 1),
        ("/jambonz/voice", "jambonz", 1),
        ("/httapi/voice", "freeswitch", 1),
        ("/busy/voice", "twilio", 0),
        ("/other/voice", "twilio", 0),
    ],
)
def test_webhooks_that_prove_nothing_are_counted_by_gateway(
    client: TestClient, meter: MemoryMeter, path: str, gateway: str, times: int
) -> None:
    client.post(path)

    assert meter.counted(measures.REFUSALS, "http_error") == 1
    assert meter.counted(measures.WEBHOOK_REFUSALS, gateway) == times


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"no json", b'{"code": 7}', b'{"code": "Klaus"}', b"x" * 9_000]
)
def test_a_problem_that_nobody_can_read_is_told_as_other(meter: MemoryMeter, body: bytes) -> None:
    assert sent(meter, body) == body
    assert meter.counted(measures.REFUSALS, "other") == 1


def sent(meter: MemoryMeter, body: bytes) -> bytes:
    """What comes through of a problem with this body."""
    came: list[Any] = []

    async def app(_: Any, __: Any, send: Any) -> None:
        headers = [(b"content-type", b"application/problem+json")]
        await send({"type": "http.response.start", "status": 500, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def keep(message: Any) -> None:
        came.append(message)

    async def nothing() -> Any:
        raise AssertionError("nothing is read")

    scope = {"type": "http", "path": "/x"}
    asyncio.run(CountedRefusals(app, meter=meter)(scope, nothing, keep))
    return bytes(came[1]["body"])


def test_a_stream_that_is_closed_with_a_code_is_a_refusal(meter: MemoryMeter) -> None:
    async def app(_: Any, __: Any, send: Any) -> None:
        await send({"type": "websocket.close", "code": 4_401, "reason": "not_allowed"})

    async def keep(_: Any) -> None:
        return None

    scope = {"type": "websocket", "path": "/ws/twilio"}
    asyncio.run(CountedRefusals(app, meter=meter)(scope, keep, keep))  # type: ignore[arg-type]

    assert meter.counted(measures.REFUSALS, "not_allowed") == 1
    assert meter.counted(measures.WEBHOOK_REFUSALS, "twilio") == 1
