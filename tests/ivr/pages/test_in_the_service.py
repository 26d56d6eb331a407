"""The pages behind the whole door of the service: its limits, keys and sizes."""

from functools import partial

import pytest
from fakes.desks import DeskHouse
from fakes.people import PASSWORD
from fakes.scripted import SOUND, scripted_rooms
from fastapi.testclient import TestClient

from ivr.call import Language
from ivr.identify.number import read_number
from ivr.people.person import Role
from ivr.pipeline import Pipeline
from ivr.service.app import Desk, create_app
from ivr.service.readiness import Looked
from ivr.settings import LimitSettings, ServiceSettings
from ivr.switchboard import Switchboard

TOKEN = "a token of the service, long enough"


def client_of(house: DeskHouse, **limits: float) -> TestClient:
    pipeline = Pipeline(scripted_rooms(), default_language=Language.GERMAN)
    desk = Desk(
        switchboard=Switchboard(pipeline, capacity=5),
        read_number=partial(read_number, region="DE"),
        opening=lambda _language: SOUND,
        as_wav=lambda _sound, encoding: encoding.encode(),
        clock=house.office.clock,
        ready=Looked,
        gateways=tuple(
            router
            for route in house.app.routes
            if (router := getattr(route, "original_router", None)) is not None
        ),
    )
    settings = ServiceSettings(token=TOKEN)
    app = create_app(desk, settings, largest_upload_bytes=10_000, limits=LimitSettings(**limits))
    return TestClient(app, follow_redirects=False, headers={"Origin": "http://testserver"})


@pytest.fixture
def house() -> DeskHouse:
    house = DeskHouse()
    house.office.hire("anna", Role.AGENT)
    return house


@pytest.mark.parametrize("path", ["/desk", "/desk/queue", "/desk/events", "/people", "/account"])
def test_the_token_of_the_service_opens_no_page(house: DeskHouse, path: str) -> None:
    shown = {"Authorization": f"Bearer {TOKEN}"}

    assert client_of(house).get(path, headers=shown).status_code == 303


def test_who_signed_in_at_a_page_is_not_let_in_elsewhere(house: DeskHouse) -> None:
    client = client_of(house)
    assert client.post("/sign-in", data={"name": "anna", "password": PASSWORD}).status_code == 303

    assert client.get("/desk").status_code == 200
    for path in ("/v1/calls/c-1", "/openapi.json", "/v1/queue/token-of-e1"):
        assert client.get(path).status_code == 401


def test_a_form_that_is_too_large_is_turned_away_unread(house: DeskHouse) -> None:
    form = {"name": "anna", "password": "x" * 100_000}

    assert client_of(house).post("/sign-in", data=form).status_code == 413


def test_limits_hold_for_pages_too(house: DeskHouse) -> None:
    client = client_of(house, requests_burst=3, requests_per_s=0.01)

    codes = [client.get("/sign-in").status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]


def test_a_stream_ends_by_itself(house: DeskHouse) -> None:
    """Through every guard of the service; asking again, the session is looked at anew."""
    house.lasts_s = 0.3
    client = client_of(house)
    client.post("/sign-in", data={"name": "anna", "password": PASSWORD})
    house.call()

    told = client.get("/desk/events")

    assert told.headers["content-type"].startswith("text/event-stream")
    assert told.headers["cache-control"] == "no-store"
    assert "event: queue" in told.text
