"""More than can be done: machines are told when to come again, and that it is our fault."""

from datetime import UTC, datetime
from functools import partial
from threading import Event

import pytest
from fakes.scripted import SOUND, say_done, scripted_rooms
from fastapi.testclient import TestClient

from ivr.bounds.admission import Admission
from ivr.bounds.tally import Tally
from ivr.call import Language
from ivr.decide.moment import Decision, Moment
from ivr.identify.number import read_number
from ivr.pipeline import Pipeline
from ivr.rooms import Rooms
from ivr.service.app import Desk, create_app
from ivr.settings import LoadSettings, ServiceSettings
from ivr.switchboard import Switchboard

NOW = datetime(2026, 3, 10, tzinfo=UTC)
KEYS = {"from": "+4989123456", "keys": "1"}


def door(admission: Admission, rooms: Rooms | None = None) -> TestClient:
    pipeline = Pipeline(rooms or scripted_rooms(), default_language=Language.GERMAN)
    desk = Desk(
        switchboard=Switchboard(pipeline, capacity=5),
        read_number=partial(read_number, region="DE"),
        opening=lambda _language: SOUND,
        as_wav=lambda _sound, _encoding: b"RIFF",
        clock=lambda: NOW,
        ready=lambda: pytest.fail("the probes were asked"),
        admission=admission,
    )
    return TestClient(create_app(desk, ServiceSettings(), largest_upload_bytes=100_000))


def test_a_turn_too_many_is_told_when_to_come_again_and_leaves_nothing() -> None:
    admission = Admission(LoadSettings(most_turns=1, retry_after_s=3))
    client = door(admission)

    with admission.live_turn():
        refused = client.post("/v1/calls", data={**KEYS, "call_id": "c-1"})
        opening = client.get("/v1/opening.wav")

    for answer in (refused, opening):
        assert (answer.status_code, answer.json()["code"]) == (503, "house_full")
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["retry-after"] == "3"
    assert client.get("/v1/calls/c-1").status_code == 404
    assert client.post("/v1/calls", data={**KEYS, "call_id": "c-1"}).status_code == 200


def test_while_the_service_ends_no_call_begins_and_those_that_go_on_are_answered() -> None:
    admission = Admission()
    client = door(admission)
    assert client.post("/v1/calls", data={**KEYS, "call_id": "c-1"}).status_code == 200
    admission.drain()

    ready = client.get("/ready")
    new = client.post("/v1/calls", data={**KEYS, "call_id": "c-2"})
    known = client.post("/v1/calls", data={**KEYS, "call_id": "c-1"})

    assert (ready.status_code, ready.json()["status"]) == (503, "draining")
    assert (new.status_code, new.json()["code"]) == (503, "house_full")
    assert known.status_code == 200


def test_a_turn_that_nothing_ends_is_given_up_and_its_place_is_free() -> None:
    release, tally = Event(), Tally()
    admission = Admission(LoadSettings(most_turns=1, stuck_turn_s=0.1), tally)

    def hang(moment: Moment) -> Decision:
        release.wait(30)
        return say_done(moment)

    client = door(admission, scripted_rooms(decide=hang))
    given_up = client.post("/v1/calls", data={**KEYS, "call_id": "c-1"})
    places = admission.turns
    release.set()

    assert (given_up.status_code, given_up.json()["code"]) == (503, "too_late")
    assert tally.counts() == {("turn_stuck", "rest"): 1}
    assert places == 0
