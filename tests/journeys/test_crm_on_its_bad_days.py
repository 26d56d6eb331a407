"""Calls while the CRM is down, silent, or back again: whom the directory knows is served."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from fakes.crm import Crm, answering, crm_answering, waiting_for
from fakes.readiness import unready
from fastapi.testclient import TestClient

from ivr.result import new_call_id
from ivr.settings import IdentifySettings
from ivr.wiring import House

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

KLAUS, STRANGER = "+4989123456", "+4989999999"
SOURCES = """
sources:
  crm:
    kind: http
    url: "{url}/{{number}}"
    identifies: true
    facts: {{customer_id: /id, subject: /voice, name: /name, is_vulnerable: /vulnerable}}
    timeout_ms: 20000
"""
RECORD = {"id": "C-1001", "voice": "s-7f3a", "name": "Klaus", "vulnerable": True}

Turn = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def crm() -> Iterator[Crm]:
    with crm_answering(answering(503, {})) as crm:
        yield crm


@pytest.fixture(scope="module")
def asking(
    crm: Crm, house: House, fixtures: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A house that asks the CRM, with the customers and voices of the fixtures."""
    folder = tmp_path_factory.mktemp("crm")
    (folder / "sources.yaml").write_text(SOURCES.format(url=crm.url), "utf-8")
    rehearsal = House.for_rehearsal(folder).settings
    identify = IdentifySettings(sources=folder / "sources.yaml", failures_until_pause=1_000)
    other = House(replace(rehearsal, identify=identify))
    other.words.__dict__["recogniser"] = house.words.recogniser
    other.stage(fixtures)
    yield other
    other.close()


@pytest.fixture
def take(asking: House, fixtures: Path) -> Turn:
    """One turn of a call, over HTTP; the CRM's earlier answers are forgotten before the call."""
    asking.customers.forget()
    client = TestClient(asking.service())
    call = {"call_id": new_call_id()}

    def taken(recording: str, number: str = KLAUS, keys: str = "") -> dict[str, Any]:
        data = {"from": number, **call} | ({"keys": keys} if keys else {})
        files = {} if keys else {"audio": ("a.wav", (fixtures / recording).read_bytes())}
        answer: dict[str, Any] = client.post("/v1/calls", data=data, files=files).json()
        return answer

    return taken


def test_with_the_crm_down_a_stranger_is_nobody_and_is_answered(crm: Crm, take: Turn) -> None:
    crm.answer = answering(503, {})

    answer = take("klaus-flight.wav", STRANGER)

    assert answer["caller"]["known"] is False
    assert answer["verification"]["decision"] == "not_enrolled"
    assert answer["reasons"][0] == "the directory cannot be read -> caller unknown"
    assert "Klaus" not in answer["action"]["prompt"]


def test_with_the_crm_down_a_customer_is_greeted_by_what_the_directory_knows(
    crm: Crm, take: Turn, asking: House
) -> None:
    crm.answer = answering(503, {})

    answer = take("klaus-flight.wav")

    assert answer["verification"]["decision"] == "accepted"
    assert answer["action"]["prompt"].startswith("Hallo Klaus.")
    assert answer["reasons"][0] == "crm: failed -> what it knows of the caller is not used"
    assert "directory_unavailable" not in unready(asking)


def test_a_silent_crm_holds_nobody_up_and_what_it_tells_late_counts_in_the_next_turn(
    crm: Crm, take: Turn, asking: House
) -> None:
    may_answer = threading.Event()
    crm.answer = waiting_for(may_answer, answering(200, RECORD))
    begun = monotonic()

    first = take("klaus-flight.wav")
    assert monotonic() - begun < 10
    may_answer.set()
    number = asking.read_number(KLAUS)
    while not asking.directory.find(number).is_vulnerable:  # type: ignore[arg-type,union-attr]
        threading.Event().wait(0.01)
    second = take("", keys="0")

    assert first["action"]["prompt"].startswith("Hallo Klaus.")
    assert first["reasons"][0] == "crm: slow -> what it knows of the caller is not used"
    assert [reason for reason in second["reasons"] if "crm" in reason] == []
    assert second["action"]["queue"] == "care"
