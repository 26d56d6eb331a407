"""What a dialplan tells and asks over HTTP."""

from urllib.parse import parse_qs

import pytest
from fakes.live import FakeReception
from fastapi import FastAPI
from fastapi.testclient import TestClient

from ivr.call import CallId, Language
from ivr.gateways.asterisk import routes
from ivr.live.wire import Ending, Incoming

CALL = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"


@pytest.fixture
def reception() -> FakeReception:
    return FakeReception()


@pytest.fixture
def client(reception: FakeReception) -> TestClient:
    app = FastAPI()
    app.include_router(routes(reception))
    return TestClient(app)


def told(text: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(text, keep_blank_values=True).items()}


def test_what_is_no_uuid_is_refused(client: TestClient) -> None:
    assert client.get("/v1/asterisk/calls/17").status_code == 422
    assert client.get("/v1/asterisk/calls/17/result").status_code == 422


def test_a_call_that_nobody_knows_goes_to_people(client: TestClient) -> None:
    answer = client.get(f"/v1/asterisk/calls/{CALL}/result")

    assert answer.status_code == 200
    assert (told(answer.text)["action"], told(answer.text)["queue"]) == ("queue", "agents")
    assert told(answer.text)["verified"] == "0"


@pytest.mark.parametrize("way", ["get", "post"])
def test_a_call_is_announced_either_way(
    client: TestClient, reception: FakeReception, way: str
) -> None:
    fields = {"from": "+4989123456", "to": "815", "lang": "de_DE"}
    url = f"/v1/asterisk/calls/{CALL}"

    answer = client.get(url, params=fields) if way == "get" else client.post(url, data=fields)

    assert answer.text == "OK"
    expected = Incoming(
        call_id=CallId(CALL),
        caller_id="+4989123456",
        language=Language.GERMAN,
        source="asterisk",
    )
    assert reception.known == {CallId(CALL): expected}


def test_what_came_of_a_call_is_flat_or_json(client: TestClient, reception: FakeReception) -> None:
    reception.endings[CallId(CALL)] = Ending(
        call_id=CallId(CALL),
        type="queue",
        queue="senior",
        priority=80,
        context_token="t0ken",
        language=Language.GERMAN,
        is_verified=True,
    )
    expected = {
        "action": "queue",
        "queue": "senior",
        "prio": "80",
        "lang": "de",
        "verified": "1",
        "context": "t0ken",
    }
    url = f"/v1/asterisk/calls/{CALL}/result"

    flat = client.get(url)
    assert flat.headers["content-type"] == "application/x-www-form-urlencoded"
    assert told(flat.text) == expected
    assert client.get(url, headers={"Accept": "application/json"}).json() == expected
