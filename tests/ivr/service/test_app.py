"""The HTTP door, in front of scripted rooms: what it lets in, and how it answers."""

import asyncio
import tempfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from urllib.parse import parse_qs

import pytest
from fakes.log_lines import logged
from fakes.scripted import SOUND, scripted_rooms
from fastapi.testclient import TestClient
from starlette.requests import ClientDisconnect
from starlette.types import Message

from ivr.call import Language, Line, Queue
from ivr.decide.moment import Decision, Moment, decided, remembered
from ivr.errors import UnreadableAudio
from ivr.identify.number import read_number
from ivr.pipeline import Pipeline
from ivr.rooms import Rooms
from ivr.service.app import Desk, create_app
from ivr.service.guard import QuietFailures
from ivr.service.readiness import Looked, Part
from ivr.settings import ServiceSettings
from ivr.switchboard import Switchboard


def broken_run(fail: Callable[[object], object]) -> Callable[..., object]:
    async def run(*_: object, **__: object) -> object:
        return fail(None)

    return run


NOW = datetime(2026, 3, 10, tzinfo=UTC)
LARGEST = 100_000
WAV = {"audio": ("turn.wav", b"RIFF....", "audio/wav")}

Door = Callable[..., TestClient]


def door(
    rooms: Rooms | None = None,
    *,
    token: str | None = None,
    unready: tuple[str, ...] = (),
    ready_by: Callable[[], Looked] | None = None,
    largest: int = LARGEST,
) -> TestClient:
    pipeline = Pipeline(rooms or scripted_rooms(), default_language=Language.GERMAN)
    desk = Desk(
        switchboard=Switchboard(pipeline, capacity=5),
        read_number=partial(read_number, region="DE"),
        opening=lambda _language: SOUND,
        as_wav=lambda _sound, encoding: b"RIFFsound " + encoding.encode(),
        clock=lambda: NOW,
        ready=ready_by
        or (lambda: Looked(parts={code: Part(code=code, took_ms=0) for code in unready})),
    )
    settings = ServiceSettings(token=token)
    return TestClient(create_app(desk, settings, largest_upload_bytes=largest))


@pytest.mark.parametrize("shown", [None, "", "Bearer", "Bearer wrong", "Basic secret", "secret"])
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/calls"), ("GET", "/v1/calls/c-1"), ("GET", "/openapi.json"), ("GET", "/x")],
)
def test_nobody_gets_in_without_the_token(method: str, path: str, shown: str | None) -> None:
    headers = {} if shown is None else {"Authorization": shown}

    answer = door(token="secret").request(method, path, headers=headers)

    assert (
        answer.status_code,
        answer.json()["code"],
        answer.headers["WWW-Authenticate"],
    ) == (401, "not_allowed", "Bearer")


def test_the_token_opens_the_door() -> None:
    client = door(token="secret")

    answer = client.post("/v1/calls", files=WAV, headers={"Authorization": "Bearer secret"})

    assert answer.status_code == 200
    assert client.get("/health").status_code == 200


@pytest.mark.parametrize(
    ("data", "files", "status", "code"),
    [
        ({}, {}, 422, "bad_request"),
        ({"audio": "no file"}, {}, 422, "bad_request"),
        ({}, {"audio": ("a.wav", b"", "audio/wav")}, 400, "empty_recording"),
        ({"lang": "fr"}, WAV, 422, "unknown_language"),
        ({"call_id": "a b"}, WAV, 422, "bad_call_id"),
        ({}, {"audio": ("a.wav", b"x" * 300_000, "audio/wav")}, 413, "upload_too_large"),
    ],
)
def test_a_bad_request_gets_its_own_code_and_a_sentence(
    data: dict[str, str], files: dict[str, object], status: int, code: str
) -> None:
    answer = door().post("/v1/calls", data=data, files=files)  # type: ignore[arg-type]

    assert (status, code) == (answer.status_code, answer.json()["code"])
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"].endswith(".")


def test_a_body_that_never_says_its_size_is_cut_off() -> None:
    boundary = "x"
    head = (
        f"--{boundary}\r\nContent-Disposition: form-data; name=audio; filename=a.wav\r\n\r\n"
    ).encode()
    sent = 0

    def endless() -> object:
        nonlocal sent
        yield head
        while sent < 100 * LARGEST:
            sent += 10_000
            yield b"x" * 10_000

    answer = door().post(
        "/v1/calls",
        content=endless(),  # type: ignore[arg-type]
        headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
    )

    assert (answer.status_code, answer.json()["code"]) == (413, "upload_too_large")


def test_what_a_room_refuses_is_told_with_its_code() -> None:
    def refuse(_audio: bytes) -> object:
        raise UnreadableAudio("This is no WAV file.")

    answer = door(scripted_rooms(listen=refuse)).post("/v1/calls", files=WAV)

    assert answer.json() == {
        "type": "/problems/unreadable_audio",
        "title": "unreadable audio",
        "status": 415,
        "code": "unreadable_audio",
        "detail": "This is no WAV file.",
    }


@pytest.mark.parametrize("path", ["/v1/calls/none", "/v1/calls/none/prompt.wav"])
def test_an_unknown_call_is_not_found(path: str) -> None:
    answer = door().get(path)

    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_call")


def test_a_number_is_only_ever_a_value() -> None:
    answer = door().post("/v1/calls", data={"from": "'; DROP TABLE customers; --"}, files=WAV)

    assert answer.json()["caller"] == {"number": None, "known": False, "customer_id": None}


def test_a_turn_answers_the_whole_object() -> None:
    answer = door().post("/v1/calls", data={"from": "+4989123456", "call_id": "c-1"}, files=WAV)
    found = answer.json()
    times = found.pop("timings_ms")

    assert found == {
        "call_id": "c-1",
        "caller": {"number": "+4989123456", "known": False, "customer_id": None},
        "verification": {
            "decision": "not_enrolled",
            "score": None,
            "llr": None,
            "threshold": None,
            "net_speech_ms": 0,
            "encoder": None,
            "reasons": [],
            "incremental_score": None,
            "incremental_llr": None,
            "quality": [],
        },
        "transcript": {
            "text": "ein Wort",
            "language": "de",
            "confidence": 0.9,
            "engine": "fake",
            "fallback": "",
        },
        "intent": {"name": "go", "confidence": 0.9, "slots": {}},
        "action": {
            "type": "say",
            "prompt": "tell.done",
            "queue": None,
            "priority": None,
            "context_token": None,
        },
        "reasons": ["a reason"],
    }
    assert {
        "listen",
        "verify",
        "transcribe",
        "understand",
        "decide",
        "serve",
        "speak",
        "total",
    } == set(times)
    assert answer.headers["Link"] == '</v1/calls/c-1/prompt.wav>; rel="prompt"'


def test_gateways_that_cannot_read_json_get_flat_keys() -> None:
    def to_queue(moment: Moment) -> Decision:
        action = Queue(lines=(Line(key="tell.queue"),), queue="senior", priority=80)
        return remembered(decided(moment, action, "age 65 or older"), moment)

    answer = door(scripted_rooms(decide=to_queue)).post(
        "/v1/calls",
        data={"call_id": "c-1"},
        files=WAV,
        headers={"Accept": "application/x-www-form-urlencoded"},
    )
    flat = {key: values[0] for key, values in parse_qs(answer.text, True).items()}

    assert answer.headers["content-type"] == "application/x-www-form-urlencoded"
    assert (
        flat["action_type"],
        flat["action_queue"],
        flat["action_priority"],
        flat["caller_known"],
        flat["caller_number"],
        flat["reasons"],
    ) == ("queue", "senior", "80", "0", "", "age 65 or older")


def test_a_call_can_be_looked_up_and_its_prompt_heard() -> None:
    client = door()
    for _ in range(2):
        client.post("/v1/calls", data={"call_id": "c-1"}, files=WAV)

    turns = client.get("/v1/calls/c-1").json()
    prompt = client.get("/v1/calls/c-1/prompt.wav")

    assert [turn["call_id"] for turn in turns] == ["c-1", "c-1"]
    assert (
        prompt.content,
        prompt.headers["content-type"],
        prompt.headers["cache-control"],
    ) == (b"RIFFsound pcm16", "audio/wav", "no-store")


def test_the_latest_turn_of_a_call_comes_in_flat_keys_too() -> None:
    client = door()
    client.post("/v1/calls", data={"call_id": "c-1"}, files=WAV)

    flat = client.get("/v1/calls/c-1", headers={"Accept": "application/x-www-form-urlencoded"}).text

    assert parse_qs(flat)["action_type"] == ["say"]


def test_prompts_come_in_the_encoding_that_is_asked_for() -> None:
    client = door()
    client.post("/v1/calls", data={"call_id": "c-1"}, files=WAV)

    assert client.get("/v1/calls/c-1/prompt.wav?encoding=mp3").json()["code"] == "bad_request"
    assert client.get("/v1/opening.wav?encoding=mulaw").content == b"RIFFsound mulaw"


def test_a_caller_who_hangs_up_leaves_nothing() -> None:
    client = door()
    client.post("/v1/calls", data={"call_id": "c-1"}, files=WAV)

    assert client.delete("/v1/calls/c-1").status_code == 204
    assert client.get("/v1/calls/c-1").json()["code"] == "unknown_call"


def test_large_turns_are_not_written_to_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        tempfile.SpooledTemporaryFile, "rollover", lambda _: pytest.fail("written to disk")
    )
    big = {"audio": ("a.wav", b"x" * 3_000_000, "audio/wav")}

    assert door(largest=4_000_000).post("/v1/calls", files=big).status_code == 200


def test_what_nobody_foresaw_is_told_without_its_message(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_language: object) -> object:
        raise RuntimeError("Klaus said 1234")

    monkeypatch.setattr("ivr.service.app.run_sync", broken_run(broken))
    answer = door().get("/v1/opening.wav")

    assert (answer.status_code, answer.json()["code"]) == (500, "unexpected")
    assert all("Klaus" not in line for line in logged(caplog.records))


def test_what_is_missing_is_told_to_the_load_balancer() -> None:
    unready = door(unready=("store_unavailable",)).get("/ready")
    ready = door().get("/ready")

    assert (unready.status_code, unready.json()["missing"]) == (503, ["store_unavailable"])
    assert (ready.status_code, ready.json()["missing"]) == (200, [])


def test_the_event_loop_stays_free_while_a_turn_is_worked_on() -> None:
    entered, released = threading.Event(), threading.Event()

    def wait(_audio: bytes) -> object:
        entered.set()
        assert released.wait(10)
        return scripted_rooms().listen(b"")

    with door(scripted_rooms(listen=wait)) as client:
        turn = threading.Thread(target=lambda: client.post("/v1/calls", files=WAV))
        turn.start()
        assert entered.wait(10)
        alive = client.get("/health").json()
        released.set()
        turn.join()

    assert alive == {"status": "alive"}


def test_the_readiness_probe_may_wait_for_a_database_without_stopping_anybody() -> None:
    asked_in: list[int] = []
    client = door(ready_by=lambda: asked_in.append(threading.get_ident()) or Looked())
    with client:
        client.get("/ready")
        loop_runs_in = client.portal.call(threading.get_ident)  # type: ignore[union-attr]

    assert asked_in != [loop_runs_in]
    assert len(asked_in) == 1


def test_openapi_describes_the_answer() -> None:
    described = door().get("/openapi.json").json()

    assert {
        "/v1/calls",
        "/v1/calls/{call_id}",
        "/v1/calls/{call_id}/prompt.wav",
        "/v1/opening.wav",
        "/health",
        "/ready",
    } == set(described["paths"])
    assert "Result" in described["components"]["schemas"]


@pytest.mark.parametrize("keys", ["12a", "1 2", "A", "1" * 33])
def test_what_no_telephone_has_as_a_key_is_refused_and_not_repeated(keys: str) -> None:
    answer = door().post("/v1/calls", data={"from": "+4989123456", "keys": keys})

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_request")
    assert keys not in answer.text


def test_a_turn_is_spoken_or_typed() -> None:
    nothing = door().post("/v1/calls", data={"from": "+4989123456"})
    typed = door().post("/v1/calls", data={"from": "+4989123456", "keys": "12#"})

    assert (nothing.status_code, nothing.json()["code"]) == (422, "bad_request")
    assert typed.status_code == 200
    assert typed.json()["transcript"]["text"] == ""


def test_who_goes_away_in_the_middle_of_a_body_is_no_failure(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def gone(*_: object) -> None:
        raise ClientDisconnect

    async def nobody(*_: object) -> Message:
        raise AssertionError("nobody is there")

    asyncio.run(QuietFailures(gone)({"type": "http"}, nobody, nobody))

    assert caplog.records == []
