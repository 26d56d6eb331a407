"""Editing, the review list and the trail in a real browser, over a whole house."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes.pages import app_of, pages_of
from fakes.people import PASSWORD, Office
from playwright.sync_api import Browser, expect

from biometrics import AuditKind, SubjectId
from ivr.call import Language
from ivr.editing.measuring import Measuring
from ivr.pages.operator.room import PLACE
from ivr.people.person import Role
from ivr.review.report import Judged, Trial
from ivr.review.sentence import Sentence, SentenceId, Why
from ivr.settings import ReviewSettings, Settings
from ivr.understand.pack import Pack
from ivr.wiring import House
from ivr.wiring.pack_judge import Tests
from ivr.wiring.texts import texts_in_use
from tests.browser.chromium import BROWSER
from tests.browser.playwright_pages import NARROW, WIDE, Tab, chromium, served, tab

pytestmark = [
    pytest.mark.enable_socket,
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed"),
]

PAGES = {
    "sara": (
        "/operator/review",
        "/operator/edit",
        "/operator/edit/texts/policy.yaml?part=priority_rules",
        "/operator/edit/texts/prompts/de.yaml?part=greet",
        "/operator/edit/versions/1",
    ),
    "petra": ("/operator/audit", "/operator/audit?what=refused"),
}
RTL = "\u202e"


class FakeJudge:
    """Understands what the pack was taught, and nothing that is spoilt."""

    def __call__(self, pack: Pack, ready: Sequence[Sentence], tests: Tests) -> Trial:
        taught = {
            (language, text): intent.name
            for intent in pack.intents
            for language, texts in intent.sentences.items()
            for text in texts
        }
        spoilt = any("Blabla" in text for _, text in taught)
        return Trial(
            own=tuple(
                Judged(
                    text=text,
                    language=language,
                    label=name,
                    found="" if spoilt else name,
                )
                for (language, text), name in taught.items()
            ),
            labelled=tuple(
                Judged(
                    text=one.text,
                    language=one.language,
                    label=one.label,
                    found=taught.get((one.language, one.text), "out_of_scope"),
                )
                for one in ready
            ),
        )


@dataclass
class Site:
    house: House
    office: Office
    address: str


def _sentence(number: int, text: str, **kwargs: object) -> Sentence:
    return Sentence(  # type: ignore[arg-type]
        id=SentenceId(f"{number:08x}"),
        business="airline",
        text=text,
        language=Language.GERMAN,
        why=Why.OUT_OF_SCOPE,
        at=datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0),
        **kwargs,
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    house = House(Settings(home=tmp_path, review=ReviewSettings(collect="all")))
    office = Office()
    for name, role in (
        ("anna", Role.AGENT),
        ("sara", Role.SUPERVISOR),
        ("petra", Role.PRIVACY),
        ("root", Role.ADMIN),
    ):
        office.hire(name, role)
    desk = house.operator
    quick = Measuring[object](start=lambda work: work())
    editing = replace(desk.editing, judge=FakeJudge(), measuring=quick)  # type: ignore[arg-type]
    reviewing = replace(desk.reviewing, judge=FakeJudge())
    desk = replace(desk, editing=editing, reviewing=reviewing)
    for place, text in enumerate(
        (
            "Mein Flieger hat Flügellahme.",
            "Mein Flieger hat leider Flügellahme.",
            f"<script>alert(1)</script> {RTL}Koffer ist futsch",
        )
    ):
        reviewing.sentences.add(
            _sentence(place, text, suggested="baggage_lost" if "Koffer" in text else ""), most=100
        )
    witness = house.voices.records.witness
    witness("anna").saw(AuditKind.CONTEXT_READ, SubjectId("s-1"), queue="senior")
    witness("gateway").saw(AuditKind.ENROLMENT_REFUSED, SubjectId("s-2"), why="too_little_speech")
    pages = pages_of(office, PLACE)
    with served(app_of(office, pages, *desk.routes(pages))) as address:
        yield Site(house=house, office=office, address=address)
    house.close()


@pytest.fixture
def at(browser: Browser, site: Site) -> Iterator[Tab]:
    with tab(browser, site.address) as opened:
        yield opened
        assert opened.complaints == []


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("anna", "/operator/review"),
        ("anna", "/operator/edit"),
        ("anna", "/operator/audit"),
        ("petra", "/operator/review"),
        ("petra", "/operator/edit/texts/policy.yaml"),
        ("root", "/operator/review"),
        ("root", "/operator/audit"),
        ("sara", "/operator/audit"),
    ],
)
def test_what_is_not_theirs_stays_shut(at: Tab, who: str, path: str) -> None:
    at.sign_in(who, PASSWORD)
    at.open(path)

    expect(at.page.get_by_role("heading", level=1)).to_have_text(
        "Dafür fehlt Ihnen die Berechtigung"
    )


def test_a_slip_is_told_at_its_line_and_the_draft_is_kept(at: Tab, site: Site) -> None:
    at.sign_in("sara", PASSWORD)
    at.open("/operator/edit/texts/policy.yaml?part=priority_rules")
    text = at.page.locator("#f-text")
    text.fill(text.input_value().replace("priority: 90", "priority: 900", 1))
    at.page.get_by_role("button", name="Entwurf speichern und prüfen").click()

    alert = at.page.get_by_role("alert")
    expect(alert).to_contain_text("less than or equal to 100")
    line = int(alert.get_by_role("link").get_attribute("data-line") or 0)
    assert "priority: 900" in text.input_value().splitlines()[line - 1]
    alert.get_by_role("link").click()
    chosen = "t => t.value.slice(t.selectionStart, t.selectionEnd)"
    assert "priority: 900" in text.evaluate(chosen)
    assert at.page.get_by_role("button", name="Jetzt veröffentlichen").count() == 0
    assert texts_in_use(site.house.settings).folder is None


def test_a_rule_is_edited_compared_published_and_taken_back(at: Tab, site: Site) -> None:
    at.sign_in("sara", PASSWORD)
    at.open("/operator/edit/texts/policy.yaml?part=priority_rules")
    text = at.page.locator("#f-text")
    text.fill(text.input_value().replace("priority: 90", "priority: 91", 1))
    at.page.get_by_role("button", name="Entwurf speichern und prüfen").click()
    changed = at.page.get_by_role("region", name="Ihre Änderungen").first
    expect(changed.locator(".added")).to_have_count(1)
    at.picture("operator-edit-draft")
    at.page.get_by_label("Warum").fill("Pflege zuerst")
    at.page.get_by_role("button", name="Jetzt veröffentlichen").click()

    expect(at.page.get_by_text("im Einsatz")).to_be_visible()
    assert texts_in_use(site.house.settings).folder is not None
    written = [one.details for one in site.house.voices.records.trail.entries()]
    assert {"what": "published"} in written
    at.page.get_by_role("button", name="Zurück zur Lieferung").click()
    expect(at.page.get_by_text("Back to 0")).to_be_visible()
    assert not (texts_in_use(site.house.settings).queues_file or Path("/none")).exists()


def test_the_slower_of_two_is_told(at: Tab, browser: Browser, site: Site) -> None:
    def change(opened: Tab, who: str, priority: int) -> None:
        opened.sign_in(who, PASSWORD)
        opened.open("/operator/edit/texts/policy.yaml?part=priority_rules")
        text = opened.page.locator("#f-text")
        text.fill(text.input_value().replace("priority: 90", f"priority: {priority}", 1))
        opened.page.get_by_role("button", name="Entwurf speichern und prüfen").click()
        opened.page.get_by_label("Warum").fill("Weil")

    change(at, "sara", 91)
    with tab(browser, site.address) as other:
        change(other, "root", 92)
        other.page.get_by_role("button", name="Jetzt veröffentlichen").click()
        expect(other.page.get_by_text("im Einsatz")).to_be_visible()
    at.page.get_by_role("button", name="Jetzt veröffentlichen").click()

    expect(at.page.get_by_role("alert")).to_contain_text("published by somebody else")
    expect(at.page.get_by_text("Inzwischen hat jemand anderes")).to_be_visible()


def test_sentences_are_measured_before_they_are_published(at: Tab) -> None:
    at.sign_in("sara", PASSWORD)
    path = "/operator/edit/texts/packs/airline.yaml?part=intents.rebook_flight"
    at.open(path)
    text = at.page.locator("#f-text")
    text.fill(text.input_value().replace("Ich muss meinen Flug umbuchen.", "Blabla.", 1))
    at.page.get_by_role("button", name="Entwurf speichern und prüfen").click()
    assert at.page.get_by_role("button", name="Jetzt veröffentlichen").count() == 0
    at.page.get_by_role("button", name="Verständnis messen").click()

    expect(at.page.get_by_role("alert")).to_contain_text("fiele um 100,0 %; erlaubt sind 1,0 %")
    at.picture("operator-edit-worse")
    assert at.page.get_by_role("button", name="Jetzt veröffentlichen").count() == 0


def test_a_prompt_is_heard_before_it_is_published(at: Tab) -> None:
    at.sign_in("sara", PASSWORD)
    at.open("/operator/edit/texts/prompts/de.yaml?part=greet")
    text = at.page.locator("#f-text")
    text.fill(text.input_value().replace("Hallo {name}.", "Servus {name}.", 1))
    at.page.get_by_role("button", name="Entwurf speichern und prüfen").click()
    at.page.get_by_label("Ansage", exact=True).select_option("greet.personal")
    with at.page.expect_response("**/operator/edit/hear/**") as heard:
        at.page.get_by_role("button", name="Abspielen").click()

    assert heard.value.headers["content-type"] == "audio/wav"
    at.page.wait_for_function("document.querySelector('audio').duration > 0.3")


def test_a_sentence_is_understood_after_two_clicks_and_a_trial(at: Tab, site: Site) -> None:
    at.sign_in("sara", PASSWORD)
    at.open("/operator/review")
    first = at.page.locator(".sentences > li").first
    expect(first).to_contain_text("2-mal")
    first.get_by_role("combobox").select_option("flight_status")
    first.get_by_role("button", name="Das ist es").click()
    expect(at.page.get_by_role("heading", name="Bereit: 2")).to_be_visible()
    at.page.get_by_role("button", name="Ausprobieren").click()
    take_over = at.page.get_by_role("button", name="Übernehmen")
    expect(take_over).to_be_visible(timeout=20_000)
    at.picture("operator-review-tried")
    take_over.click()

    expect(at.page.get_by_text("Fassung 1 ist im Einsatz.")).to_be_visible()
    added = site.house.reviewing.shelf.current().sentences["flight_status"][Language.GERMAN]
    assert len(added) == 2
    at.page.get_by_role("button", name="Letzte Übernahme zurücknehmen").click()
    expect(at.page.get_by_text("Noch wurde nichts übernommen.")).to_be_visible()


def test_what_callers_said_does_nothing_on_the_page(at: Tab, site: Site) -> None:
    at.sign_in("sara", PASSWORD)
    at.open("/operator/review")

    said = at.page.locator(".sentences q", has_text="<script>alert(1)</script>")
    expect(said).to_be_visible()
    assert RTL not in said.inner_text()
    row = at.page.locator(".sentences > li", has_text="<script>alert(1)</script>")
    row.get_by_role("button", name="Verwerfen").click()
    expect(said).to_have_count(0)
    assert len(site.house.reviewing.sentences.of("airline")) == 2


def test_the_trail_tells_who_looked_and_that_it_is_whole(at: Tab) -> None:
    at.sign_in("petra", PASSWORD)
    at.open("/operator/audit")
    table = at.page.get_by_role("table")
    expect(table).to_contain_text("Gespräch angesehen")
    expect(table).to_contain_text("Protokoll gelesen")
    at.page.get_by_role("button", name="Abgelehnte Aufnahmen").click()
    expect(table).to_contain_text("why: too little speech")
    at.page.get_by_role("button", name="Kette prüfen").click()

    expect(at.page.get_by_role("status")).to_contain_text("Die Kette ist unversehrt")


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_no_barriers(browser: Browser, site: Site, size: dict[str, int], look: str) -> None:
    desk = site.house.editing.desk
    sheet = desk.sheet("sara", "policy.yaml")
    desk.save("sara", "policy.yaml", sheet.text.replace("priority: 90", "priority: 91", 1), "")
    desk.publish("sara", "policy.yaml", "Pflege zuerst", datetime.now(UTC))
    for who, paths in PAGES.items():
        with tab(browser, site.address, size=size, look=look) as at:
            at.sign_in(who, PASSWORD)
            for path in paths:
                at.open(path)
                name = path.split("?")[0].strip("/").replace("/", "-")
                at.picture(f"{name}-{look}-{size['width']}")
                assert at.barriers() == []
                assert at.fits(), path
            assert at.complaints == []
