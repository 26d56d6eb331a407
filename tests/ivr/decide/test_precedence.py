"""Who goes first among those who go to a person anyway."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from pydantic import ValidationError

from biometrics import SubjectId
from ivr.call import Ask, Caller, CustomerId, Event, Intent, Mood, OutOfScope, Queue, Unknown
from ivr.decide.decide import decide
from ivr.decide.dialogue import Dialogue, Filling, Offered
from ivr.decide.moment import Decision, Moment
from ivr.decide.policy import Policy
from ivr.decide.rules import Circumstances, Condition, PriorityRule

Moments = Callable[..., Moment]
NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
CARD = PriorityRule.model_validate(
    {
        "reason": "safety",
        "when": {"intents": ["refund"]},
        "priority": 95,
        "puts_through": False,
    }
)
STAKE = PriorityRule.model_validate(
    {
        "reason": "much at stake",
        "when": {"value_at_least": 1000},
        "priority": 65,
        "puts_through": False,
    }
)
BOUGHT = Event(kind="refund_due", at=NOW, facts={"amount": "2500.00 EUR"})
RICH = Caller(customer_id=CustomerId("C-9"), subject=SubjectId("s-9"), name="R", events=(BOUGHT,))


@pytest.fixture
def rules(policy: Policy) -> Policy:
    putting_through = (rule for rule in policy.priority_rules if rule.puts_through)
    return replace(policy, priority_rules=(*putting_through, STAKE, CARD))


def place(decision: Decision) -> tuple[str, int]:
    assert isinstance(decision.action, Queue)
    return decision.action.queue, decision.action.priority


def test_a_foreign_voice_gains_nothing_from_what_is_at_stake_for_the_customer(
    moment: Moments, rules: Policy
) -> None:
    wants = {"wants": "person", "caller": RICH}

    assert place(decide(moment(outcome="rejected", **wants), rules)) == ("agents", 50)
    assert place(decide(moment(was_rejected=True, outcome="inconclusive", **wants), rules)) == (
        "agents",
        50,
    )
    assert place(decide(moment(**wants), rules)) == ("agents", 65)


def test_nobody_hears_what_is_at_stake(moment: Moments, rules: Policy) -> None:
    plain = decide(moment(wants="person", outcome="inconclusive"), rules)
    rich = decide(moment(wants="person", outcome="inconclusive", caller=RICH), rules)

    assert plain.action.lines == rich.action.lines


def test_nobody_is_sent_to_a_person_by_what_only_puts_first(moment: Moments, rules: Policy) -> None:
    decision = decide(moment(wants="baggage_allowance", caller=RICH), rules)

    assert not isinstance(decision.action, Queue)


def test_what_was_not_surely_understood_puts_nobody_first(moment: Moments, rules: Policy) -> None:
    guess = Intent(name="refund", confidence=0.5)
    tired = Dialogue(failures=2)

    asked = decide(moment(meaning=guess), rules)
    assert isinstance(asked.action, Ask)
    unheard = decide(moment(meaning=OutOfScope(confidence=0.1), dialogue=tired), rules)
    assert place(unheard) == ("agents", 50)


def test_a_safety_relevant_request_goes_first_in_its_own_queue(
    moment: Moments, rules: Policy
) -> None:
    decision = decide(moment(wants="refund"), rules)

    assert place(decision) == ("bookings", 95)
    assert decision.reasons[-1] == "safety -> priority 95"


def test_whoever_asks_for_a_person_in_the_middle_of_it_goes_first_too(
    moment: Moments, rules: Policy
) -> None:
    pending = Filling(intent=Intent(name="refund", confidence=0.9), slot="flight")
    asked = Dialogue(pending=pending)

    assert place(decide(moment(wants="person", dialogue=asked), rules)) == ("agents", 95)


def test_what_was_offered_counts_once_it_is_agreed_to(moment: Moments, rules: Policy) -> None:
    offered = Dialogue(
        is_greeted=True,
        has_guessed=True,
        pending=Offered(intent=Intent(name="refund", confidence=0.6)),
    )

    assert place(decide(moment(wants="person", dialogue=offered), rules)) == ("agents", 50)
    assert place(decide(moment(wants="affirm", dialogue=offered), rules)) == ("bookings", 95)


def test_all_reasons_are_told_and_nobody_falls_back(moment: Moments, rules: Policy) -> None:
    upset = decide(moment(wants="refund", mood=Mood.UPSET, caller=RICH), rules)
    calm = decide(moment(wants="refund", caller=RICH), rules)

    assert place(upset) == ("upset", 95)
    assert upset.reasons == (
        "upset -> queue upset",
        "safety -> priority 95",
        "much at stake -> priority 65",
    )
    assert calm.reasons[1:] == ("safety -> priority 95", "much at stake -> priority 65")


def test_a_rule_may_name_another_queue(moment: Moments, policy: Policy) -> None:
    there = CARD.model_copy(update={"queue": "emergencies"})

    assert place(decide(moment(wants="refund"), replace(policy, priority_rules=(there,)))) == (
        "emergencies",
        95,
    )


def test_a_rule_that_puts_through_needs_a_queue() -> None:
    with pytest.raises(ValidationError, match="names their queue"):
        PriorityRule.model_validate({"reason": "r", "when": {"tier": "vip"}, "priority": 1})


@pytest.mark.parametrize("when", [{"intents": []}, {"value_at_least": 0}, {"speaks": "German"}])
def test_a_condition_that_cannot_be_meant_is_refused(when: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Condition.model_validate(when)


def test_a_condition_tells_what_is_missing() -> None:
    when = Condition.model_validate(
        {"age_at_least": 65, "tier": "vip", "mood": "upset", "intents": ["refund"]}
    )
    old = replace(RICH, birth_date=date(1950, 1, 1))
    of = Circumstances(caller=old, mood=Mood.UPSET, now=NOW, intent="refund")

    assert when.missed(of) == ("tier",)
    assert when.missed(replace(of, caller=Unknown(), intent="")) == (
        "tier",
        "age_at_least",
        "intents",
    )
    assert when.holds(replace(of, caller=replace(old, tier="vip")))
    assert when.is_about_the_customer
    assert not Condition.model_validate({"mood": "upset"}).is_about_the_customer
