"""What a dialplan tells and asks over HTTP."""

from urllib.parse import parse_qs

import pytest
from fakes.live import FakeReception
from fastapi import FastAPI
from fastapi.testclient import TestClient

from ivr.call import CallId, Language
from ivr.gateways.asterisk.routes import routes
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


@pytest.mark.parametrize("call", ["a%20b", "a%0Ab", "x" * 129, "%C3%A4"])
def test_what_can_be_no_call_is_not_announced(
    client: TestClient, reception: FakeReception, call: str
) -> None:
    assert client.get(f"/v1/asterisk/calls/{call}").status_code == 422
    assert client.post(f"/v1/asterisk/calls/{call}", data={"from": "+49"}).status_code == 422
    assert reception.known == {}


def test_a_trunk_of_endless_name_is_not_announced(
    client: TestClient, reception: FakeReception
) -> None:
    fields = {"source": "x" * 129}

    assert client.post(f"/v1/asterisk/calls/{CALL}", data=fields).status_code == 422
    assert client.get(f"/v1/asterisk/calls/{CALL}", params=fields).status_code == 422
    assert reception.known == {}


@pytest.mark.parametrize("call", [CALL, "1732580000.17", "a%20b", "x" * 4_000])
def test_a_call_that_nobody_knows_goes_to_people(client: TestClient, call: str) -> None:
    """The dialplan goes on, whatever it asks for."""
    answer = client.get(f"/v1/asterisk/calls/{call}/result")

    assert answer.status_code == 200
    assert (told(answer.text)["action"], told(answer.text)["queue"]) == ("queue", "agents")
    assert told(answer.text)["verified"] == "0"


@pytest.mark.parametrize("way", ["get", "post"])
def test_a_call_is_announced_either_way(
    client: TestClient, reception: FakeReception, way: str
) -> None:
    fields = {"from": "+4989123456", "to": "815", "lang": "de_DE", "source": "t1", "record": "1"}
    url = f"/v1/asterisk/calls/{CALL}"

    answer = client.get(url, params=fields) if way == "get" else client.post(url, data=fields)

    assert answer.text == "OK"
    expected = Incoming(
        call_id=CallId(CALL),
        caller_id="+4989123456",
        language=Language.GERMAN,
        source="t1",
        gateway="asterisk",
        may_record=True,
    )
    assert reception.known == {CallId(CALL): expected}


def test_a_caller_who_withholds_the_number_is_withheld(
    client: TestClient, reception: FakeReception
) -> None:
    client.post(f"/v1/asterisk/calls/{CALL}", data={"from": "", "lang": "fr"})

    known = reception.known[CallId(CALL)]
    assert known == Incoming(call_id=CallId(CALL), source="asterisk", gateway="asterisk")


def test_a_uuid_is_the_same_call_however_it_is_written(
    client: TestClient, reception: FakeReception
) -> None:
    client.post(f"/v1/asterisk/calls/{CALL.upper()}")

    assert list(reception.known) == [CALL]


def test_a_channel_of_ari_has_an_id_of_its_own(
    client: TestClient, reception: FakeReception
) -> None:
    client.post("/v1/asterisk/calls/pbx-1-1732580000.17")

    assert list(reception.known) == ["pbx-1-1732580000.17"]


def test_what_came_of_a_call_is_flat_or_json(client: TestClient, reception: FakeReception) -> None:
    reception.endings[CallId(CALL)] = Ending(
        call_id=CallId(CALL),
        type="queue",
        queue="senior line",
        priority=80,
        context_token="t0ken",
        language=Language.GERMAN,
        is_verified=True,
    )
    expected = {
        "action": "queue",
        "queue": "senior line",
        "prio": "80",
        "lang": "de",
        "verified": "1",
        "context": "t0ken",
    }
    url = f"/v1/asterisk/calls/{CALL}/result"

    flat = client.get(url)
    assert flat.headers["content-type"] == "application/x-www-form-urlencoded"
    assert told(flat.text) == expected
    assert "queue=senior%20line&" in flat.text
    assert client.get(url, headers={"Accept": "application/json"}).json() == expected
