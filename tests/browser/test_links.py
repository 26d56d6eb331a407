"""The page behind a link in a real browser."""

from collections.abc import Iterator

import pytest
from fakes.links import CODE, FORM, PAPER, PATH, WRONG, LinkOffice
from playwright.sync_api import Browser, expect

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


def opened(at: Tab, code: str = CODE) -> None:
    at.open(PATH)
    at.page.locator("#f-code").fill(code)
    with at.page.expect_navigation():
        at.page.keyboard.press("Enter")


def sent(at: Tab) -> None:
    """By the main button."""
    with at.page.expect_navigation():
        at.page.locator(".main").last.click()


def test_a_wrong_code_is_told_aloud(browser: Browser) -> None:
    with served(LinkOffice().app()) as address, tab(browser, address) as at:
        opened(at, WRONG)

        expect(at.page.get_by_role("alert")).to_contain_text("Der Code stimmt nicht")
        assert at.complaints == []


def test_another_browser_stays_outside(browser: Browser) -> None:
    with served(LinkOffice().app()) as address:
        with tab(browser, address) as first:
            opened(first)
            expect(first.page.get_by_role("heading", level=1)).to_have_text("Ihre Auswahl")
        with tab(browser, address) as second:
            opened(second)
            expect(second.page.get_by_role("alert")).to_contain_text("anderen Browser")


def test_chosen_confirmed_and_done_by_keyboard_alone(browser: Browser) -> None:
    office = LinkOffice()
    with served(office.app()) as address, tab(browser, address) as at:
        opened(at)
        at.page.locator("input[type=radio]").first.focus()
        at.page.keyboard.press("ArrowDown")
        at.page.keyboard.press("Enter")
        expect(at.page.locator(".read-back")).to_contain_text("LH Flug 457")
        at.page.locator("button.main").focus()
        at.page.keyboard.press("Enter")

        expect(at.page.get_by_role("heading", level=1)).to_have_text("Erledigt")
        assert [one.slots["flight"] for one in office.ran] == ["LH457"]
        at.page.reload()
        assert len(office.ran) == 1
        assert at.complaints == []


def test_scripts_cannot_read_the_cookie(browser: Browser) -> None:
    with served(LinkOffice().app()) as address, tab(browser, address) as at:
        opened(at)
        expect(at.page.get_by_role("heading", level=1)).to_have_text("Ihre Auswahl")

        assert at.page.evaluate("document.cookie") == ""


def test_it_works_without_scripts(browser: Browser) -> None:
    office = LinkOffice()
    with served(office.app()) as address:
        context = browser.new_context(java_script_enabled=False, locale="en-GB")
        page = context.new_page()
        page.goto(address + PATH)
        expect(page.get_by_role("heading", level=1)).to_have_text("Go on with your code")
        page.locator("#f-code").fill(CODE)
        page.get_by_role("button", name="Open").click()
        page.get_by_text("LH Flug 453").click()
        page.get_by_role("button", name="Weiter").click()
        page.get_by_role("button", name="Ja, genau so").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Erledigt")
        context.close()
    assert len(office.ran) == 1


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_barriers(browser: Browser, size: dict[str, int], look: str) -> None:
    def looked(at: Tab, name: str) -> None:
        at.picture(f"link-{name}-{look}-{size['width']}")
        assert (name, at.barriers()) == (name, [])
        assert (name, at.fits()) == (name, True)

    with served(LinkOffice().app()) as address, tab(browser, address, size=size, look=look) as at:
        at.open(PATH)
        looked(at, "code")
        opened(at, WRONG)
        looked(at, "wrong")
        opened(at)
        looked(at, "options")
        at.page.locator("input[type=radio]").first.check()
        sent(at)
        looked(at, "confirm")
        sent(at)
        looked(at, "done")
        assert at.complaints == []
    for content, name in ((FORM, "form"), (PAPER, "paper")):
        app = LinkOffice(content=content, business="retail").app()
        with served(app) as address, tab(browser, address, size=size, look=look) as at:
            opened(at)
            looked(at, name)
            if name == "form":
                at.page.locator("#f-order_number").fill("12")
            sent(at)
            looked(at, f"{name}-2")
            assert at.complaints == []
