"""Keys, wishes that every business knows, step-up by PIN, and callers who need help."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from ivr.call import (
    Ask,
    HangUp,
    Intent,
    Line,
    Mood,
    OutOfScope,
    Pinned,
    Queue,
    Unheard,
)
from ivr.decide.decide import decide
from ivr.decide.dialogue import (
    AnythingElse,
    Choosing,
    Dialogue,
    Menu,
    Offered,
    Typing,
)
from ivr.decide.failing import menu_lines
from ivr.decide.moment import GuessHeard, Moment
from ivr.decide.policy import Policy

Moments = Callable[..., Moment]

GREETED = Dialogue(is_greeted=True, has_guessed=True, last_lines=(Line(key="ask.request"),))
CHECK_IN = Intent(name="check_in", confidence=0.4)
ASKED = replace(GREETED, pending=Offered(intent=CHECK_IN), last_lines=(Line(key="ask.confirm"),))


def typed(moment: Moments, keys: str, dialogue: Dialogue = GREETED, **changes: object) -> Moment:
    return moment(keys=keys, heard=Unheard.SILENCE, meaning=None, dialogue=dialogue, **changes)


def test_zero_is_a_person_whatever_was_asked(moment: Moments, policy: Policy) -> None:
    for dialogue in (GREETED, ASKED):
        action = decide(typed(moment, "0", dialogue), policy).action

        assert isinstance(action, Queue)


def test_one_is_yes_and_two_is_no(moment: Moments, policy: Policy) -> None:
    yes = decide(typed(moment, "1", ASKED), policy)
    no = decide(typed(moment, "2", ASKED), policy)

    assert yes.action.lines[0] == Line(key="intent.check_in.answer")
    assert no.action == Ask(lines=(Line(key="ask.request"),))


def test_keys_that_stand_for_nothing_do_nothing(moment: Moments, policy: Policy) -> None:
    decision = decide(typed(moment, "7"), policy)

    assert decision.action == Ask(lines=(Line(key="keys.unknown"),))
    assert decision.dialogue.failures == 1


def test_star_says_it_again(moment: Moments, policy: Policy) -> None:
    assert decide(typed(moment, "*", ASKED), policy).action == Ask(lines=ASKED.last_lines)


def test_one_of_two_is_chosen_by_key(moment: Moments, policy: Policy) -> None:
    two = Choosing(first=CHECK_IN, second=Intent(name="baggage_allowance", confidence=0.3))

    decision = decide(typed(moment, "2", replace(GREETED, pending=two)), policy)

    assert decision.action.lines[0] == Line(key="intent.baggage_allowance.answer")


def test_hash_names_the_keys_of_the_most_wanted(moment: Moments, policy: Policy) -> None:
    decision = decide(typed(moment, "#"), policy)
    chosen = decide(typed(moment, "4", decision.dialogue), policy)

    assert decision.action == Ask(lines=menu_lines(policy))
    assert decision.dialogue.pending == Menu(intents=policy.menu)
    assert chosen.action.lines[0] == Line(key="intent.check_in.answer")


def test_whoever_rather_types_hears_the_keys_of_the_question(
    moment: Moments, policy: Policy
) -> None:
    decision = decide(moment(wants="by_keys", dialogue=ASKED), policy)

    assert decision.action == Ask(lines=(*ASKED.last_lines, Line(key="keys.yes_no")))
    assert decision.wording == 1


def test_two_ends_a_call_that_has_no_more_questions(moment: Moments, policy: Policy) -> None:
    decision = decide(typed(moment, "2", replace(GREETED, pending=AnythingElse())), policy)

    assert decision.action == HangUp(lines=(Line(key="tell.goodbye"),))


@pytest.mark.parametrize("how", ["said", "typed"])
def test_without_voice_a_person_makes_sure_and_the_voice_is_forgotten(
    moment: Moments, policy: Policy, how: str
) -> None:
    first = Dialogue()  # and is not greeted by the name that the voice gave away
    now = typed(moment, "9", first) if how == "typed" else moment(wants="no_voice", dialogue=first)

    decision = decide(now, policy)

    assert isinstance(decision.action, Queue)
    assert decision.action.lines == (Line(key="tell.opted_out"),)
    assert decision.dialogue.refuses_voice


def test_slower_is_slower_for_the_rest_of_the_call(moment: Moments, policy: Policy) -> None:
    decision = decide(moment(wants="slower", dialogue=ASKED), policy)
    after = decide(moment(wants="affirm", dialogue=decision.dialogue), policy)

    assert decision.action == Ask(lines=ASKED.last_lines)
    assert decision.dialogue.pending == ASKED.pending
    assert after.dialogue.is_slow


def test_something_else_drops_the_question_and_is_no_failure(
    moment: Moments, policy: Policy
) -> None:
    decision = decide(moment(wants="something_else", dialogue=ASKED), policy)

    assert decision.action == Ask(lines=(Line(key="ask.what_then"),))
    assert decision.dialogue.pending is None
    assert decision.dialogue.failures == 0


def test_a_half_understood_wish_is_none(moment: Moments, policy: Policy) -> None:
    unsure = Intent(name="no_voice", confidence=0.3)

    assert not decide(moment(meaning=unsure, dialogue=GREETED), policy).dialogue.refuses_voice


def test_whoever_is_lost_again_and_again_reaches_a_person(moment: Moments, policy: Policy) -> None:
    dialogue, actions = GREETED, []
    for _ in range(3):
        now = moment(mood=Mood.NEEDS_HELP, meaning=OutOfScope(confidence=0.1), dialogue=dialogue)
        decision = decide(replace(now, dialogue=replace(dialogue, failures=0)), policy)
        dialogue = decision.dialogue
        actions.append(decision.action)

    assert [isinstance(action, Queue) for action in actions] == [False, False, True]
    assert isinstance(actions[2], Queue)
    assert actions[2].queue == "care"
    assert dialogue.is_slow


def test_needing_help_changes_no_fact(moment: Moments, policy: Policy) -> None:
    calm = decide(moment(wants="baggage_allowance", dialogue=GREETED), policy)
    lost = decide(moment(wants="baggage_allowance", mood=Mood.NEEDS_HELP, dialogue=GREETED), policy)

    assert calm.action == lost.action


def test_without_a_right_pin_nothing_risky_is_done(moment: Moments, policy: Policy) -> None:
    asked = decide(moment(wants="loyalty_miles", has_pin=True, dialogue=GREETED), policy)
    wrong = decide(
        typed(moment, "1111#", asked.dialogue, has_pin=True, pinned=Pinned.WRONG), policy
    )
    twice = decide(
        typed(moment, "2222#", wrong.dialogue, has_pin=True, pinned=Pinned.WRONG), policy
    )

    assert asked.action == Ask(lines=(Line(key="ask.pin"),))
    assert isinstance(asked.dialogue.pending, Typing)
    assert wrong.action == Ask(lines=(Line(key="ask.pin_again"),))
    assert isinstance(twice.action, Queue)


@pytest.mark.parametrize("pinned", [Pinned.LOCKED, Pinned.UNAVAILABLE, Pinned.NOT_ALLOWED])
def test_a_pin_that_cannot_be_tried_needs_a_person(
    moment: Moments, policy: Policy, pinned: Pinned
) -> None:
    asked = decide(moment(wants="loyalty_miles", has_pin=True, dialogue=GREETED), policy)

    decision = decide(typed(moment, "2580#", asked.dialogue, has_pin=True, pinned=pinned), policy)

    assert isinstance(decision.action, Queue)
    assert decision.action.lines == (Line(key="tell.needs_second_factor"),)


def test_the_right_pin_opens_what_needs_it(moment: Moments, policy: Policy) -> None:
    asked = decide(moment(wants="loyalty_miles", has_pin=True, dialogue=GREETED), policy)

    decision = decide(
        typed(
            moment,
            "2580#",
            asked.dialogue,
            has_pin=True,
            pinned=Pinned.PASSED,
            has_second_factor=True,
        ),
        policy,
    )

    assert decision.action.lines[0] == Line(key="intent.loyalty_miles.answer")


def test_the_right_pin_opens_nothing_to_another_voice(moment: Moments, policy: Policy) -> None:
    asked = decide(moment(wants="loyalty_miles", has_pin=True, dialogue=GREETED), policy)

    decision = decide(
        typed(
            moment,
            "2580#",
            asked.dialogue,
            outcome="rejected",
            has_pin=True,
            pinned=Pinned.NOT_ALLOWED,
        ),
        policy,
    )

    assert isinstance(decision.action, Queue)


def test_digits_are_no_way_around_a_pin(moment: Moments, policy: Policy) -> None:
    """Whoever has the voice can repeat digits; a caller who has a PIN is asked for it."""
    assert "second_factor" in policy.repeat_digits_for
    asked = decide(moment(wants="loyalty_miles", has_pin=True, dialogue=GREETED), policy)
    wrong = decide(typed(moment, "1#", asked.dialogue, has_pin=True, pinned=Pinned.LOCKED), policy)

    assert all(line.key != "ask.digits" for line in (*asked.action.lines, *wrong.action.lines))


@pytest.mark.parametrize(
    ("wants", "is_right"),
    [("affirm", True), ("rebook_flight", True), ("deny", False), ("baggage_lost", False)],
)
def test_what_becomes_of_a_guess_is_noted(
    moment: Moments, policy: Policy, wants: str, is_right: bool
) -> None:
    guessed = decide(moment(), policy)

    decision = decide(moment(wants=wants, dialogue=guessed.dialogue), policy)

    assert decision.guess == GuessHeard(kind="flight_cancelled", is_right=is_right)


def test_asking_to_hear_a_guess_again_says_nothing_about_it(
    moment: Moments, policy: Policy
) -> None:
    guessed = decide(moment(), policy)

    assert decide(moment(wants="repeat", dialogue=guessed.dialogue), policy).guess is None


def test_a_wrong_guess_costs_one_sentence_and_is_no_failure(
    moment: Moments, policy: Policy
) -> None:
    guessed = decide(moment(), policy)

    denied = decide(moment(wants="deny", dialogue=guessed.dialogue), policy)
    meant = decide(moment(wants="baggage_allowance", dialogue=denied.dialogue), policy)

    assert denied.action == Ask(lines=(Line(key="ask.request"),))
    assert denied.dialogue.failures == 0
    assert meant.action.lines[0] == Line(key="intent.baggage_allowance.answer")


def test_each_question_counts_its_own_silences(moment: Moments, policy: Policy) -> None:
    silence = {"heard": Unheard.SILENCE, "meaning": None}
    first = decide(moment(dialogue=GREETED, **silence), policy)
    second = decide(moment(dialogue=first.dialogue, **silence), policy)

    assert (first.wording, second.wording) == (0, 1)
    assert second.dialogue.failures == 2

    asked = decide(moment(meaning=CHECK_IN, dialogue=second.dialogue), policy)

    assert (asked.dialogue.unheard, asked.dialogue.failures) == (0, 2)
