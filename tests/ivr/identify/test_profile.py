"""What a call needs of everything that is known."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from biometrics import SubjectId
from ivr.call import Caller, CustomerId, Event, Language
from ivr.identify.fact import DIRECTORY, Answer, Fact, Failed, Nobody, Told, Why
from ivr.identify.profile import Profile, facts_of, identity_of, profile_of
from ivr.identify.rules import Rules

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
KLAUS = Caller(
    customer_id=CustomerId("C-1"),
    subject=SubjectId("s-1"),
    name="Klaus",
    language=Language.GERMAN,
    birth_date=date(1981, 5, 14),
    tier="vip",
    is_vulnerable=True,
    events=(
        Event(kind="refund_due", at=NOW, facts={"flight": "BA902"}, may_mention=True),
        Event(kind="payment_reminder", at=NOW),
    ),
    preferences={"seat": "aisle"},
)
ERNA = Told(customer_id=CustomerId("C-2"), subject=SubjectId("s-2"))


def profile(known: Caller, **answers: Answer) -> Profile:
    identity = identity_of(known, answers, Rules())
    assert identity is not None
    return profile_of(identity, known, answers, promised={}, rules=Rules(), now=NOW)


@pytest.mark.parametrize(
    "answer", [Failed(why=Why.DOWN), Nobody(), Told(), replace(ERNA, subject=None)]
)
def test_whoever_does_not_say_whose_number_it_is_makes_nobody_known(answer: Answer) -> None:
    assert identity_of(None, {"crm": answer}, Rules()) is None


def test_the_directory_is_believed_before_any_other() -> None:
    found = identity_of(KLAUS, {"crm": ERNA}, Rules(order=("crm", DIRECTORY)))

    assert found is not None
    assert (found.customer_id, found.subject, found.source) == ("C-1", "s-1", DIRECTORY)


def test_a_customer_of_the_directory_alone_is_as_before() -> None:
    caller = profile(KLAUS).caller

    assert replace(caller, events=()) == replace(KLAUS, events=())
    assert set(map(str, caller.events)) == set(map(str, KLAUS.events))


def test_what_the_directory_leaves_at_its_default_it_does_not_say() -> None:
    bare = Caller(customer_id=CustomerId("C-1"), subject=SubjectId("s-1"), name="Klaus")

    assert [one.name for one in facts_of(bare, NOW)] == ["name"]


def test_a_fact_of_an_unknown_name_is_for_people_only() -> None:
    points = Fact(name="points", value="300", source="crm", fetched_at=NOW)

    found = profile(KLAUS, crm=Told(facts=(points,)))

    assert points.key in [one.key for one in found.settled.facts]
    assert "300" not in str(found.caller)
    assert found.caller.preferences == KLAUS.preferences
