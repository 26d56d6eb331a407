"""The page behind a link, over HTTP."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from fakes.links import CODE, FORM, PAPER, PATH, TOKEN, WRONG, LinkOffice
from fakes.log_lines import logged
from fastapi.testclient import TestClient
from httpx2 import Response
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics import StoreUnavailable
from ivr.errand import Declined, Unavailable
from ivr.onward.codes import token_of
from ivr.onward.link import State

HERE = {"Origin": "http://testserver"}
OTHER = f"/go/{token_of(b'k' * 32, 'another')}"


class Browser:
    """Keeps cookies, and sends forms as browsers do."""

    def __init__(self, at: LinkOffice, **kwargs: Any) -> None:
        self.client = TestClient(at.app(), follow_redirects=False, **kwargs)

    def get(self, path: str = PATH, **headers: str) -> Response:
        return self.client.get(path, headers=headers)

    def post(self, path: str, form: dict[str, str], **headers: str) -> Response:
        return self.client.post(path, data=form, headers={**HERE, **headers})

    def code(self, code: str, path: str = PATH) -> Response:
        return self.post(path, {"code": code})


@pytest.fixture
def at() -> LinkOffice:
    return LinkOffice()


@pytest.fixture
def browser(at: LinkOffice) -> Browser:
    return Browser(at)


def test_whoever_only_looks_learns_nothing_and_uses_nothing_up(
    at: LinkOffice, browser: Browser
) -> None:
    """Mail scanners and previews open links, some of them often."""
    before = at.link()
    pages = [browser.get() for _ in range(20)]
    head = browser.client.head(PATH)

    assert {page.status_code for page in (*pages, head)} == {200}
    for told in ("Klaus", "LH", "flight", "klaus@", "umbuchen"):
        assert told not in pages[0].text
    assert at.link() == before
    assert list(at.audit.entries()) == []
    assert "set-cookie" not in pages[0].headers


def test_a_link_that_is_none_looks_like_one(at: LinkOffice, browser: Browser) -> None:
    known, unknown = browser.get().text, browser.get(OTHER).text

    assert known.replace(TOKEN, "") == unknown.replace(OTHER.removeprefix("/go/"), "")
    assert browser.code(CODE, OTHER).status_code == browser.code(WRONG).status_code == 401


def test_five_wrong_codes_and_it_is_over(at: LinkOffice, browser: Browser) -> None:
    statuses = [browser.code(WRONG).status_code for _ in range(5)]

    assert statuses == [401] * 4 + [410]
    over = browser.code(CODE)
    assert over.status_code == 410
    assert "gilt nicht mehr" in over.text
    assert "<form" not in over.text


def test_who_guesses_at_links_has_to_wait() -> None:
    at = LinkOffice(free_guesses=5)
    browser = Browser(at)
    for _ in range(5):
        assert browser.code(CODE, OTHER).status_code == 401
    browser.code(CODE, OTHER)

    slow = browser.code(CODE)

    assert slow.status_code == 429
    assert int(slow.headers["retry-after"]) >= 1
    assert at.link().state is State.CREATED


def test_without_the_code_nothing_is_shown_or_done(at: LinkOffice, browser: Browser) -> None:
    for path in ("/choice", "/done"):
        answer = browser.post(PATH + path, {"choice": "0"})
        assert (answer.status_code, answer.headers["location"]) == (303, PATH)
    assert browser.get(PATH + "/paper").headers["location"] == PATH
    assert at.ran == []


def test_a_form_of_another_site_is_not_taken(at: LinkOffice, browser: Browser) -> None:
    browser.code(CODE)
    form = {"choice": "0"}

    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert browser.post(PATH + "/done", form, **headers).status_code == 403
    assert at.ran == []


def test_in_the_clear_from_elsewhere_nothing_opens(at: LinkOffice) -> None:
    far = Browser(at, client=("203.0.113.9", 1))

    assert far.code(CODE).status_code == 403
    assert at.link().state is State.CREATED


def test_the_cookie_is_for_this_link_and_no_script_reads_it(at: LinkOffice) -> None:
    secure = Browser(at, base_url="https://testserver")
    cookie = secure.post(PATH, {"code": CODE}, Origin="https://testserver").headers["set-cookie"]

    assert cookie.startswith("__Secure-rufwerk-link=")
    for part in (f"Path={PATH}", "HttpOnly", "Secure", "SameSite=lax", "Max-Age=86400"):
        assert part in cookie


def test_another_browser_is_told_that_it_is_too_late(at: LinkOffice, browser: Browser) -> None:
    browser.code(CODE)
    other = Browser(at)

    answer = other.code(CODE)

    assert answer.status_code == 403
    assert "anderen Browser" in answer.text
    assert "Welche" not in other.get().text


@pytest.mark.parametrize("choice", ["", "2", "-1", "1e0", "\u0660", "00000000"])
def test_what_was_not_offered_cannot_be_chosen(
    at: LinkOffice, browser: Browser, choice: str
) -> None:
    browser.code(CODE)

    for path in ("/choice", "/done"):
        assert browser.post(PATH + path, {"choice": choice}).status_code == 422
    assert at.ran == []


def test_where_the_store_is_gone_nothing_opens(
    at: LinkOffice, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise StoreUnavailable("gone")

    browser.code(CODE)
    monkeypatch.setattr(at.links, "find", gone)

    assert browser.get().status_code == 503
    assert browser.code(CODE).status_code == 503


def test_every_answer_is_kept_by_nobody_and_found_by_nobody(browser: Browser) -> None:
    answers = [browser.get(), browser.code(WRONG), browser.code(CODE), browser.get()]

    for answer in answers:
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    for page in (answers[0], answers[3]):
        assert page.headers["x-robots-tag"] == "noindex, nofollow"


def test_choose_confirm_done(at: LinkOffice, browser: Browser) -> None:
    assert browser.code(CODE).headers["location"] == PATH
    offered = browser.get()
    assert "LH Flug 453" in offered.text
    assert "LH Flug 457" in offered.text

    asked = browser.post(PATH + "/choice", {"choice": "0"})
    assert asked.status_code == 200
    assert "Ich buche Sie auf den LH Flug 453" in asked.text
    assert at.ran == []

    assert browser.post(PATH + "/done", {"choice": "0"}).status_code == 303
    told = browser.get()
    assert "Ihr Buchungscode ist K7P2QX" in told.text
    assert [errand.slots["flight"] for errand in at.ran] == ["LH453"]


def test_the_same_form_sent_twice_does_it_once(at: LinkOffice, browser: Browser) -> None:
    browser.code(CODE)
    for _ in range(2):
        assert browser.post(PATH + "/done", {"choice": "0"}).status_code == 303
    browser.post(PATH + "/done", {"choice": "1"})

    assert len(at.ran) == 1


def test_a_no_is_told_and_something_else_may_be_chosen(at: LinkOffice, browser: Browser) -> None:
    browser.code(CODE)
    at.served = Declined(code="no_seats_left")

    answer = browser.post(PATH + "/done", {"choice": "0"})

    assert answer.status_code == 422
    assert "kein Platz mehr frei" in answer.text
    assert "LH Flug 457" in answer.text


def test_another_no_is_told_too(at: LinkOffice, browser: Browser) -> None:
    browser.code(CODE)
    at.served = Declined(code="of_the_day")

    assert "abgelehnt" in browser.post(PATH + "/done", {"choice": "0"}).text


def test_a_system_that_is_down_is_told_to_have_changed_nothing(
    at: LinkOffice, browser: Browser
) -> None:
    browser.code(CODE)
    at.served = Unavailable()

    answer = browser.post(PATH + "/done", {"choice": "0"})

    assert answer.status_code == 503
    assert "nichts verändert" in answer.text


def test_what_is_not_confirmed_is_not_claimed(at: LinkOffice, browser: Browser) -> None:
    browser.code(CODE)
    at.served = Unavailable(may_be_done=True)
    browser.post(PATH + "/done", {"choice": "0"})

    assert "nicht bestätigt" in browser.get().text


def test_a_form_says_what_it_did_not_understand_and_keeps_what_was_written() -> None:
    at = LinkOffice(content=FORM, business="retail")
    browser = Browser(at)
    browser.code(CODE)

    answer = browser.post(PATH + "/choice", {"order_number": '12"><script>'})

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "12&#34;&gt;&lt;script&gt;" in answer.text


def test_a_form_is_filled_in_read_back_and_done() -> None:
    at = LinkOffice(content=FORM, business="retail")
    browser = Browser(at)
    browser.code(CODE)
    form = {"order_number": "4821 3377"}

    asked = browser.post(PATH + "/choice", form)
    assert "48213377" in asked.text

    browser.post(PATH + "/done", form)
    assert at.ran[0].slots == {"order_number": "48213377"}


def test_a_label_is_printed_with_its_bars() -> None:
    browser = Browser(LinkOffice(content=PAPER, business="retail"))
    browser.code(CODE)
    assert "Rücksendeetikett" in browser.get().text

    label = browser.get(PATH + "/paper").text

    assert "R48213377" in label
    assert "Lagerstraße 1" in label
    assert "10. Dezember" in label
    assert len(re.findall("<rect ", label)) == 11 * 5


def test_no_log_names_a_token_a_code_or_a_choice(
    at: LinkOffice, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG", logger="ivr")
    browser.code(WRONG)
    browser.code(CODE)
    browser.post(PATH + "/done", {"choice": "0"})

    lines = "\n".join(logged(caplog.records))
    for secret in (TOKEN, CODE, WRONG, "LH453"):
        assert secret not in lines


@settings(max_examples=60, deadline=None)
@given(
    token=st.text(min_size=1, max_size=60).filter(lambda text: text not in (".", "..")),
    form=st.dictionaries(st.text(max_size=20), st.text(max_size=400), max_size=5),
)
def test_whatever_is_sent_is_answered_and_opens_nothing(token: str, form: dict[str, str]) -> None:
    at = LinkOffice(free_guesses=1_000)
    browser = Browser(at)
    for path in (f"/go/{quote(token, safe='')}", PATH):
        for tail in ("", "/choice", "/done"):
            assert browser.post(path + tail, form).status_code < 500
    assert at.ran == []
    assert at.link().state is State.CREATED
