"""How satisfied callers are, asked by one key at the end."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from ivr.call import Ask, HangUp, Intent, Line, Mood, OutOfScope, Queue, Unheard
from ivr.decide.decide import decide
from ivr.decide.dialogue import AnythingElse, Dialogue, Rating
from ivr.decide.moment import Moment
from ivr.decide.policy import Policy

Moments = Callable[..., Moment]

SERVED = Dialogue(
    is_greeted=True,
    has_guessed=True,
    answered=frozenset({"baggage_allowance"}),
    pending=AnythingElse(),
    last_lines=(Line(key="ask.anything_else"),),
)
ASKED = replace(SERVED, pending=Rating(), last_lines=(Line(key="ask.rating"),))
GOODBYE = Intent(name="goodbye", confidence=0.95)


@pytest.fixture
def everybody(policy: Policy) -> Policy:
    return replace(policy, rating_share=1.0)


def typed(moment: Moments, keys: str) -> Moment:
    return moment(keys=keys, heard=Unheard.SILENCE, meaning=None, dialogue=ASKED)


def keys_of(action: object) -> list[str]:
    assert isinstance(action, Ask | HangUp)
    return [line.key for line in action.lines]


def test_nobody_is_asked_unless_it_is_switched_on(moment: Moments, policy: Policy) -> None:
    action = decide(moment(meaning=GOODBYE, dialogue=SERVED), policy).action

    assert keys_of(action) == ["tell.goodbye"]


def test_who_is_upset_or_was_not_served_is_not_asked(moment: Moments, everybody: Policy) -> None:
    lost = moment(meaning=GOODBYE, dialogue=replace(SERVED, answered=frozenset()))
    slow = moment(meaning=GOODBYE, dialogue=SERVED, mood=Mood.NEEDS_HELP)

    assert keys_of(decide(lost, everybody).action) == ["tell.goodbye"]
    assert keys_of(decide(slow, everybody).action) == ["tell.goodbye"]


def test_who_was_served_is_asked_before_the_call_ends(moment: Moments, everybody: Policy) -> None:
    decision = decide(moment(meaning=GOODBYE, dialogue=SERVED), everybody)

    assert keys_of(decision.action) == ["ask.rating"]
    assert decision.dialogue.pending == Rating()
    assert not decision.dialogue.is_over


def test_the_share_is_drawn_by_the_call(moment: Moments, policy: Policy) -> None:
    third = replace(policy, rating_share=0.3)
    ends = [
        decide(moment(meaning=GOODBYE, dialogue=SERVED, nonce=f"{call:04x}"), third).action
        for call in range(400)
    ]

    asked = sum(isinstance(action, Ask) for action in ends)

    assert 80 < asked < 160


@pytest.mark.parametrize("key", ["1", "5", "3#"])
def test_one_key_rates_the_call_and_ends_it(moment: Moments, everybody: Policy, key: str) -> None:
    decision = decide(typed(moment, key), everybody)

    assert decision.rating == int(key[0])
    assert keys_of(decision.action) == ["tell.rating_thanks", "tell.goodbye"]


@pytest.mark.parametrize("keys", ["6", "9", "12", "*"])
def test_other_keys_rate_nothing(moment: Moments, everybody: Policy, keys: str) -> None:
    assert decide(typed(moment, keys), everybody).rating is None


def test_zero_is_a_person_here_too(moment: Moments, everybody: Policy) -> None:
    assert isinstance(decide(typed(moment, "0"), everybody).action, Queue)


@pytest.mark.parametrize(
    "changes",
    [
        {"heard": Unheard.SILENCE, "meaning": None},
        {"meaning": GOODBYE},
        {"meaning": Intent(name="deny", confidence=0.95)},
        {"meaning": OutOfScope(confidence=0.2)},
    ],
)
def test_whoever_does_not_rate_is_let_go(
    moment: Moments, everybody: Policy, changes: dict[str, object]
) -> None:
    decision = decide(moment(dialogue=ASKED, **changes), everybody)

    assert keys_of(decision.action) == ["tell.goodbye"]
    assert decision.rating is None


def test_whoever_wants_something_after_all_is_served(moment: Moments, everybody: Policy) -> None:
    wish = Intent(name="baggage_allowance", confidence=0.95)

    decision = decide(moment(dialogue=ASKED, meaning=wish), everybody)

    assert not isinstance(decision.action, HangUp)
    assert "baggage_allowance" in " ".join(decision.reasons)
