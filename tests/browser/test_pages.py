"""Signing in, accounts and looks in a real browser."""

from collections.abc import Iterator

import pytest
from fakes.pages import app_of, pages_of
from fakes.people import PASSWORD, Office
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from playwright.sync_api import Browser, expect

from ivr.people.person import Role
from tests.browser.chromium import BROWSER
from tests.browser.playwright_pages import NARROW, WIDE, Tab, chromium, served, tab

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def office() -> Office:
    office = Office()
    office.hire("anna", Role.AGENT)
    office.hire("root", Role.ADMIN)
    return office


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    with served(app_of(office, pages_of(office))) as found:
        yield found


@pytest.fixture
def at(browser: Browser, address: str) -> Iterator[Tab]:
    with tab(browser, address) as opened:
        yield opened
        assert opened.complaints == []


def test_a_wrong_password_is_told_aloud(at: Tab) -> None:
    at.open("/sign-in")
    at.page.locator("#f-name").fill("anna")
    at.page.locator("#f-password").fill("falsch")
    at.page.keyboard.press("Enter")

    expect(at.page.get_by_role("alert")).to_have_text(
        "Kontoname und Passwort passen nicht zusammen."
    )


def test_an_agent_cannot_open_the_accounts(at: Tab) -> None:
    at.sign_in("anna", PASSWORD)
    at.open("/people")

    expect(at.page.get_by_role("heading", level=1)).to_have_text(
        "Dafür fehlt Ihnen die Berechtigung"
    )
    assert at.page.get_by_role("navigation").count() == 0


def test_an_expired_session_asks_to_sign_in_and_leads_back(at: Tab, office: Office) -> None:
    at.sign_in("root", PASSWORD)
    office.later(hours=11)
    at.open("/people")
    expect(at.page).to_have_url(at.address + "/sign-in?to=/people")

    at.page.locator("#f-name").fill("root")
    at.page.locator("#f-password").fill(PASSWORD)
    at.page.keyboard.press("Enter")
    expect(at.page).to_have_url(at.address + "/people")


def elsewhere(address: str) -> FastAPI:
    """Another site, whose page sends a form to ours as soon as it is opened."""
    app = FastAPI()

    @app.get("/", response_class=HTMLResponse)
    def page() -> str:
        return (
            f'<form method="post" action="{address}/sign-out"></form>'
            "<script>document.forms[0].submit()</script>"
        )

    return app


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
def test_a_form_of_another_site_is_refused(at: Tab, name: str) -> None:
    """On another port of this machine cookies are sent along, under another name they are not."""
    at.sign_in("root", PASSWORD)
    with served(elsewhere(at.address)) as evil:
        with at.page.expect_response("**/sign-out") as answer:
            at.page.goto(evil.replace("127.0.0.1", name))
        assert answer.value.status == 403
    at.open("/people")

    assert at.page.get_by_role("heading", level=1).inner_text() == "Konten"


def test_a_form_without_its_token_is_refused(at: Tab, office: Office) -> None:
    at.sign_in("root", PASSWORD)
    at.page.evaluate("document.querySelectorAll('[name=token]').forEach((one) => one.remove())")
    at.page.locator("#f-person").fill("carl")
    at.page.locator("#f-name").fill("Carl")
    at.page.get_by_role("button", name="Konto anlegen").click()

    assert at.page.get_by_role("heading", level=1).inner_text() == (
        "Diese Eingabe wurde nicht angenommen"
    )
    assert [one.id for one in office.people.all()] == ["anna", "root"]


def test_scripts_cannot_read_the_cookie(at: Tab) -> None:
    at.sign_in("anna", PASSWORD)

    assert "rufwerk=" not in at.page.evaluate("document.cookie")


def test_an_account_is_made_by_keyboard_alone(at: Tab, office: Office) -> None:
    at.sign_in("root", PASSWORD)
    at.page.keyboard.press("Tab")
    expect(at.page.locator(":focus")).to_have_text("Zum Inhalt")
    at.page.locator("#f-person").focus()
    at.page.keyboard.type("carl")
    at.page.keyboard.press("Tab")
    at.page.keyboard.type("Carl")
    at.page.keyboard.press("Enter")

    expect(at.page.get_by_role("status")).to_contain_text("Passwort für carl")
    assert [one.id for one in office.people.all()] == ["anna", "carl", "root"]


def test_language_and_look_are_switched(at: Tab) -> None:
    at.open("/sign-in")
    at.page.locator(".menu > summary").click()
    at.page.get_by_role("button", name="English").click()
    expect(at.page.get_by_role("heading", level=1)).to_have_text("Sign in")
    at.page.locator(".menu > summary").click()
    at.page.get_by_role("button", name="Dark").click()

    expect(at.page.locator("html")).to_have_attribute("data-look", "dark")
    assert at.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 21, 27)"


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_barriers(browser: Browser, address: str, size: dict[str, int], look: str) -> None:
    with tab(browser, address, size=size, look=look) as at:
        at.open("/sign-in")
        assert at.barriers() == []
        at.sign_in("root", PASSWORD)
        for path in ("/people", "/account", "/desk-of-nobody", "/people/x"):
            at.open(path)
            if path in ("/people", "/account"):
                at.page.locator(".menu > summary").click()
                at.picture(f"{path[1:]}-{look}-{size['width']}")
                assert (path, at.barriers()) == (path, [])
                assert at.fits()
        assert at.complaints == []
