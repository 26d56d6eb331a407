"""Known trouble is told first, to whom it may be told, once."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from ivr.call import Ask, HangUp, Intent, Line, Mood, OutOfScope, Unheard, Unknown
from ivr.decide.decide import decide
from ivr.decide.dialogue import AnythingElse, Dialogue, Troubled
from ivr.decide.moment import Moment, TroubleHeard
from ivr.decide.policy import Policy

Moments = Callable[..., Moment]

GREETED = Dialogue(is_greeted=True, has_guessed=True)


@dataclass(frozen=True)
class FakeTrouble:
    incident: str = "i-1"
    lines: tuple[Line, ...] = (Line(key="trouble.flight_cancelled", facts={"flight": "LH815"}),)
    is_personal: bool = False


TOLD = FakeTrouble()
ASKED = Ask(lines=(*TOLD.lines, Line(key="ask.is_it_that")))


@pytest.mark.parametrize("outcome", ["rejected", "inconclusive", "not_enrolled"])
def test_personal_trouble_is_told_to_no_unproven_voice(
    moment: Moments, policy: Policy, outcome: str
) -> None:
    now = moment(outcome=outcome, wants="flight_status", trouble=FakeTrouble(is_personal=True))

    assert TOLD.lines[0] not in decide(now, policy).action.lines


@pytest.mark.parametrize("meaning", ["flight_status", None])
def test_whoever_may_call_about_it_is_asked(
    moment: Moments, policy: Policy, meaning: str | None
) -> None:
    means = Intent(name=meaning, confidence=0.9) if meaning else OutOfScope(confidence=0.1)
    now = moment(caller=Unknown(), meaning=means, trouble=TOLD)

    decision = decide(now, policy)

    assert decision.action == ASKED
    assert decision.trouble == TroubleHeard(incident="i-1")


def test_whoever_calls_about_something_else_hears_it_and_is_served(
    moment: Moments, policy: Policy
) -> None:
    now = moment(caller=Unknown(), wants="baggage_allowance", trouble=TOLD)

    decision = decide(now, policy)
    again = decide(moment(wants="affirm", trouble=TOLD, dialogue=decision.dialogue), policy)

    assert decision.action.lines[0] == TOLD.lines[0]
    assert decision.action.lines[1].key == "intent.baggage_allowance.answer"
    assert TOLD.lines[0] not in again.action.lines


@pytest.mark.parametrize(
    "change",
    [
        {"mood": Mood.UPSET},
        {"heard": Unheard.SILENCE, "meaning": None},
        {"meaning": Intent(name="person", confidence=0.9)},
    ],
)
def test_nobody_is_held_up_who_is_angry_silent_or_wants_a_person(
    moment: Moments, policy: Policy, change: dict[str, object]
) -> None:
    action = decide(moment(caller=Unknown(), trouble=TOLD, **change), policy).action

    assert TOLD.lines[0] not in action.lines


def test_yes_ends_most_calls(moment: Moments, policy: Policy) -> None:
    asked = decide(moment(caller=Unknown(), wants="flight_status", trouble=TOLD), policy)
    yes = decide(moment(caller=Unknown(), wants="affirm", dialogue=asked.dialogue), policy)
    heard = replace(moment().heard, text="Nein, danke")  # type: ignore[type-var]
    bye = decide(moment(caller=Unknown(), wants="deny", heard=heard, dialogue=yes.dialogue), policy)

    assert [line.key for line in yes.action.lines] == ["tell.trouble_thanks", "ask.anything_else"]
    assert yes.dialogue.pending == AnythingElse()
    assert isinstance(bye.action, HangUp)
    assert bye.trouble == TroubleHeard(incident="i-1", is_end=True)


def test_after_a_no_what_was_said_first_is_served_without_asking_again(
    moment: Moments, policy: Policy
) -> None:
    asked = decide(moment(caller=Unknown(), wants="flight_status", trouble=TOLD), policy)

    no = decide(moment(caller=Unknown(), wants="deny", dialogue=asked.dialogue), policy)

    assert no.action.lines[0].key == "intent.flight_status.answer"
    assert no.dialogue.failures == 0


def test_no_answer_is_asked_for_again(moment: Moments, policy: Policy) -> None:
    dialogue = replace(
        GREETED, pending=Troubled(incident="i-1", instead=None), last_lines=ASKED.lines
    )
    now = moment(caller=Unknown(), meaning=OutOfScope(confidence=0.1), dialogue=dialogue)

    decision = decide(now, policy)

    assert decision.action == Ask(lines=(*ASKED.lines, Line(key="keys.yes_no")))


def test_yes_to_a_trouble_of_ones_own_is_served_like_the_event_it_is(
    moment: Moments, policy: Policy
) -> None:
    mine = FakeTrouble(is_personal=True)
    asked = decide(moment(wants="flight_status", trouble=mine, dialogue=GREETED), policy)

    yes = decide(moment(wants="affirm", dialogue=asked.dialogue), policy)

    assert yes.action.lines[0] == Line(key="intent.rebook_flight.answer", facts={"flight": "LH815"})
