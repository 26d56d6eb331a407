"""Sending links."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from fakes.log_lines import logged

from biometrics import AuditKind, MemoryAudit, StoreUnavailable, Witness
from ivr.call import Caller, Language
from ivr.onward.carrier import Carried, Letter, Place
from ivr.onward.codes import LinkName, is_code, name_of
from ivr.onward.link import Link, State
from ivr.onward.memory_links import MemoryLinks
from ivr.onward.send import SendRoom
from ivr.sending import NotSent, Posted, Sent, Way
from ivr.settings import OnwardSettings

from .conftest import KEY, KLAUS, NOON, SENDING, TOKEN

HOME = Place(way=Way.EMAIL, address="klaus@example.org")
SETTINGS = OnwardSettings(url="https://service.example/", most_sends=3)


@dataclass
class Postman:
    """Carries as it is told to."""

    place: Place | None = HOME
    carried: Carried = Carried.YES
    letters: list[Letter] = field(default_factory=list)

    def place_of(self, caller: Caller) -> Place | None:
        return self.place

    def carry(self, letter: Letter) -> Carried:
        self.letters.append(letter)
        return self.carried


@dataclass
class Office:
    """A room with all that it knows."""

    room: SendRoom
    links: MemoryLinks
    postman: Postman
    audit: MemoryAudit
    handed: list[LinkName]

    def post(self) -> Posted:
        return self.room.post(SENDING, Language.GERMAN, NOON)

    def link(self) -> Link:
        name = name_of(TOKEN)
        assert name is not None
        found = self.links.find(name)
        assert found is not None
        return found


@pytest.fixture
def office() -> Office:
    return office_with(lambda: KEY)


def office_with(key: Callable[[], bytes]) -> Office:
    links, postman, audit = MemoryLinks(), Postman(), MemoryAudit()
    handed: list[LinkName] = []
    room = SendRoom(
        links=links,
        carrier=postman,
        key=key,
        witness=Witness(audit=audit, clock=lambda: NOON, actor="service"),
        settings=SETTINGS,
        hand_over=lambda name, _: handed.append(name),
    )
    return Office(room=room, links=links, postman=postman, audit=audit, handed=handed)


def test_without_an_address_on_record_nothing_is_made(office: Office) -> None:
    office.postman.place = None

    assert office.post() is NotSent.NO_ADDRESS
    assert office.links.due(NOON) == ()


def test_without_a_key_nothing_is_sent() -> None:
    def unreachable() -> bytes:
        raise StoreUnavailable("no keys")

    office = office_with(unreachable)

    assert office.post() is NotSent.UNAVAILABLE
    assert office.handed == []


def test_what_cannot_be_written_down_is_not_sent(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(event: object) -> None:
        raise StoreUnavailable("full")

    monkeypatch.setattr(office.audit, "record", full)

    assert office.post() is NotSent.UNAVAILABLE
    assert office.links.due(NOON) == ()


def test_the_same_link_is_sent_so_often_and_no_more(office: Office) -> None:
    assert all(isinstance(office.post(), Sent) for _ in range(3))

    assert office.post() is NotSent.ENOUGH


def test_what_was_done_on_the_page_is_not_sent_again(office: Office) -> None:
    office.post()
    link = office.link()
    office.links.replace(link, replace(link, state=State.USED))

    assert office.post() is NotSent.USED


def test_what_was_done_in_the_call_opens_no_more(office: Office) -> None:
    office.post()
    office.room.revoke(SENDING.request, NOON)

    assert office.link().state is State.REVOKED
    assert office.room.deliver(office.link().name, NOON)
    assert office.postman.letters == []


def test_nothing_is_revoked_that_was_never_sent(office: Office) -> None:
    office.room.revoke("another", NOON)

    assert office.links.due(NOON) == ()


def test_a_code_is_told_that_the_letter_does_not_hold(office: Office) -> None:
    sent = office.post()
    office.room.deliver(office.handed[0], NOON)

    assert isinstance(sent, Sent)
    assert is_code(TOKEN, sent.code, office.link().code)
    [letter] = office.postman.letters
    assert letter.url == f"https://service.example/go/{TOKEN}"
    assert sent.code not in letter.url
    assert sent.code not in repr(sent)
    assert TOKEN not in repr(letter)


def test_sent_again_it_is_the_same_link_and_the_old_code_is_dead(office: Office) -> None:
    first, second = office.post(), office.post()
    for name in office.handed:
        office.room.deliver(name, NOON)

    assert isinstance(first, Sent)
    assert isinstance(second, Sent)
    code = office.link().code
    assert is_code(TOKEN, second.code, code)
    assert first.code == second.code or not is_code(TOKEN, first.code, code)
    assert {letter.url for letter in office.postman.letters} == {
        f"https://service.example/go/{TOKEN}"
    }


def test_sent_again_it_is_locked_no_longer_and_belongs_to_no_browser(office: Office) -> None:
    office.post()
    link = office.link()
    office.links.replace(link, replace(link, state=State.LOCKED, wrong=5, browser="b"))
    office.post()

    again = office.link()
    assert (again.state, again.wrong, again.browser, again.sends) == (State.CREATED, 0, "", 2)


def test_a_letter_that_nobody_takes_is_tried_again_later_and_then_given_up(
    office: Office,
) -> None:
    office.postman.carried = Carried.NOT_YET
    office.post()
    now = NOON
    for minutes in (1, 2, 4, 8):
        assert office.room.deliver_due(now) == 0
        now += timedelta(minutes=minutes)
        assert office.link().due_at == now
    office.room.deliver_due(now)

    assert office.link().due_at is None
    assert len(office.postman.letters) == 5
    assert len({letter.key for letter in office.postman.letters}) == 1


def test_a_letter_that_is_refused_is_not_tried_again(office: Office) -> None:
    office.postman.carried = Carried.NEVER
    office.post()
    office.room.deliver_due(NOON)

    assert office.link().due_at is None


def test_a_letter_is_handed_over_by_one_process_only(office: Office) -> None:
    office.post()
    link = office.link()
    office.links.replace(link, replace(link, due_at=NOON + timedelta(minutes=5), tries=1))

    office.room.deliver_due(NOON)
    assert office.postman.letters == []

    office.room.deliver_due(NOON + timedelta(minutes=5))
    assert len(office.postman.letters) == 1


def test_each_message_has_a_key_of_its_own(office: Office) -> None:
    for _ in range(2):
        office.post()
        office.room.deliver(office.handed[-1], NOON)

    assert len({letter.key for letter in office.postman.letters}) == 2


def test_sending_is_written_down_in_codes(office: Office) -> None:
    office.post()

    [entry] = office.audit.entries(KLAUS.subject)
    assert entry.kind is AuditKind.LINK_SENT
    assert entry.details == {"what": "rebook_flight", "way": "email"}


@pytest.fixture
def logs(caplog: pytest.LogCaptureFixture) -> Callable[[], str]:
    caplog.set_level("DEBUG")
    return lambda: "\n".join(logged(caplog.records))


def test_no_log_names_a_link_a_code_or_an_address(office: Office, logs: Callable[[], str]) -> None:
    office.postman.carried = Carried.NEVER
    sent = office.post()
    office.room.deliver_due(NOON)

    assert isinstance(sent, Sent)
    assert logs()
    for secret in (TOKEN, sent.code, "klaus@example.org", "C-1001"):
        assert secret not in logs()
