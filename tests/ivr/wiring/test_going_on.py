"""Links put together: where they go, what carries them, and what is known of them afterwards."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from time import monotonic, sleep

import pytest
from fakes.log_lines import logged
from fakes.vaults import vault_in

from biometrics import StoreUnavailable, SubjectId
from biometrics.storage.database import open_engine
from ivr.call import Assurance, Caller, CustomerId, Language, Line, Say
from ivr.decide.dialogue import Dialogue
from ivr.decide.moment import Decision
from ivr.errand import Done, Errand, Option, PageKind, Thread
from ivr.onward.carrier import Place
from ivr.onward.link import Link, State
from ivr.onward.page import Opened, PageRoom
from ivr.reach.messenger import Delivery, Message, Messenger
from ivr.reach.propose import Channel
from ivr.sending import NotSent, Sending, Sent, Way
from ivr.settings import OnwardSettings, ReachSettings, VerifySettings
from ivr.speak.prompts import read_prompts
from ivr.wiring.going_on import GoingOn, Post
from ivr.wiring.records import Records

NOW = datetime.now(UTC)
PATIENCE_S = 10
KLAUS = Caller(
    customer_id=CustomerId("C-1001"),
    subject=SubjectId("s-7f3a"),
    name="Klaus",
    preferences={"channel": "email", "email": "klaus@example.org"},
)
SENDING = Sending(
    request="r-1",
    kind=PageKind.OPTIONS,
    caller=KLAUS,
    intent="rebook_flight",
    options=(Option(slots={"flight": "LH453"}, facts={}),),
    assurance=Assurance.VOICE,
    thread=Thread(name="t" * 64),
)


@dataclass
class FakeMessenger:
    """Takes everything, or nothing."""

    is_idempotent: bool = True
    delivery: Delivery = Delivery.SENT
    given: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> Delivery:
        self.given.append(message)
        return self.delivery


def write(lines: tuple[Line, ...], language: Language) -> str:
    prompts = read_prompts(language, "airline")
    return " ".join(
        prompts.text(replace(line, facts={"company": "Rufwerk", **line.facts})) for line in lines
    )


def post_with(*channels: Channel, **settings: object) -> Post:
    carried: dict[Channel, Messenger] = {one: FakeMessenger() for one in channels}
    return Post(messengers=carried, settings=ReachSettings(**settings), write=write)  # type: ignore[arg-type]


def prefers(**preferences: str) -> Caller:
    return replace(KLAUS, preferences=preferences)


@pytest.mark.parametrize(
    ("preferences", "channels"),
    [
        ({}, [Channel.EMAIL, Channel.SMS]),
        ({"channel": "email"}, [Channel.EMAIL]),
        ({"email": "klaus@example.org"}, [Channel.SMS]),
        ({"channel": "sms"}, [Channel.EMAIL]),
        ({"channel": "phone"}, [Channel.PHONE, Channel.SMS]),
        ({"email": "klaus@example.org, thief@example.org"}, [Channel.EMAIL]),
    ],
)
def test_without_an_address_on_record_there_is_no_way(
    preferences: dict[str, str], channels: list[Channel]
) -> None:
    assert post_with(*channels).place_of(prefers(**preferences)) is None


@pytest.mark.parametrize(
    ("preferences", "way"),
    [
        ({"channel": "sms", "email": "klaus@example.org"}, Place(way=Way.SMS)),
        ({"channel": "webhook"}, Place(way=Way.OTHER)),
        (
            {"channel": "phone", "email": "klaus@example.org"},
            Place(way=Way.EMAIL, address="klaus@example.org"),
        ),
    ],
)
def test_it_goes_the_way_the_customer_prefers_or_else_by_mail(
    preferences: dict[str, str], way: Place
) -> None:
    assert post_with(*Channel).place_of(prefers(**preferences)) == way


@dataclass
class Office:
    going_on: GoingOn
    mail: FakeMessenger

    def link(self) -> Link:
        [found] = self.going_on.links.of(self.going_on.room.mark(KLAUS.customer_id))
        return found

    def until_given(self, count: int) -> None:
        deadline = monotonic() + PATIENCE_S
        while len(self.mail.given) < count and monotonic() < deadline:
            sleep(0.01)
        assert len(self.mail.given) == count


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    engine = open_engine(f"sqlite:///{tmp_path / 'house.db'}")
    vault, mail = vault_in(tmp_path), FakeMessenger()

    def records() -> Records:
        vault.start(mark=None)
        return Records(engine, b"a" * 32, VerifySettings())

    with ExitStack() as closing:
        going_on = GoingOn(
            settings=OnwardSettings(url="https://service.example"),
            engine=lambda: engine,
            vault=lambda: vault,
            records=cache(records),
            post_office=lambda: Post(
                messengers={Channel.EMAIL: mail}, settings=ReachSettings(), write=write
            ),
            closing=closing,
        )
        yield Office(going_on=going_on, mail=mail)
    engine.dispose()


def test_where_the_keys_are_gone_the_caller_is_told_that_nothing_was_sent(
    office: Office,
) -> None:
    def gone() -> Records:
        raise StoreUnavailable("gone")

    without = replace(office.going_on, records=gone)

    assert without.post(SENDING, Language.GERMAN, NOW) is NotSent.UNAVAILABLE
    assert without.done(KLAUS.customer_id) == {}
    without.note(decision(Dialogue(sent=SENDING)), NOW)
    without.deliver_due(NOW)


def test_without_an_address_nothing_is_kept(office: Office) -> None:
    sending = replace(SENDING, caller=prefers())

    assert office.going_on.post(sending, Language.GERMAN, NOW) is NotSent.NO_ADDRESS
    assert office.mail.given == []


def test_quiet_hours_and_a_weekly_limit_hold_nothing_up(office: Office) -> None:
    """It was asked for: it is no contact made unasked."""
    night = NOW.replace(hour=1)
    for number in range(5):
        sending = replace(SENDING, request=f"r-{number}")
        assert isinstance(office.going_on.post(sending, Language.GERMAN, night), Sent)

    office.until_given(5)


def test_the_mail_holds_the_link_and_nothing_else(office: Office) -> None:
    sent = office.going_on.post(SENDING, Language.GERMAN, NOW)
    office.until_given(1)

    assert isinstance(sent, Sent)
    [mail] = office.mail.given
    assert (mail.channel, mail.address) == (Channel.EMAIL, "klaus@example.org")
    assert "https://service.example/go/" in mail.text
    for told in (sent.code, "Klaus", "LH453", "umbuchen", "C-1001"):
        assert told not in mail.text + mail.subject


def test_a_mail_that_was_not_taken_goes_with_the_next_round(office: Office) -> None:
    office.mail.delivery = Delivery.LATER
    office.going_on.post(SENDING, Language.ENGLISH, NOW)
    office.until_given(1)
    office.mail.delivery = Delivery.SENT
    office.going_on.deliver_due(datetime.now(UTC) + timedelta(minutes=10))

    assert len({mail.key for mail in office.mail.given}) == 1
    office.until_given(2)


def test_what_was_done_in_the_call_is_not_left_to_be_done_by_link(office: Office) -> None:
    office.going_on.post(SENDING, Language.GERMAN, NOW)
    errand = Errand(
        intent="rebook_flight",
        customer_id=KLAUS.customer_id,
        assurance=Assurance.VOICE,
        key="k",
    )
    sent = Dialogue(sent=SENDING)

    office.going_on.note(decision(sent), NOW)
    assert office.link().state is State.CREATED

    office.going_on.note(decision(replace(sent, done=(errand,))), NOW)
    assert office.link().state is State.REVOKED


def decision(dialogue: Dialogue) -> Decision:
    return Decision(action=Say(lines=()), reasons=(), dialogue=dialogue)


def test_what_was_done_by_link_is_known_and_to_be_done_again_it_needs_a_call(
    office: Office,
) -> None:
    sent = office.going_on.post(SENDING, Language.GERMAN, NOW)
    office.until_given(1)
    assert isinstance(sent, Sent)
    token = office.mail.given[0].text.split("/go/")[1].split()[0]
    room = PageRoom(
        links=office.going_on.links,
        run=lambda _: Done(),
        witness=office.going_on.records().witness("link"),
        settings=office.going_on.settings,
    )
    assert office.going_on.done(KLAUS.customer_id) == {}

    entered = room.open(token, sent.code, "", NOW)
    assert isinstance(entered, Opened)
    room.do(token, entered.secret, {"flight": "LH453"}, NOW)

    assert list(office.going_on.done(KLAUS.customer_id)) == ["rebook_flight"]
    assert office.going_on.done(CustomerId("C-1002")) == {}
    assert office.going_on.post(SENDING, Language.GERMAN, NOW) is NotSent.USED


def test_links_are_forgotten_some_days_after_their_end(office: Office) -> None:
    office.going_on.post(SENDING, Language.GERMAN, NOW)
    office.until_given(1)
    office.going_on.deliver_due(NOW + timedelta(days=7))
    assert office.link()

    office.going_on.deliver_due(NOW + timedelta(days=8, minutes=1))
    assert office.going_on.links.of(office.going_on.room.mark(KLAUS.customer_id)) == ()


def test_no_log_names_anybody(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    office.mail.delivery = Delivery.REFUSED
    sent = office.going_on.post(SENDING, Language.GERMAN, NOW)
    office.until_given(1)
    office.going_on.closing.close()

    assert isinstance(sent, Sent)
    ours = [record for record in caplog.records if record.name.startswith("ivr")]
    lines = "\n".join(logged(ours))
    assert "link not taken" in lines
    for secret in (sent.code, "klaus@", "Klaus", "C-1001", "/go/"):
        assert secret not in lines
