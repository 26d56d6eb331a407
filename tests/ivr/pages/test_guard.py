"""Who sees which page, and whose forms are taken."""

import re
from collections.abc import Iterator
from typing import Annotated, Any

import pytest
from fakes.pages import app_of, pages_of
from fakes.people import PASSWORD, Office
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from biometrics import StoreUnavailable
from ivr.pages.guard import Needs
from ivr.pages.pages import Pages
from ivr.pages.visit import Visit
from ivr.people.person import May, Role

HERE = {"Origin": "http://testserver"}
NEW = {"person": "carl", "name": "Carl", "role": "agent", "language": "de"}


class Browser:
    """Keeps cookies, and sends forms as browsers do."""

    def __init__(self, office: Office, *, behind_tls: bool = False, **kwargs: Any) -> None:
        app = app_of(office, pages_of(office, behind_tls=behind_tls))
        self.client = TestClient(app, follow_redirects=False, **kwargs)

    def sign_in(self, name: str, password: str = PASSWORD, **fields: str) -> Response:
        return self.post("/sign-in", {"name": name, "password": password, **fields})

    def post(self, path: str, form: dict[str, str], **headers: str) -> Response:
        return self.client.post(path, data=form, headers={**HERE, **headers})

    def token(self) -> str:
        found = re.search(r'name="form-token" content="(\w+)"', self.client.get("/account").text)
        assert found
        return found[1]


@pytest.fixture
def office() -> Office:
    office = Office()
    office.hire("anna", Role.AGENT)
    office.hire("root", Role.ADMIN)
    return office


@pytest.fixture
def browser(office: Office) -> Browser:
    return Browser(office)


# deny by default


def routes_of(app: FastAPI) -> Iterator[Any]:
    for route in app.routes:
        found = getattr(route, "original_router", None)
        yield from found.routes if found else [route]


def test_every_route_says_what_it_needs(office: Office) -> None:
    routes = [
        one for one in routes_of(app_of(office, pages_of(office))) if hasattr(one, "dependant")
    ]

    needs = {
        f"{min(route.methods)} {route.path}": [
            one.call.one_of for one in route.dependant.dependencies if isinstance(one.call, Needs)
        ]
        for route in routes
    }
    assert len(needs) > 8
    assert [path for path, found in needs.items() if len(found) != 1] == []
    assert {path for path, found in needs.items() if found == [None]} == {
        "GET /static/{name}",
        "GET /sign-in",
        "POST /sign-in",
        "POST /look",
    }


def test_a_route_that_does_not_say_what_it_needs_cannot_be_made(office: Office) -> None:
    routes = pages_of(office).router()

    with pytest.raises(ValueError, match="does not say what it needs"):

        @routes.get("/open")
        def page() -> str:
            return "open to all"


def test_needing_nothing_is_no_permission(office: Office) -> None:
    with pytest.raises(ValueError, match="Name what is needed"):
        pages_of(office).needs()


@pytest.mark.parametrize("path", ["/people", "/account"])
def test_nobody_sees_a_page_without_signing_in(browser: Browser, path: str) -> None:
    answer = browser.client.get(path)

    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"/sign-in?to={path}".replace("/", "%2F", 0),
    )


def test_what_a_script_asks_for_is_answered_by_a_code(browser: Browser) -> None:
    answer = browser.client.get("/people", headers={"Sec-Fetch-Mode": "cors"})

    assert answer.status_code == 401


def test_an_agent_sees_no_accounts(browser: Browser) -> None:
    browser.sign_in("anna")
    answer = browser.client.get("/people")

    assert answer.status_code == 403
    assert "root" not in answer.text


def test_a_role_that_is_taken_away_counts_at_once(browser: Browser, office: Office) -> None:
    browser.sign_in("root")
    assert browser.client.get("/people").status_code == 200
    office.registry().set_role(office.hire("x.y", Role.ADMIN).id, Role.AGENT)
    office.registry().switch(office.people.all()[1].id, is_active=False)

    assert browser.client.get("/people").status_code == 303


def test_a_session_that_is_over_leads_to_signing_in(browser: Browser, office: Office) -> None:
    browser.sign_in("root")
    office.later(minutes=31)

    assert browser.client.get("/people").status_code == 303


# forms of others


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://testserver.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    ],
)
@pytest.mark.parametrize("path", ["/sign-in", "/look", "/people", "/sign-out"])
def test_forms_of_other_sites_are_refused(
    browser: Browser, path: str, headers: dict[str, str]
) -> None:
    browser.sign_in("root")
    form = {**NEW, "token": browser.token(), "look": "dark"}

    answer = browser.post(path, form, **headers)

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_a_form_that_tells_nothing_of_its_page_is_refused(browser: Browser) -> None:
    answer = browser.client.post("/sign-in", data={"name": "anna", "password": PASSWORD})

    assert answer.status_code == 403


@pytest.mark.parametrize("token", ["", "x", "0" * 64])
def test_a_form_without_the_token_of_the_session_is_refused(
    browser: Browser, office: Office, token: str
) -> None:
    browser.sign_in("root")

    assert browser.post("/people", {**NEW, "token": token}).status_code == 403
    assert len(office.people.all()) == 2


def test_the_token_of_another_session_is_refused(browser: Browser, office: Office) -> None:
    other = Browser(office)
    other.sign_in("root")
    browser.sign_in("root")

    assert browser.post("/people", {**NEW, "token": other.token()}).status_code == 403


def test_a_form_of_ours_is_taken(browser: Browser, office: Office) -> None:
    browser.sign_in("root")
    origin = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}

    answer = browser.post("/people", {**NEW, "token": browser.token()}, **origin)

    assert answer.status_code == 200
    assert [one.id for one in office.people.all()] == ["anna", "carl", "root"]


# cookies and headers


def test_without_tls_nobody_elsewhere_may_sign_in(office: Office) -> None:
    browser = Browser(office, client=("192.0.2.7", 4_711))

    assert browser.sign_in("anna").status_code == 403
    assert browser.client.get("/sign-in").status_code == 403


@pytest.mark.parametrize("told", [{}, {"X-Forwarded-Proto": "http"}])
def test_behind_a_proxy_that_tells_of_no_tls_nobody_may_either(
    office: Office, told: dict[str, str]
) -> None:
    browser = Browser(office, behind_tls=True, client=("192.0.2.7", 4_711))

    assert browser.client.get("/sign-in", headers=told).status_code == 403


def test_the_cookie_on_this_machine(browser: Browser) -> None:
    cookie = browser.sign_in("anna").headers["set-cookie"]

    assert re.fullmatch(r"rufwerk=[\w-]{43}; HttpOnly; Path=/; SameSite=lax", cookie)


@pytest.mark.parametrize("way", [{"base_url": "https://testserver"}, {"behind_tls": True}])
def test_the_cookie_over_tls(office: Office, way: dict[str, Any]) -> None:
    browser = Browser(office, client=("192.0.2.7", 4_711), **way)
    form = {"name": "anna", "password": PASSWORD}
    told = {"Origin": "https://testserver", "X-Forwarded-Proto": "https"}
    answer = browser.post("/sign-in", form, **told)

    pattern = r"__Host-rufwerk=[\w-]{43}; HttpOnly; Path=/; SameSite=lax; Secure"
    assert re.fullmatch(pattern, answer.headers["set-cookie"])


@pytest.mark.parametrize("path", ["/sign-in", "/people", "/nothing", "/static/nothing.css"])
def test_every_page_tells_the_browser_what_it_may(browser: Browser, path: str) -> None:
    browser.sign_in("root")
    headers = browser.client.get(path).headers

    if path != "/nothing":
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"


# signing in


def test_what_is_wrong_is_not_told(browser: Browser) -> None:
    unknown, wrong = browser.sign_in("nobody"), browser.sign_in("anna", "falsch")

    assert unknown.status_code == wrong.status_code == 401
    assert unknown.text == wrong.text


def test_who_tries_too_often_is_told_when_to_come_again(browser: Browser) -> None:
    for _ in range(3):
        browser.sign_in("anna", "falsch")
    answer = browser.sign_in("anna")

    assert (answer.status_code, answer.headers["retry-after"]) == (429, "1")


@pytest.mark.parametrize(
    "to",
    ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x", "/a?b", "/a\nb"],
)
def test_signing_in_leads_nowhere_else(browser: Browser, to: str) -> None:
    assert browser.sign_in("root", to=to).headers["location"] == "/people"


def test_signing_in_leads_where_somebody_wanted_to_go(browser: Browser) -> None:
    assert browser.sign_in(" Root ", to="/account").headers["location"] == "/account"


def test_signing_out_ends_the_session(browser: Browser) -> None:
    browser.sign_in("root")
    token = browser.token()
    kept = browser.client.cookies["rufwerk"]
    answer = browser.post("/sign-out", {"token": token})
    browser.client.cookies.set("rufwerk", kept)

    assert answer.status_code == 303
    assert browser.client.get("/people").status_code == 303


def test_language_and_look_are_kept(browser: Browser) -> None:
    assert 'lang="de"' in browser.client.get("/sign-in").text
    assert 'lang="en"' in browser.client.get("/sign-in", headers={"Accept-Language": "en-GB"}).text
    browser.post("/look", {"language": "en", "look": "dark", "to": "/sign-in"})

    page = browser.client.get("/sign-in").text
    assert '<html lang="en" data-look="dark">' in page


def test_a_look_that_there_is_not_is_refused(browser: Browser) -> None:
    answer = browser.post("/look", {"look": '"><script>'})

    assert answer.status_code == 422
    assert "<script>" not in answer.text


# people and one's own account


def test_an_administrator_does_not_change_their_own_account(browser: Browser) -> None:
    browser.sign_in("root")
    token = browser.token()

    for path, form in (("role", {"role": "agent"}), ("state", {"is_active": "false"})):
        assert browser.post(f"/people/root/{path}", {"token": token, **form}).status_code == 403


@pytest.mark.parametrize("path", ["role", "password", "state"])
def test_an_account_that_is_not_there_is_not_found(browser: Browser, path: str) -> None:
    browser.sign_in("root")
    form = {"token": browser.token(), "role": "agent", "is_active": "false"}

    assert browser.post(f"/people/nobody/{path}", form).status_code == 404


def test_a_new_account_can_sign_in_with_what_was_shown_once(
    browser: Browser, office: Office
) -> None:
    browser.sign_in("root")
    page = browser.post("/people", {**NEW, "token": browser.token()}).text
    drawn = re.search(r'class="secret">([0-9a-f-]+)<', page)

    assert drawn
    assert drawn[1] not in browser.client.get("/people").text
    assert Browser(office).sign_in("carl", drawn[1]).status_code == 303


@pytest.mark.parametrize(
    ("password", "chosen", "again"),
    [
        ("falsch", "drei gelbe igel im gras", "drei gelbe igel im gras"),
        (PASSWORD, "drei gelbe igel im gras", "drei gelbe igel im gros"),
        (PASSWORD, "kurz", "kurz"),
    ],
)
def test_a_password_is_not_changed_so(
    browser: Browser, office: Office, password: str, chosen: str, again: str
) -> None:
    browser.sign_in("anna")
    form = {"token": browser.token(), "password": password, "chosen": chosen, "again": again}

    assert browser.post("/account", form).status_code == 422
    assert Browser(office).sign_in("anna").status_code == 303


def test_a_password_is_changed_and_other_sessions_end(browser: Browser, office: Office) -> None:
    other = Browser(office)
    other.sign_in("anna")
    browser.sign_in("anna")
    new = "drei gelbe igel im gras"
    form = {"token": browser.token(), "password": PASSWORD, "chosen": new, "again": new}

    assert browser.post("/account", form).status_code == 303
    assert browser.client.get("/account").status_code == 200
    assert other.client.get("/account").status_code == 303


def test_a_store_that_cannot_be_read_lets_nobody_in(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, office: Office
) -> None:
    def broken(*_: object) -> None:
        raise StoreUnavailable("Gone.")

    browser.sign_in("root")
    monkeypatch.setattr(office.people, "find", broken)

    assert browser.client.get("/people").status_code == 503


def test_a_page_may_be_opened_by_any_of_several_permissions(office: Office) -> None:
    pages: Pages = pages_of(office)
    routes = pages.router()

    @routes.get("/both")
    def both(visit: Annotated[Visit, pages.needs(May.TAKE_CALLS, May.MANAGE_PEOPLE)]) -> str:
        return visit.who.id

    client = Browser(office)
    client.client = TestClient(app_of(office, pages, routes), follow_redirects=False)
    client.sign_in("anna")
    assert client.client.get("/both").json() == "anna"
