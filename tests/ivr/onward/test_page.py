"""What somebody with a link may do."""

import pytest
from fakes.links import CODE, CONTENT, FORM, PAPER, TOKEN, WRONG, LinkOffice

from biometrics import AuditKind, StoreUnavailable
from ivr.errand import Declined, Done, Served, Step, Unavailable
from ivr.onward.codes import token_of
from ivr.onward.link import Link, State, revoked
from ivr.onward.page import Opened, Shut

CHOICE = {"flight": "LH453"}


@pytest.fixture
def at() -> LinkOffice:
    return LinkOffice()


def opened(at: LinkOffice) -> str:
    answer = at.room.open(TOKEN, CODE, "", at.now)
    assert isinstance(answer, Opened)
    return answer.secret


def test_a_token_that_nobody_gave_opens_nothing(at: LinkOffice) -> None:
    for token in ("", "x", token_of(b"k" * 32, "another")):
        assert at.room.open(token, CODE, "", at.now) is Shut.WRONG


def test_the_fifth_wrong_code_locks_and_the_right_one_opens_no_more(at: LinkOffice) -> None:
    answers = [at.room.open(TOKEN, WRONG, "", at.now) for _ in range(5)]

    assert answers == [Shut.WRONG] * 4 + [Shut.OVER]
    assert at.link().state is State.LOCKED
    assert at.room.open(TOKEN, CODE, "", at.now) is Shut.OVER


def test_what_cannot_be_written_down_opens_nothing(
    at: LinkOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(event: object) -> None:
        raise StoreUnavailable("full")

    secret = opened(at)
    monkeypatch.setattr(at.audit, "record", full)

    with pytest.raises(StoreUnavailable):
        at.room.open(TOKEN, CODE, secret, at.now)
    with pytest.raises(StoreUnavailable):
        at.room.look(TOKEN, secret, at.now)
    with pytest.raises(StoreUnavailable):
        at.room.do(TOKEN, secret, CHOICE, at.now)
    assert at.ran == []


def test_the_link_alone_opens_nothing(at: LinkOffice) -> None:
    for browser in ("", "guess"):
        assert at.room.look(TOKEN, browser, at.now) is Shut.CODE
        assert at.room.do(TOKEN, browser, CHOICE, at.now) is Shut.CODE
    assert at.ran == []


def test_another_browser_does_not_come_in_even_with_the_code(at: LinkOffice) -> None:
    opened(at)

    assert at.room.open(TOKEN, CODE, "", at.now) is Shut.OTHER_BROWSER
    assert at.room.open(TOKEN, CODE, "theirs", at.now) is Shut.OTHER_BROWSER
    assert at.link().wrong == 2


def test_after_a_day_nothing_opens(at: LinkOffice) -> None:
    secret = opened(at)
    at.office.later(hours=24)

    assert at.room.open(TOKEN, CODE, secret, at.now) is Shut.OVER
    assert at.room.look(TOKEN, secret, at.now) is Shut.CODE


def test_after_a_while_the_code_is_asked_for_again(at: LinkOffice) -> None:
    secret = opened(at)
    at.office.later(minutes=15)

    assert at.room.look(TOKEN, secret, at.now) is Shut.CODE
    assert at.room.do(TOKEN, secret, CHOICE, at.now) is Shut.CODE

    again = at.room.open(TOKEN, CODE, secret, at.now)
    assert again == Opened(secret=secret)
    assert isinstance(at.room.look(TOKEN, secret, at.now), Link)


def test_what_was_done_in_the_call_is_not_done_here(at: LinkOffice) -> None:
    secret = opened(at)
    at.links.replace(at.link(), revoked(at.link()))

    assert at.room.do(TOKEN, secret, CHOICE, at.now) is Shut.CODE
    assert at.ran == []


def test_what_is_done_in_the_call_while_a_code_is_compared_is_not_done_here(
    at: LinkOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(_: object) -> None:
        at.links.replace(at.link(), revoked(at.link()))

    monkeypatch.setattr(at.audit, "record", meanwhile)

    assert at.room.open(TOKEN, CODE, "", at.now) is Shut.CHANGED
    assert at.link().state is State.REVOKED


def test_it_is_done_once(at: LinkOffice) -> None:
    secret = opened(at)

    assert isinstance(at.room.do(TOKEN, secret, CHOICE, at.now), Done)
    assert at.room.do(TOKEN, secret, CHOICE, at.now) is Shut.OVER
    assert at.room.do(TOKEN, secret, {"flight": "LH457"}, at.now) is Shut.OVER
    assert len(at.ran) == 1


def test_while_one_is_being_done_no_other_is(at: LinkOffice) -> None:
    secret = opened(at)
    other: list[Served | Shut] = []

    def meanwhile(errand: object) -> Served:
        other.append(at.room.do(TOKEN, secret, {"flight": "LH457"}, at.now))
        return Done()

    object.__setattr__(at.room, "run", meanwhile)
    at.room.do(TOKEN, secret, CHOICE, at.now)

    assert other == [Shut.CHANGED]


@pytest.mark.parametrize("served", [Declined(code="no_seats_left"), Unavailable()])
def test_where_nothing_was_done_something_else_may_be_chosen(
    at: LinkOffice, served: Served
) -> None:
    secret = opened(at)
    at.served = served
    assert at.room.do(TOKEN, secret, CHOICE, at.now) == served

    at.served = Done()
    assert at.room.do(TOKEN, secret, {"flight": "LH457"}, at.now) == Done()


def test_what_may_have_been_done_is_not_done_again(at: LinkOffice) -> None:
    secret = opened(at)
    at.served = Unavailable(may_be_done=True)
    at.room.do(TOKEN, secret, CHOICE, at.now)

    assert (at.link().state, at.link().outcome) == (State.USED, "unsure")
    assert at.room.do(TOKEN, secret, CHOICE, at.now) is Shut.OVER


def test_a_paper_is_nothing_to_do_and_the_rest_is_no_paper(at: LinkOffice) -> None:
    assert at.room.paper(TOKEN, opened(at), at.now) is Shut.OVER

    paper = LinkOffice(content=PAPER)
    assert paper.room.do(TOKEN, opened(paper), {}, paper.now) is Shut.OVER
    assert paper.ran == []


def test_the_errand_is_the_calls_with_no_more_assurance(at: LinkOffice) -> None:
    secret = opened(at)
    at.room.do(TOKEN, secret, CHOICE, at.now)

    [errand] = at.ran
    slots = {"date": "2026-11-27", "flight": "LH453"}
    assert errand.slots == slots
    assert errand.assurance is CONTENT.assurance
    assert errand.customer_id == "C-1001"
    assert errand.key == CONTENT.thread.key("rebook_flight", slots)


def test_what_was_told_stays_to_be_read(at: LinkOffice) -> None:
    secret = opened(at)
    at.room.do(TOKEN, secret, CHOICE, at.now)

    link = at.room.look(TOKEN, secret, at.now)
    assert isinstance(link, Link)
    assert (link.state, link.outcome) == (State.USED, "done")
    assert link.told["booking_code"] == "K7P2QX"


def test_a_paper_may_be_printed_again_and_again() -> None:
    at = LinkOffice(content=PAPER)
    secret = opened(at)

    for _ in range(2):
        assert isinstance(at.room.paper(TOKEN, secret, at.now), Done)
    assert [one.step for one in at.ran] == [Step.DOCUMENT] * 2


def test_what_a_form_tells_is_done() -> None:
    at = LinkOffice(content=FORM)
    at.room.do(TOKEN, opened(at), {"order_number": "48213377"}, at.now)

    assert at.ran[0].slots == {"order_number": "48213377"}


def test_every_look_is_written_down_in_codes(at: LinkOffice) -> None:
    at.room.open(TOKEN, WRONG, "", at.now)
    secret = opened(at)
    at.room.look(TOKEN, secret, at.now)
    at.room.do(TOKEN, secret, CHOICE, at.now)

    written = [(one.kind, dict(one.details)) for one in at.audit.entries(CONTENT.subject)]
    assert written == [
        (AuditKind.LINK_TRIED, {"outcome": "wrong"}),
        (AuditKind.LINK_TRIED, {"outcome": "right"}),
        (AuditKind.LINK_READ, {"what": "options"}),
        (AuditKind.LINK_USED, {"what": "rebook_flight"}),
    ]
