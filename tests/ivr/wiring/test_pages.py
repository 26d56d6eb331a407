"""The desk over the real stores: a call is handed over, comes up, and what is said is kept."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes.desks import KLAUS, context
from fastapi import FastAPI
from fastapi.testclient import TestClient

from ivr.call import CallId, Language
from ivr.errors import ModelMissing
from ivr.people.person import Person, PersonId, Role
from ivr.queue.entry import AgentId, ContextToken, Entry, EntryId
from ivr.settings import read_settings
from ivr.wiring import House

PASSWORD = "vier blaue esel im regen"
TOKEN = "token-of-e1"


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    # Models stay where they are; everything that is kept goes elsewhere.
    monkeypatch.setenv("IVR_DATABASE_URL", f"sqlite:///{tmp_path / 'rufwerk.db'}")
    monkeypatch.setenv("IVR_KEYS__DATABASE", f"sqlite:///{tmp_path / 'keys.db'}")
    monkeypatch.setenv("IVR_KEYS__FILE", str(tmp_path / "master.key"))
    monkeypatch.setenv("IVR_EDITING__FOLDER", str(tmp_path / "edited"))
    monkeypatch.setenv("IVR_PAGES__ON", "1")
    house = House.from_environment()
    try:
        house.words.recogniser_of("whisper")
    except ModelMissing as missing:
        pytest.skip(missing.sentence)
    yield house
    house.close()


def app_of(house: House) -> FastAPI:
    app = FastAPI()
    for router in (*house.desks.gateway_routes(), *house._page_routes):
        app.include_router(router)
    return app


def test_pages_are_off_unless_somebody_switches_them_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_HOME", str(tmp_path))

    assert not read_settings().pages.on
    assert House.from_environment()._page_routes == ()


def test_a_call_is_taken_looked_at_and_finished(house: House, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    anna = Person(id=PersonId("anna"), name="Anna", role=Role.AGENT)
    house.people.registry("operator").add(anna, PASSWORD, now)
    house.handing_over.contexts.put(TOKEN, context(now))
    house.room.join(
        Entry(
            id=EntryId("e1"),
            call_id=CallId("c-1"),
            token=ContextToken(TOKEN),
            queue="senior",
            language=Language.GERMAN,
            priority=80,
            reasons=("age 65 or older",),
            joined_at=now,
        )
    )
    client = TestClient(app_of(house), headers={"Origin": "http://testserver"})
    assert client.get("/desk").url.path == "/sign-in"
    client.post("/sign-in", data={"name": "anna", "password": PASSWORD})
    token = re.search(r'form-token" content="(\w+)"', client.get("/desk").text)
    assert token
    form = {"token": token[1]}

    claimed = client.post(f"/v1/queue/{TOKEN}/claim", data={"agent": "anna"})
    assert claimed.json()["agent"] == "anna"
    page = client.get("/desk/calls/e1").text
    assert "Klaus Sommer" in page
    assert "einen Flug umbuchen" in page
    hidden = client.post("/desk/calls/e1/not-the-person", data=form).text
    assert KLAUS.name not in hidden
    done = client.post("/desk/calls/e1/finish", data={**form, "text": "erledigt"})
    assert (done.status_code, done.url.path) == (200, "/desk")

    kinds = [entry.kind for entry in house.voices.records.trail.entries()]
    wanted = ["person_changed", "signed_in", "context_read", "context_read"]
    assert [kind for kind in kinds if kind in wanted] == wanted
    kept = (tmp_path / "rufwerk.db").read_bytes()
    assert [word for word in (b"Klaus", b"erledigt", b"4989123456") if word in kept] == []


def test_a_call_in_hand_is_not_signed_out_of(house: House) -> None:
    assert house.desks.stays_for(PersonId("anna")) == ""
    entry = Entry(
        id=EntryId("e1"),
        call_id=CallId("c-1"),
        token=ContextToken(TOKEN),
        queue="agents",
        language=Language.GERMAN,
        priority=50,
        reasons=(),
        joined_at=datetime.now(UTC),
    )
    house.room.join(entry)
    house.room.claim(entry.id, AgentId("anna"), datetime.now(UTC))

    assert house.desks.stays_for(PersonId("anna")) == "/desk/leaving"
