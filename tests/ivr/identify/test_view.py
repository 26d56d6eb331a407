"""A profile as people see it."""

from datetime import UTC, datetime, timedelta

from biometrics import SubjectId
from ivr.call import Caller, CustomerId, Event
from ivr.identify.fact import EVENT, Fact, Failed, Told, Why
from ivr.identify.profile import identity_of, profile_of
from ivr.identify.rules import Rules
from ivr.identify.view import ConflictView, FactView, MissingView, ProfileView, view_of

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
AGO = NOW - timedelta(seconds=90)
KLAUS = Caller(customer_id=CustomerId("C-1"), subject=SubjectId("s-1"), name="Klaus", tier="gold")


def test_who_said_what_how_old_it_is_and_what_is_lacking() -> None:
    happened = Event(kind="refund_due", at=NOW - timedelta(days=1), facts={"flight": "BA902"})
    crm = Told(
        facts=(
            Fact(
                name="tier", value="vip", source="crm", fetched_at=AGO, fresh_until=NOW, as_of=AGO
            ),
            Fact(name=EVENT, value=happened, source="crm", fetched_at=AGO),
        )
    )
    answers = {"crm": crm, "billing": Failed(why=Why.DOWN)}
    rules = Rules(order=("crm", "directory"))
    identity = identity_of(KLAUS, answers, rules)
    assert identity is not None
    promised = {"billing": ("has_dunning_block",)}

    profile = profile_of(identity, KLAUS, answers, promised=promised, rules=rules, now=NOW)

    assert view_of(profile) == ProfileView(
        customer_id=CustomerId("C-1"),
        identified_by="directory",
        facts=(
            FactView(name="name", value="Klaus", source="directory", age_s=0, may_mention=True),
            FactView(name="tier", value="vip", source="crm", age_s=90, as_of=AGO, is_stale=True),
            FactView(
                name="event",
                value="refund_due 2026-11-25T12:00:00+00:00 flight=BA902",
                source="crm",
                age_s=90,
            ),
        ),
        conflicts=(
            ConflictView(
                fact=FactView(name="tier", value="gold", source="directory", age_s=0),
                why="later_in_order",
                kept="vip",
            ),
        ),
        missing=(MissingView(source="billing", why="down", facts=("has_dunning_block",)),),
    )


def test_nothing_personal_is_in_what_is_printed_by_accident() -> None:
    rules = Rules()
    identity = identity_of(KLAUS, {}, rules)
    assert identity is not None
    profile = profile_of(identity, KLAUS, {}, promised={}, rules=rules, now=NOW)

    shown = repr(profile) + repr(view_of(profile)) + repr(profile.settled)
    assert "Klaus" not in shown
    assert "gold" not in shown
