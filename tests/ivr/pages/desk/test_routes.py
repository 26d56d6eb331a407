"""The desk over HTTP: refusals of what its forms hold, and what an open desk is told."""

import asyncio
import json
import re

import pytest
from fakes.desks import DeskHouse
from fakes.people import PASSWORD
from fastapi.testclient import TestClient
from httpx2 import Response

from ivr.pages.guard import Needs
from ivr.pages.visit import Visit
from ivr.people.person import Role


class Browser:
    """Anna's."""

    def __init__(self, house: DeskHouse, name: str = "anna") -> None:
        self.client = TestClient(house.app, follow_redirects=False)
        self.client.headers["Origin"] = "http://testserver"
        form = {"name": name, "password": PASSWORD}
        assert self.client.post("/sign-in", data=form).status_code == 303
        found = re.search(r'form-token" content="(\w+)"', self.client.get("/account").text)
        assert found
        self.token = found[1]

    def post(self, path: str, **form: str) -> Response:
        return self.client.post(path, data={"token": self.token, **form})


@pytest.fixture
def house() -> DeskHouse:
    house = DeskHouse()
    house.office.hire("anna", Role.AGENT)
    house.office.hire("root", Role.ADMIN)
    house.call("e1")
    return house


def test_every_route_of_the_desk_says_what_it_needs(house: DeskHouse) -> None:
    found = [
        one.call.one_of
        for router in house.app.routes
        for route in getattr(getattr(router, "original_router", None), "routes", [])
        for one in route.dependant.dependencies
        if isinstance(one.call, Needs) and route.path.startswith("/desk")
    ]

    assert len(found) > 12
    assert None not in found


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("next", {}),
        ("status", {"status": "available"}),
        ("calls/e1/take", {}),
        ("calls/e1/release", {}),
        ("calls/e1/finish", {}),
        ("calls/e1/not-the-person", {}),
        ("calls/e1/transfer", {"queue": "vip", "why": "wish"}),
        ("calls/e1/colleague", {"colleague": "anna"}),
        ("calls/e1/note", {"text": "x"}),
    ],
)
def test_administrators_do_nothing_at_a_desk(
    house: DeskHouse, path: str, form: dict[str, str]
) -> None:
    assert Browser(house, "root").post(f"/desk/{path}", **form).status_code == 403
    assert house.state("e1") == ("waiting", None)


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("status", {"status": "yoga"}, 422),
        ("status", {}, 422),
        ("calls/e9/take", {}, 409),
        ("calls/e9/finish", {}, 409),
        ("calls/e1/finish", {"solved": "perhaps"}, 422),
        ("calls/e1/finish", {"meant": "<b>"}, 422),
        ("calls/e1/note", {"text": "x" * 2_001}, 422),
        ("calls/e1/transfer", {"queue": "nowhere", "why": "wish"}, 422),
        ("calls/e1/transfer", {"queue": "vip", "why": "because I say so"}, 422),
        ("calls/e1/colleague", {"colleague": "nobody"}, 409),
    ],
)
def test_what_a_form_may_not_hold_changes_nothing(
    house: DeskHouse, path: str, form: dict[str, str], status: int
) -> None:
    house.assign("e1", "anna")

    assert Browser(house).post(f"/desk/{path}", **form).status_code == status
    assert house.state("e1") == ("claimed", "anna")


def test_without_the_token_of_the_session_nothing_is_taken(house: DeskHouse) -> None:
    browser = Browser(house)
    browser.token = ""

    assert browser.post("/desk/next").status_code == 403
    assert house.state("e1") == ("waiting", None)


def test_who_has_a_break_takes_no_next_call(house: DeskHouse) -> None:
    browser = Browser(house)
    browser.post("/desk/status", status="lunch")
    browser.post("/desk/next")

    assert house.state("e1") == ("waiting", None)


def test_the_list_is_told_without_who_it_is(house: DeskHouse) -> None:
    told = Browser(house).client.get("/desk/queue").text

    assert json.loads(told)["waiting"] == 1
    assert "Klaus" not in told


def test_an_open_desk_is_told_of_changes_and_its_session_stays_as_old(house: DeskHouse) -> None:
    house.lasts_s = 1.2
    anna = house.office.people.find(house.office.people.all()[0].id)
    assert anna is not None
    visit = Visit(
        person=anna.person, language=anna.person.language, is_secure=False, path="/", source=""
    )

    async def listen() -> list[str]:
        told = []
        async for one in house.telling.stream(visit):
            told.append(one)
            if len(told) == 2:
                house.assign("e1", "anna")
        return told

    told = asyncio.run(listen())

    events = [json.loads(one.partition("data: ")[2]) for one in told if "data: " in one]
    assert told[0].startswith("retry: ")
    assert [(one["waiting"], one["mine"]) for one in events] == [(1, []), (0, ["e1"])]


def test_signing_out_with_a_call_in_hand_asks_first(house: DeskHouse) -> None:
    house.assign("e1", "anna")
    browser = Browser(house)

    assert browser.post("/sign-out").headers["location"] == "/desk/leaving"
    assert browser.client.get("/desk").status_code == 200
    assert browser.post("/desk/leaving").headers["location"] == "/sign-in"
    assert browser.client.get("/desk").status_code == 303
    assert house.state("e1") == ("waiting", None)


def test_an_open_desk_alone_keeps_no_session(house: DeskHouse) -> None:
    browser = Browser(house)
    for _ in range(3):
        assert browser.client.get("/desk/queue").status_code == 200
        house.office.later(minutes=10)

    assert browser.client.get("/desk/queue", headers={"Sec-Fetch-Mode": "cors"}).status_code == 401


@pytest.mark.parametrize("way", ["a call in hand", "somebody moves"])
def test_who_talks_or_moves_is_not_signed_out(house: DeskHouse, way: str) -> None:
    browser = Browser(house)
    house.work.attendance.arrive(house.office.people.all()[0].id)
    for minute in range(45):
        if way == "a call in hand":
            house.assign("e1", "anna")
            assert browser.client.get("/desk/queue").status_code == 200
        elif minute % 20 == 0:
            headers = {"X-Form-Token": browser.token}
            assert browser.client.post("/desk/here", headers=headers).status_code == 204
        house.office.later(minutes=1)

    assert browser.client.get("/desk").status_code == 200


def test_without_scripts_every_page_is_a_sign_of_life(house: DeskHouse) -> None:
    house.assign("e1", "anna")
    browser = Browser(house)
    for _ in range(3):
        house.office.later(seconds=100)
        assert browser.client.get("/desk/calls/e1").status_code == 200

    assert house.held("anna") == ["e1"]
