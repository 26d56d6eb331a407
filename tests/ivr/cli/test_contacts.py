"""`ivr incidents` and `ivr contacts`, on a database of their own, without models."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from biometrics import SubjectId
from ivr.call import Caller, CustomerId, PhoneNumber
from ivr.cli import app
from ivr.errors import BadIncident, UnknownIncident
from ivr.identify.directory import Entry
from ivr.wiring import House
from ivr.wiring.reaching import reaching_from_environment

Ivr = Callable[..., Result]

OUTAGE = ("incidents", "add", "outage", "--fact", "area=Schwabing", "--id", "i-1")
KLAUS = Caller(customer_id=CustomerId("C-1"), subject=SubjectId("s-1"), name="Klaus")


@pytest.fixture
def ivr(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ivr:
    monkeypatch.setenv("IVR_HOME", str(tmp_path))
    monkeypatch.setenv("IVR_REACH__DEFAULT_CHANNEL", "webhook")
    number = PhoneNumber(e164="+4989123456")
    other = replace(KLAUS, customer_id=CustomerId("C-2"))
    House.from_environment().directory.put(
        [Entry(caller=KLAUS, numbers=(number,)), Entry(caller=other, numbers=())]
    )
    return lambda *words: CliRunner().invoke(app, list(words))


@pytest.mark.parametrize(
    "words",
    [
        ("--everybody", "--until", "soon"),
        ("--everybody", "--until", "25:00"),
        ("--match", "LH815"),
        ("--number", "089"),
        ("--attribute", "postcode="),
    ],
)
def test_what_cannot_be_read_is_refused(ivr: Ivr, words: tuple[str, ...]) -> None:
    assert ivr(*OUTAGE, *words).exit_code == 2
    assert ivr("incidents", "list").stdout == "Nothing is going on.\n"


def test_an_incident_that_concerns_nobody_or_comes_twice_is_refused(ivr: Ivr) -> None:
    assert isinstance(ivr(*OUTAGE).exception, BadIncident)
    assert ivr(*OUTAGE, "--everybody").exit_code == 0
    assert isinstance(ivr(*OUTAGE, "--everybody").exception, BadIncident)


def test_an_incident_is_added_shown_and_ended(ivr: Ivr) -> None:
    added = ivr(*OUTAGE, "--number", "+49 89", "--public", "--until", "2099-01-01T18:30")
    shown = ivr("incidents", "list").stdout

    assert added.stdout == "Added: i-1, told until 2099-01-02 18:30.\n"
    assert shown.startswith("i-1  outage  normal  public  ")
    assert shown.endswith("heard in 0 calls, 0 ended with it\n")
    assert ivr("incidents", "end", "i-1").stdout == "Ended: i-1.\n"
    assert ivr("incidents", "list").stdout == "Nothing is going on.\n"
    assert ivr("incidents", "list", "--all").stdout.startswith("i-1  ")


def test_what_was_typed_is_what_is_kept(ivr: Ivr) -> None:
    ivr(
        *("incidents", "add", "flight_cancelled", "--fact", "flight=LH815", "--id", "f"),
        *("--match", "flight=LH815", "--match", "date=2026-11-26", "--customer", "C-9"),
        *("--attribute", "postcode=803", "--attribute", "postcode=804", "--severity", "urgent"),
        *("--silent", "--starts", "2026-11-26T10:00", "--ends", "2026-11-26T10:00+00:00"),
    )

    kept = reaching_from_environment().incident("f")

    assert kept.affected.facts == {"flight": "LH815", "date": "2026-11-26"}
    assert kept.affected.attributes == {"postcode": ("803", "804")}
    assert kept.affected.customers == {"C-9"}
    assert (kept.severity.name, kept.may_mention, kept.is_public) == ("URGENT", False, False)
    assert kept.starts_at.isoformat() == "2026-11-26T09:00:00+00:00"
    assert kept.ends_at.isoformat() == "2026-11-26T10:00:00+00:00"


def test_nobody_is_proposed_who_has_not_agreed(ivr: Ivr) -> None:
    ivr(*OUTAGE, "--everybody", "--severity", "urgent")

    proposed = ivr("contacts", "propose", "i-1").stdout

    assert proposed.startswith("Proposed: 0.\nNot proposed, no_consent: 2.\nde: Guten Tag")
    assert ivr("contacts", "list").stdout == "There are no contacts.\n"
    assert isinstance(ivr("contacts", "propose", "i-2").exception, UnknownIncident)


def test_what_is_proposed_waits_for_a_person(ivr: Ivr) -> None:
    ivr(*OUTAGE, "--everybody", "--severity", "urgent")
    assert ivr("contacts", "agree", "C-1", "--text", "contact-1").stdout == "Agreed: contact-1.\n"

    assert ivr("contacts", "propose", "i-1").stdout.startswith("Proposed: 1.\n")
    assert ivr("contacts", "send").stdout == "Sent: 0. Waiting: 0. Failed: 0.\n"
    assert ivr("contacts", "list").stdout.startswith("i-1  C-1  webhook  proposed  from ")
    sent = ivr("contacts", "send", "--approve", "--incident", "i-1").stdout

    assert sent.startswith("Approved: 1.\nSent: 0. Waiting: 0. Failed: 0.\nWaiting, for nothing")
    assert ivr("contacts", "list", "--incident", "i-1").stdout.startswith(
        "i-1  C-1  webhook  approved  from "
    )


def test_an_event_proposes_contacts_in_one_step(ivr: Ivr) -> None:
    ivr("contacts", "agree", "C-2", "--text", "contact-1")

    added = ivr(*OUTAGE, "--everybody", "--severity", "urgent", "--propose").stdout

    assert added.endswith("Proposed: 1. Not proposed: 1.\n")


def test_a_customer_who_stops_is_left_alone(ivr: Ivr) -> None:
    ivr(*OUTAGE, "--everybody", "--severity", "urgent")
    ivr("contacts", "agree", "C-1", "--text", "contact-1")
    ivr("contacts", "propose", "i-1")

    assert ivr("contacts", "stop", "C-1").stdout == "Stopped. Contacts called off: 1.\n"
    assert ivr("contacts", "list").stdout.endswith("stopped\n")
    assert "Not proposed, stopped: 1." in ivr("contacts", "propose", "i-1").stdout
    told = ivr("contacts", "show", "C-1").stdout.splitlines()
    assert [line.split("  ", 1)[1] for line in told[:2]] == [
        "agreed to contact-1",
        "wants no contact",
    ]
    assert told[2].startswith("i-1  C-1  webhook  stopped  at ")
    assert ivr("contacts", "show", "C-2").stdout == ""


def test_approving_about_an_incident_is_said_with_approve(ivr: Ivr) -> None:
    assert ivr("contacts", "send", "--incident", "i-1").exit_code == 2
