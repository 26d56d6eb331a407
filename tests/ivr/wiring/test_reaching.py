"""Incidents and contacts put together, from an event to a message and to a call."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from sqlalchemy import Engine

from biometrics import SubjectId
from biometrics.storage.database import open_engine
from ivr.call import Caller, CustomerId, Event, HangUp, Language, PhoneNumber, Unknown
from ivr.decide import policy
from ivr.decide.dialogue import Dialogue
from ivr.decide.moment import Decision, TroubleHeard
from ivr.errors import UnknownIncident
from ivr.identify.directory import Entry, MemoryDirectory
from ivr.reach.incident import KINDS, Affected, Incident, IncidentId, Severity
from ivr.reach.messenger import Delivery, Message
from ivr.reach.outbox import Status
from ivr.reach.propose import Channel, Refusal
from ivr.reach.send import Sent
from ivr.settings import ReachSettings, Settings
from ivr.understand.pack import BUSINESSES
from ivr.wiring.reaching import Proposed, Reaching

POLICY = Path(policy.__file__).with_name("policy.yaml")
NUMBER = PhoneNumber(e164="+4989123456")
NOW = datetime.now(UTC)
"""Messages go out by the clock of the machine; nothing here depends on the hour."""


@dataclass
class FakeMessenger:
    """Takes everything."""

    is_idempotent: bool = True
    given: list[Message] = field(default_factory=list)

    def send(self, message: Message) -> Delivery:
        self.given.append(message)
        return Delivery.SENT


def customer(name: str, language: Language, **preferences: str) -> Entry:
    caller = Caller(
        customer_id=CustomerId(name),
        subject=SubjectId(f"s-{name}"),
        name=name,
        language=language,
        events=(Event(kind="flight_booked", at=NOW, facts={"flight": "LH815"}),),
        preferences=preferences,
    )
    return Entry(caller=caller, numbers=(NUMBER,) if name == "klaus" else ())


KLAUS = customer("klaus", Language.GERMAN, channel="email", email="klaus@example.org")
ANN = customer("ann", Language.ENGLISH, channel="sms")
ERNA = customer("erna", Language.GERMAN, channel="sms")

CANCELLED = Incident(
    id=IncidentId("lh815"),
    kind="flight_cancelled",
    starts_at=NOW - timedelta(hours=1),
    ends_at=NOW + timedelta(days=9),
    affected=Affected(facts={"flight": "LH815"}),
    facts={"flight": "LH815"},
    severity=Severity.URGENT,
)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'rufwerk.db'}")
    yield engine
    engine.dispose()


def reaching_with(engine: Engine, **reach: object) -> Reaching:
    settings = Settings(reach=replace(ReachSettings(), **reach))  # type: ignore[arg-type]
    directory = MemoryDirectory((KLAUS, ANN, ERNA))
    return Reaching(settings, lambda: engine, lambda: directory)


@pytest.fixture
def reaching(engine: Engine) -> Reaching:
    reaching = reaching_with(engine)
    reaching.incidents.add(CANCELLED)
    return reaching


def carried(reaching: Reaching) -> FakeMessenger:
    messenger = FakeMessenger()
    reaching.__dict__["messengers"] = {Channel.EMAIL: messenger, Channel.SMS: messenger}
    return messenger


def test_those_who_agreed_are_told_in_their_language_and_nobody_else(reaching: Reaching) -> None:
    messenger = carried(reaching)
    for name in ("klaus", "ann"):
        reaching.agree(name, "contact-1", NOW)

    proposed = reaching.propose(CANCELLED, NOW)
    assert reaching.send() == Sent()
    reaching.outbox.approve(NOW)

    assert reaching.send() == Sent(sent=2)
    assert proposed.new == 2
    assert [(one.customer, one.reason) for one in proposed.refused] == [
        ("erna", Refusal.NO_CONSENT)
    ]
    told = {message.customer: message for message in messenger.given}
    assert told[CustomerId("klaus")].text == (
        "Guten Tag, hier ist Rufwerk. Ihr LH Flug 815 ist leider gestrichen. "
        "Wenn Sie Fragen haben, rufen Sie uns gern an. "
        "Möchten Sie solche Hinweise nicht mehr bekommen, sagen Sie es uns bitte."
    )
    assert told[CustomerId("klaus")].address == "klaus@example.org"
    assert told[CustomerId("ann")].text.startswith("Hello, this is Rufwerk. I'm sorry, your LH")
    assert told[CustomerId("ann")].address == ""


def test_proposing_again_proposes_nobody_twice(reaching: Reaching) -> None:
    reaching.agree("klaus", "contact-1", NOW)
    reaching.propose(CANCELLED, NOW)

    again = reaching.propose(CANCELLED, NOW)

    assert again.new == 0
    assert Refusal.ALREADY_TOLD in {one.reason for one in again.refused}


def test_whoever_stops_is_called_off_and_not_proposed_any_more(reaching: Reaching) -> None:
    reaching.agree("klaus", "contact-1", NOW)
    reaching.propose(CANCELLED, NOW)

    assert reaching.stop("klaus", NOW) == 1
    assert [one.status for one in reaching.outbox.all()] == [Status.STOPPED]
    assert reaching.propose(CANCELLED, NOW).new == 0


def test_approval_may_be_left_to_the_machine(engine: Engine) -> None:
    reaching = reaching_with(engine, approval="automatic", contract_notice=True)
    reaching.incidents.add(CANCELLED)
    carried(reaching)

    assert reaching.propose(CANCELLED, NOW) == Proposed(new=3, refused=())
    assert reaching.send() == Sent(sent=3)


def test_an_area_concerns_customers_who_have_a_number_there(reaching: Reaching) -> None:
    outage = replace(
        CANCELLED,
        id=IncidentId("munich"),
        kind="outage",
        facts={"area": "München"},
        affected=Affected(number_prefixes=("+4989",)),
    )
    reaching.agree("klaus", "contact-1", NOW)
    reaching.agree("ann", "contact-1", NOW)

    assert reaching.propose(outage, NOW) == Proposed(new=1, refused=())


def test_channels_that_nothing_is_set_for_are_not_there(engine: Engine) -> None:
    none = reaching_with(engine)
    webhook = reaching_with(
        engine, webhook_url="https://example.org/in", webhook_secret="0123456789abcdef"
    )
    mail = reaching_with(engine, mail_host="mail.example.org", mail_from="a@example.org")

    assert none.messengers == {}
    assert set(webhook.messengers) == {Channel.PHONE, Channel.SMS, Channel.WEBHOOK}
    assert set(mail.messengers) == {Channel.EMAIL}


def test_an_incident_that_is_not_there_is_told_as_such(reaching: Reaching) -> None:
    with pytest.raises(UnknownIncident):
        reaching.incident("lh816")


def test_a_call_hears_of_it_once_the_voice_is_proven_and_once(reaching: Reaching) -> None:
    caller = KLAUS.caller

    assert reaching.news(caller, NUMBER, is_proven=False, told=(), now=NOW) is None
    assert reaching.news(Unknown(), NUMBER, is_proven=False, told=(), now=NOW) is None
    assert reaching.news(caller, NUMBER, is_proven=True, told=("lh815",), now=NOW) is None
    trouble = reaching.news(caller, NUMBER, is_proven=True, told=(), now=NOW)
    assert trouble is not None
    assert trouble.incident == "lh815"


@pytest.mark.parametrize("business", BUSINESSES)
def test_the_policy_speaks_of_incidents_that_there_are(business: str) -> None:
    packaged = yaml.safe_load(POLICY.read_text("utf-8"))["businesses"][business]

    assert set(packaged.get("troubles", {})) - set(KINDS) == set()


def test_calls_are_counted(reaching: Reaching) -> None:
    def decision(trouble: TroubleHeard | None) -> Decision:
        return Decision(action=HangUp(lines=()), reasons=(), dialogue=Dialogue(), trouble=trouble)

    reaching.note(decision(None))
    for _ in range(2):
        reaching.note(decision(TroubleHeard(incident="lh815")))
    reaching.note(decision(TroubleHeard(incident="lh815", is_end=True)))

    (tally,) = reaching.incidents.tallies()
    assert (tally.heard, tally.ended) == (2, 1)


def test_a_call_goes_on_where_nobody_knows_what_is_going_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "broken.db").write_bytes(b"no database " * 1000)
    engine = open_engine(f"sqlite:///{tmp_path / 'broken.db'}")
    reaching = reaching_with(engine)
    heard = TroubleHeard(incident="lh815")

    with caplog.at_level(logging.DEBUG):
        assert reaching.news(KLAUS.caller, NUMBER, is_proven=True, told=(), now=NOW) is None
        reaching.note(
            Decision(action=HangUp(lines=()), reasons=(), dialogue=Dialogue(), trouble=heard)
        )

    assert [record.getMessage() for record in caplog.records] == [
        "incidents not read",
        "a call of an incident not counted",
    ]
    engine.dispose()


def test_the_database_holds_no_address_and_no_text(reaching: Reaching, tmp_path: Path) -> None:
    reaching.agree("klaus", "contact-1", NOW)
    reaching.propose(CANCELLED, NOW)
    reaching.outbox.approve(NOW)
    carried(reaching)
    reaching.send()

    written = (tmp_path / "rufwerk.db").read_bytes()

    assert b"klaus@example.org" not in written
    assert b"gestrichen" not in written
