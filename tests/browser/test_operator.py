"""The operator's pages in a real browser, each role at each page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fakes.filled_journal import records
from fakes.operator_pages import NOW, Studio, filled, storm
from fakes.people import PASSWORD, Office
from playwright.sync_api import Browser, expect

from ivr.people.person import Role
from tests.browser.chromium import BROWSER
from tests.browser.playwright_pages import NARROW, WIDE, Tab, chromium, served, tab

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed"),
]

PATHS = ("/operator", "/operator/trends?range=30d", "/operator/verification?range=30d")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def studio() -> Studio:
    office = Office()
    office.hire("anna", Role.AGENT)
    office.hire("sara", Role.SUPERVISOR)
    office.hire("petra", Role.PRIVACY)
    office.hire("root", Role.ADMIN)
    journal = filled(4_000, *storm(records(calls=40, seed=9, days=1, until=NOW)))
    studio = Studio(office, journal)
    studio.said = (
        "Warum steht mein Flieger <b>immer</b> noch?",
        "Wann geht der Flug \u202eendlich",
    )
    studio.a_call_goes_on()
    studio.somebody_waits(4)
    return studio


@pytest.fixture(scope="module")
def address(studio: Studio) -> Iterator[str]:
    with served(studio.app()) as found:
        yield found


@pytest.fixture
def at(browser: Browser, address: str) -> Iterator[Tab]:
    with tab(browser, address) as opened:
        yield opened
        assert opened.complaints == []


@pytest.mark.parametrize("path", PATHS)
def test_agents_see_no_figures(at: Tab, path: str) -> None:
    at.sign_in("anna", PASSWORD)
    at.open(path)

    expect(at.page.get_by_role("heading", level=1)).to_have_text(
        "Dafür fehlt Ihnen die Berechtigung"
    )


def test_nobody_hears_what_is_said_in_live_calls(at: Tab) -> None:
    at.sign_in("sara", PASSWORD)
    at.open("/operator")
    live = at.page.get_by_role("region", name="Laufende Gespräche")

    expect(live).to_contain_text("Einen Flug umbuchen")
    expect(live).to_contain_text("Stimme passt")
    source = at.page.content()
    assert not re.search(r"Esel|Klaus|89123456|30123", source)


@pytest.mark.parametrize(
    ("who", "sees", "sees_not"),
    [
        ("petra", [], ["Laufende Gespräche", "Wer wartet"]),
        ("root", ["Laufende Gespräche"], ["Wer wartet"]),
        ("sara", ["Laufende Gespräche", "Wer wartet"], []),
    ],
)
def test_each_sees_of_now_what_they_may(
    at: Tab, who: str, sees: list[str], sees_not: list[str]
) -> None:
    at.sign_in(who, PASSWORD)
    at.open("/operator")

    expect(at.page.get_by_role("heading", name="Heute")).to_be_visible()
    for name in sees:
        expect(at.page.get_by_role("heading", name=name)).to_be_visible()
    for name in sees_not:
        assert at.page.get_by_role("heading", name=name).count() == 0


def test_what_goes_on_changes_while_the_page_is_open(at: Tab, studio: Studio) -> None:
    at.sign_in("sara", PASSWORD)
    at.open("/operator")
    studio.tell("another", (21_000, "prompt_begins", {}))  # type: ignore[arg-type]

    expect(at.page.locator("#live + .badge")).to_have_text("2 im Gespräch")
    studio.tell("another", (22_000, "hung_up", {}))  # type: ignore[arg-type]
    expect(at.page.locator("#live + .badge")).to_have_text("1 im Gespräch")


def test_a_topic_that_rises_is_told_with_what_callers_say(at: Tab) -> None:
    at.sign_in("sara", PASSWORD)
    at.open("/operator/trends")

    rise = at.page.get_by_label("„Wissen, wann ein Flug geht“ nimmt zu.")
    expect(rise).to_contain_text("Warum steht mein Flieger <b>immer</b> noch?")
    assert "\u202e" not in at.page.content()


def test_a_range_and_filters_are_chosen_without_scripts(browser: Browser, address: str) -> None:
    with tab(browser, address) as at:
        at.sign_in("petra", PASSWORD)
        at.open("/operator/trends")
        at.page.get_by_role("button", name="30 Tage").click()
        expect(at.page.get_by_role("button", name="30 Tage")).to_have_attribute(
            "aria-pressed", "true"
        )
        at.page.get_by_label("Zugang").select_option("twilio")
        at.page.get_by_role("button", name="Auswahl anwenden").click()
        assert "gateway=twilio" in at.page.url
        assert "range=30d" in at.page.url


def test_a_range_that_is_none_is_told(at: Tab) -> None:
    at.sign_in("petra", PASSWORD)
    at.open("/operator/trends?range=custom&from=2026-11-20&to=2020-01-01")

    expect(at.page.get_by_role("alert")).to_contain_text("die letzten sieben")


def test_a_table_and_a_file_are_behind_each_picture(at: Tab, tmp_path: Path) -> None:
    at.sign_in("petra", PASSWORD)
    at.open("/operator/trends?range=7d")
    panel = at.page.get_by_role("region", name="Anrufe", exact=True).first
    panel.get_by_text("Als Tabelle").click()
    expect(panel.get_by_role("cell").first).to_be_visible()

    with at.page.expect_download() as waiting:
        panel.get_by_role("link", name="Anrufe als CSV-Datei").click()
    file = tmp_path / "calls.csv"
    waiting.value.save_as(file)
    assert waiting.value.suggested_filename == "calls-20261120-20261126.csv"
    assert file.read_text("utf-8").startswith("Zeit,erledigt,weitergegeben")


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_barriers(browser: Browser, address: str, size: dict[str, int], look: str) -> None:
    with tab(browser, address, size=size, look=look) as at:
        at.sign_in("sara", PASSWORD)
        for path in PATHS:
            at.open(path)
            name = path.split("?")[0].strip("/").replace("/", "-")
            at.picture(f"{name}-{look}-{size['width']}")
            assert at.barriers() == []
            assert at.fits()
        assert at.complaints == []
