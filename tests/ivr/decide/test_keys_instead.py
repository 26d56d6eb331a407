"""Where nobody can listen, keys are asked for, and after too many times a person comes."""

from collections.abc import Callable
from dataclasses import replace

from ivr.call import Ask, Intent, Line, Mood, Queue, Unheard
from ivr.decide.decide import decide
from ivr.decide.dialogue import Confirming, Dialogue, Menu
from ivr.decide.failing import menu_lines
from ivr.decide.moment import Moment
from ivr.decide.policy import Policy

Moments = Callable[..., Moment]

DEAF = {"heard": Unheard.NOBODY_LISTENED, "meaning": None, "outcome": "inconclusive"}
CANNOT = Line(key="tell.keys_instead")


def test_an_open_question_becomes_a_menu_of_keys(moment: Moments, policy: Policy) -> None:
    decision = decide(moment(**DEAF), policy)

    assert decision.action == Ask(lines=(CANNOT, *menu_lines(policy)))
    assert decision.dialogue.pending == Menu(intents=policy.menu)
    assert decision.dialogue.failures == 1
    assert decision.reasons == ("no words could be recognised -> keys are asked for",)


def test_a_question_is_asked_again_with_the_keys_that_answer_it(
    moment: Moments, policy: Policy
) -> None:
    question = (Line(key="ask.confirm"),)
    pending = Confirming(intent=Intent(name="flight_status", confidence=0.9))
    dialogue = Dialogue(pending=pending, last_lines=question, question=question)

    decision = decide(moment(**DEAF, dialogue=dialogue), policy)

    assert decision.action == Ask(lines=(CANNOT, *question, Line(key="keys.yes_no")))
    assert decision.dialogue.pending == pending


def test_a_person_comes_after_as_many_times_as_for_words(moment: Moments, policy: Policy) -> None:
    failures = policy.failures_until_person - 1

    decision = decide(moment(**DEAF, dialogue=Dialogue(failures=failures)), policy)

    assert isinstance(decision.action, Queue)
    assert decision.action.queue == policy.person.queue
    assert decision.reasons[0].startswith("no words could be recognised")


def test_without_a_menu_a_person_comes_at_once(moment: Moments, policy: Policy) -> None:
    decision = decide(moment(**DEAF), replace(policy, menu=()))

    assert isinstance(decision.action, Queue)


def test_keys_that_were_typed_count_all_the_same(moment: Moments, policy: Policy) -> None:
    decision = decide(moment(**DEAF, keys="0", mood=Mood.NEUTRAL), policy)

    assert isinstance(decision.action, Queue)
    assert "recognised" not in decision.reasons[0]
