"""Digits to repeat: when they are asked for, and what is made of the answer."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from biometrics import Outcome, Sign, Verdict
from ivr.call import Action, Intent, Line, Mood, OutOfScope, Queue, Repeated, Unheard
from ivr.decide.decide import decide
from ivr.decide.dialogue import Dialogue, Repeating
from ivr.decide.moment import Decision, Moment
from ivr.decide.policy import Policy

Moments = Callable[..., Moment]

SECOND_FACTOR, VOICE_ALONE = "loyalty_miles", "check_in"
NOT_PASSED = [each for each in Repeated if each is not Repeated.PASSED]
DIGITS_HEARD = OutOfScope(confidence=0.1)
ADVICE = Sign(name="synthetic", risk=0.9, is_spoof=True, may_gate=False, reason="Smooth.")


def keys(action: Action) -> list[str]:
    return [line.key for line in action.lines if line.key != "greet.personal"]


@pytest.fixture
def asked(moment: Moments, policy: Policy) -> Decision:
    """Klaus, accepted by voice, wants something that needs a second factor."""
    return decide(moment(wants=SECOND_FACTOR), policy)


@pytest.fixture
def next_turn(moment: Moments, policy: Policy) -> Callable[..., Decision]:
    def after(before: Decision, repeated: Repeated | None, **changes: object) -> Decision:
        usual = {"meaning": DIGITS_HEARD, "dialogue": before.dialogue, "repeated": repeated}
        return decide(moment(**{**usual, **changes}), policy)

    return after


Next = Callable[..., Decision]


@pytest.mark.parametrize("outcome", [each for each in Outcome if each is not Outcome.ACCEPTED])
def test_nobody_repeats_digits_whose_voice_is_not_accepted(
    moment: Moments, policy: Policy, outcome: Outcome
) -> None:
    action = decide(moment(wants=SECOND_FACTOR, outcome=outcome), policy).action

    assert "ask.digits" not in keys(action)
    assert not isinstance(action, Queue) or action.queue == "agents"


@pytest.mark.parametrize("repeated", NOT_PASSED)
def test_after_two_tries_a_person_makes_sure(
    asked: Decision, next_turn: Next, repeated: Repeated
) -> None:
    again = next_turn(asked, repeated)
    last = next_turn(again, repeated)

    assert keys(asked.action) == ["ask.digits"]
    assert keys(again.action) == ["ask.digits_again"]
    assert keys(last.action) == ["tell.needs_second_factor"]
    assert isinstance(last.action, Queue)
    assert repeated.value in last.reasons[0]


def test_repeated_digits_serve_what_was_wanted(asked: Decision, next_turn: Next) -> None:
    served = next_turn(asked, Repeated.PASSED)

    assert keys(served.action)[0] == f"intent.{SECOND_FACTOR}.answer"


def test_repeated_digits_are_good_for_the_whole_call(asked: Decision, next_turn: Next) -> None:
    served = next_turn(asked, Repeated.PASSED)
    later = next_turn(served, None, meaning=Intent(name="nobody_described_it", confidence=0.9))

    assert keys(later.action) == ["tell.queue"]
    assert "second factor" not in later.reasons[0]


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.SPOOF_SUSPECTED])
def test_who_takes_the_phone_later_has_repeated_nothing(
    asked: Decision, next_turn: Next, outcome: Outcome
) -> None:
    wish = Intent(name="baggage_allowance", confidence=0.9)
    served = next_turn(asked, Repeated.PASSED)
    another = next_turn(served, None, meaning=wish, verdict=Verdict(outcome=outcome))

    assert served.dialogue.has_repeated
    assert not another.dialogue.has_repeated


def test_digits_in_a_voice_that_is_not_proven_do_not_serve(
    asked: Decision, next_turn: Next
) -> None:
    leaning = Verdict(outcome=Outcome.INCONCLUSIVE)

    first = next_turn(asked, Repeated.PASSED, verdict=leaning)
    then = next_turn(first, None)

    assert keys(first.action) == ["ask.more_speech"]
    assert keys(then.action)[0] == f"intent.{SECOND_FACTOR}.answer"


def test_a_rejected_voice_is_not_asked_again(asked: Decision, next_turn: Next) -> None:
    rejected = Verdict(outcome=Outcome.REJECTED)

    action = next_turn(asked, Repeated.VOICE_DOES_NOT_FIT, verdict=rejected).action

    assert keys(action) == ["tell.not_proven"]


@pytest.mark.parametrize("heard", [Unheard.SILENCE, Unheard.NOISE])
def test_silence_is_a_try(asked: Decision, next_turn: Next, heard: Unheard) -> None:
    again = next_turn(asked, Repeated.NO_DIGITS, heard=heard, meaning=None)

    assert keys(again.action) == ["ask.digits_again"]


@pytest.mark.parametrize("name", ["repeat", "affirm", "hello"])
def test_who_asks_to_hear_the_digits_again_gets_others_once(
    asked: Decision, next_turn: Next, name: str
) -> None:
    again = next_turn(asked, Repeated.NO_DIGITS, meaning=Intent(name=name, confidence=0.9))

    assert keys(again.action) == ["ask.digits_again"]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("person", "tell.queue"),
        ("baggage_allowance", "intent.baggage_allowance.answer"),
        ("deny", "ask.request"),
        ("help", "help.what_i_can"),
    ],
)
def test_a_caller_may_want_something_else_instead(
    asked: Decision, next_turn: Next, name: str, key: str
) -> None:
    decision = next_turn(asked, Repeated.NO_DIGITS, meaning=Intent(name=name, confidence=0.9))

    assert keys(decision.action)[0] == key


def test_digits_count_even_if_they_were_poorly_heard(
    asked: Decision, next_turn: Next, moment: Moments
) -> None:
    poorly = replace(moment().heard, confidence=0.1)  # type: ignore[type-var]

    served = next_turn(asked, Repeated.PASSED, heard=poorly, mood=Mood.UPSET)

    assert keys(served.action)[0] == f"intent.{SECOND_FACTOR}.answer"


def test_signs_of_a_recording_ask_for_digits_where_the_policy_says_so(
    moment: Moments, policy: Policy
) -> None:
    advised = Verdict(outcome=Outcome.ACCEPTED, signs=(ADVICE,))
    careful = replace(policy, repeat_digits_for=frozenset({"signs"}))

    careless = decide(moment(wants=VOICE_ALONE, verdict=advised), policy)
    asked = decide(moment(wants=VOICE_ALONE, verdict=advised), careful)
    open_business = decide(moment(wants="baggage_allowance", verdict=advised), careful)

    assert keys(careless.action)[0] == f"intent.{VOICE_ALONE}.answer"
    assert keys(asked.action) == ["ask.digits"]
    assert asked.dialogue.pending == Repeating(intent=Intent(name=VOICE_ALONE, confidence=0.9))
    assert keys(open_business.action)[0] == "intent.baggage_allowance.answer"


def test_nothing_personal_is_offered_to_a_voice_with_signs(moment: Moments, policy: Policy) -> None:
    advised = Verdict(outcome=Outcome.ACCEPTED, signs=(ADVICE,))
    careful = replace(policy, repeat_digits_for=frozenset({"signs"}))

    assert keys(decide(moment(verdict=advised), policy).action) == ["offer.flight_cancelled"]
    assert keys(decide(moment(verdict=advised), careful).action) == ["ask.digits"]


def test_signs_are_not_forgotten_in_the_next_turn(moment: Moments, policy: Policy) -> None:
    careful = replace(policy, repeat_digits_for=frozenset({"signs"}))
    advised = Verdict(outcome=Outcome.ACCEPTED, signs=(ADVICE,))
    first = decide(moment(wants="hello", verdict=advised), careful)

    later = decide(moment(wants=VOICE_ALONE, dialogue=first.dialogue), careful)

    assert keys(later.action) == ["ask.digits"]


def test_what_was_asked_for_holds_no_digits(asked: Decision) -> None:
    assert Line(key="ask.digits") in asked.action.lines
    assert Dialogue(pending=asked.dialogue.pending).last_lines == ()
    assert all(not line.facts for line in asked.dialogue.last_lines)
