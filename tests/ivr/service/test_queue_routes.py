"""What telephone systems tell and ask about callers who wait."""

import pytest
from anyio import CapacityLimiter
from fakes.desks import DeskHouse
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.testclient import TestClient

from biometrics import AuditEvent, AuditKind, StoreUnavailable, VoiceProblem
from ivr.errors import CallProblem
from ivr.service.problems import on_bad_request, on_problem
from ivr.service.queue_routes import QueueDesk, context_routes, queue_routes

TOKEN = "token-of-e1"


@pytest.fixture
def house() -> DeskHouse:
    house = DeskHouse()
    house.call("e1")
    return house


@pytest.fixture
def client(house: DeskHouse) -> TestClient:
    return client_of(house)


def client_of(house: DeskHouse) -> TestClient:
    desk = QueueDesk(
        room=house.room,
        find=house.contexts.find,
        witness=house.office.witness("gateway"),
        clock=house.office.clock,
        estimate_s=lambda _entry: (60, 180),
        whisper=lambda _context: b"RIFF",
        announcement=lambda token, lang: lang.value.encode() if token == TOKEN else None,
    )
    handlers = {CallProblem: on_problem, VoiceProblem: on_problem}
    app = FastAPI(exception_handlers={**handlers, RequestValidationError: on_bad_request})
    app.include_router(queue_routes(desk, CapacityLimiter(1)))
    app.include_router(context_routes(desk, CapacityLimiter(1)))
    return TestClient(app)


@pytest.mark.parametrize("token", ["token-of-e9", "x" * 128])
def test_a_token_that_nobody_has_is_not_found(client: TestClient, token: str) -> None:
    assert client.get(f"/v1/queue/{token}").json()["code"] == "unknown_context"
    assert client.get(f"/v1/context/{token}").status_code == 404
    assert client.get(f"/v1/context/{token}/whisper.wav").status_code == 404
    assert client.get(f"/v1/queue/{token}/announcement.wav").status_code == 404
    for what in ("claim", "connected", "release", "leave", "call-back"):
        answer = client.post(f"/v1/queue/{token}/{what}", data={"agent": "anna"})
        assert (what, answer.status_code) == (what, 404)


@pytest.mark.parametrize("agent", ["", "1", "+4989123456", "a b", "x" * 65])
def test_an_agent_that_is_no_code_is_refused(
    client: TestClient, house: DeskHouse, agent: str
) -> None:
    answer = client.post(f"/v1/queue/{TOKEN}/claim", data={"agent": agent})

    assert answer.status_code == 422
    assert house.state("e1") == ("waiting", None)


def test_a_call_is_claimed_once(client: TestClient, house: DeskHouse) -> None:
    first = client.post(f"/v1/queue/{TOKEN}/claim", data={"agent": "anna"})
    again = client.post(f"/v1/queue/{TOKEN}/claim", data={"agent": "anna"})
    second = client.post(f"/v1/queue/{TOKEN}/claim", data={"agent": "ben"})

    assert (first.status_code, first.json()["agent"]) == (200, "anna")
    assert again.status_code == 200
    assert (second.status_code, second.json()["code"]) == (409, "claimed_by_other")
    for what in ("connected", "release"):
        answer = client.post(f"/v1/queue/{TOKEN}/{what}", data={"agent": "ben"})
        assert answer.status_code == 409
    assert house.held("anna") == ["e1"]


def test_where_one_stands_and_how_long_it_will_be(client: TestClient, house: DeskHouse) -> None:
    house.call("e2", priority=90)

    assert client.get(f"/v1/queue/{TOKEN}").json() == {
        "state": "waiting",
        "queue": "senior",
        "priority": 80,
        "position": 2,
        "agent": None,
        "wait_low_s": 60,
        "wait_high_s": 180,
    }


def test_an_agent_who_does_not_answer_gives_the_call_back(
    client: TestClient, house: DeskHouse
) -> None:
    client.post(f"/v1/queue/{TOKEN}/claim", data={"agent": "anna"})
    answer = client.post(f"/v1/queue/{TOKEN}/release", data={"agent": "anna"})

    assert (answer.json()["state"], answer.json()["position"]) == ("waiting", 1)


def test_a_caller_hangs_up_or_asks_to_be_rung(client: TestClient, house: DeskHouse) -> None:
    house.call("e2")

    assert client.post(f"/v1/queue/{TOKEN}/call-back").json()["state"] == "call_back"
    assert client.post(f"/v1/queue/{TOKEN}/leave").json()["state"] == "call_back"
    assert client.post("/v1/queue/token-of-e2/leave").json()["state"] == "abandoned"


def test_what_cannot_be_written_down_is_not_told(house: DeskHouse) -> None:
    class Broken:
        def record(self, event: AuditEvent) -> None:
            raise StoreUnavailable("The trail is gone.")

    house.office.audit = Broken()

    answer = client_of(house).get(f"/v1/context/{TOKEN}")

    assert answer.status_code == 503
    assert "Klaus" not in answer.text


def test_everything_that_is_known_is_told_and_written_down(
    client: TestClient, house: DeskHouse
) -> None:
    answer = client.get(f"/v1/context/{TOKEN}")
    told = answer.json()

    assert answer.headers["cache-control"] == "no-store"
    assert told["customer"]["name"] == "Klaus Sommer"
    assert (told["evidence"]["llr"], told["evidence"]["threshold"]) == (6.2, 3.9)
    assert (told["intent"], told["slots"]) == ("rebook_flight", {"flight": "LH815"})
    assert [turn["caller"] for turn in told["said"]][1].startswith("Nein")
    assert {"tried", "mood", "earlier", "next_step", "reasons"} <= told.keys()
    assert [(actor, kind) for actor, kind, _ in house.office.written()] == [
        ("gateway", AuditKind.CONTEXT_READ)
    ]


def test_what_is_whispered_is_written_down(client: TestClient, house: DeskHouse) -> None:
    answer = client.get(f"/v1/context/{TOKEN}/whisper.wav")

    assert (answer.content, answer.headers["content-type"]) == (b"RIFF", "audio/wav")
    assert [kind for _, kind, _ in house.office.written()] == [AuditKind.CONTEXT_READ]


def test_who_waits_is_told_in_their_language(client: TestClient) -> None:
    told = client.get(f"/v1/queue/{TOKEN}/announcement.wav", params={"lang": "en"})

    assert (told.content, told.headers["content-type"]) == (b"en", "audio/wav")
    assert client.get(f"/v1/queue/{TOKEN}/announcement.wav").content == b"de"
    wrong = client.get(f"/v1/queue/{TOKEN}/announcement.wav", params={"lang": "xx"})
    assert wrong.status_code == 422
