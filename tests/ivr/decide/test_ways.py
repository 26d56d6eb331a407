"""How callers get about: waiting, going back, taking back, being helped, starting over."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from ivr.call import Ask, Assurance, HangUp, Intent, Line, OutOfScope, Queue, Unheard, Unsure
from ivr.decide.decide import decide
from ivr.decide.dialogue import AnythingElse, Confirming, Dialogue, Filling, Offered, Picking
from ivr.decide.moment import Moment
from ivr.decide.policy import Policy
from ivr.errand import Errand, Option, Task

Moments = Callable[..., Moment]

ASKED = (Line(key="ask.slot.flight"),)
CANCEL = Intent(name="cancel_flight", confidence=0.9)
FORM = Dialogue(
    is_greeted=True,
    has_guessed=True,
    pending=Filling(intent=CANCEL, slot="flight"),
    last_lines=ASKED,
    question=ASKED,
    was_proven=True,
    was_asked_of_proven=True,
)
OPTIONS = (
    Option(slots={"flight": "LH453"}, facts={}),
    Option(slots={"flight": "LH457"}, facts={}),
)


@pytest.fixture
def airline(policy: Policy) -> Policy:
    tasks = {
        "cancel_flight": Task(needs=("flight",), is_confirmed=True, can_be_undone=True),
        "rebook_flight": Task(has_options=True, is_confirmed=True),
    }
    return replace(policy, tasks=tasks)


def test_whoever_looks_something_up_is_waited_for(moment: Moments, airline: Policy) -> None:
    decision = decide(moment(wants="wait", dialogue=FORM), airline)

    assert decision.action == Ask(lines=(Line(key="tell.take_your_time"),))
    assert (decision.dialogue.pending, decision.dialogue.failures) == (FORM.pending, 0)
    assert decision.dialogue.question == ASKED


def test_whoever_asks_is_told_that_it_is_a_machine(moment: Moments, airline: Policy) -> None:
    decision = decide(moment(wants="who_are_you", dialogue=FORM), airline)

    assert decision.action == Ask(
        lines=(Line(key="notice.machine"), Line(key="notice.voice"), *ASKED)
    )
    assert decision.dialogue.pending == FORM.pending


def test_help_keeps_the_question_and_is_no_failure(moment: Moments, airline: Policy) -> None:
    decision = decide(moment(wants="help", dialogue=FORM), airline)

    assert decision.action == Ask(lines=(Line(key="help.what_i_can"), *ASKED))
    assert (decision.dialogue.pending, decision.dialogue.failures) == (FORM.pending, 0)


def test_who_has_answered_was_understood(moment: Moments, airline: Policy) -> None:
    failed = replace(FORM, failures=2)

    told = decide(moment(read={"flight": "LH815"}, dialogue=failed), airline)

    assert told.dialogue.failures == 1
    assert isinstance(told.dialogue.pending, Confirming)


def test_what_was_begun_is_gone_on_with(moment: Moments, airline: Policy) -> None:
    begun = Intent(name="cancel_flight", confidence=0.9, slots={"date": "2026-03-12"})
    dialogue = replace(FORM, pending=Filling(intent=begun, slot="flight"))
    other = Intent(name="baggage_allowance", confidence=0.95)

    decision = decide(moment(meaning=other, dialogue=dialogue), airline)

    assert [line.key for line in decision.action.lines] == [
        "intent.baggage_allowance.answer",
        "tell.next_wish",
        "ask.slot.flight",
    ]
    assert decision.dialogue.pending == Filling(intent=begun, slot="flight")


def test_back_never_goes_forward(moment: Moments, airline: Policy) -> None:
    dialogue, asked = FORM, []
    for _ in range(3):
        decision = decide(moment(wants="back", dialogue=dialogue), airline)
        dialogue = decision.dialogue
        asked.append((dialogue.pending, decision.action.lines[0].key))

    assert asked == [(None, "ask.request")] * 3


def done(**slots: str) -> Errand:
    return Errand(
        intent="cancel_flight", slots=slots, customer_id=None, assurance=Assurance.VOICE, key="k"
    )


def test_i_did_not_want_that_offers_to_undo_it(moment: Moments, airline: Policy) -> None:
    heard = replace(moment().heard, text="Nein, den wollte ich doch gar nicht.")  # type: ignore[type-var]
    dialogue = replace(FORM, pending=AnythingElse(), done=(done(flight="LH815"),))

    asked = decide(moment(wants="deny", heard=heard, dialogue=dialogue), airline)
    agreed = decide(moment(wants="affirm", dialogue=asked.dialogue), airline)

    assert asked.action.lines[0].facts == {"want_key": "intent.undo.want"}
    assert asked.dialogue.failures == 0
    assert agreed.errand is not None
    assert agreed.errand.step == "undo"


def test_what_was_just_said_need_not_be_said_again(moment: Moments, airline: Policy) -> None:
    dialogue = replace(FORM, pending=AnythingElse(), done=(done(flight="LH815"),))

    decision = decide(moment(wants="cancel_flight", dialogue=dialogue), airline)

    assert isinstance(decision.dialogue.pending, Confirming)
    assert decision.dialogue.pending.intent.slots == {"flight": "LH815"}


def test_another_option_may_be_chosen_when_one_is_read_back(
    moment: Moments, airline: Policy
) -> None:
    rebook = Intent(name="rebook_flight", confidence=0.9)
    picking = replace(FORM, pending=Picking(intent=rebook, options=OPTIONS))
    first = replace(moment().heard, text="die erste")  # type: ignore[type-var]
    second = replace(moment().heard, text="nein, die zweite")  # type: ignore[type-var]
    none = OutOfScope(confidence=0.1)

    read_back = decide(moment(meaning=none, heard=first, dialogue=picking), airline)
    other = decide(moment(wants="deny", heard=second, dialogue=read_back.dialogue), airline)
    bare = decide(moment(wants="deny", dialogue=read_back.dialogue), airline)

    assert read_back.action.lines[0].facts == {"flight": "LH453"}
    assert other.action.lines[0].facts == {"flight": "LH457"}
    assert bare.action == Ask(lines=(Line(key="ask.which_option"),))
    assert bare.dialogue.failures == 0


def test_no_to_a_wish_that_was_misheard_asks_the_question_before_it(
    moment: Moments, airline: Policy
) -> None:
    half = Intent(name="goodbye", confidence=0.6)

    misheard = decide(moment(meaning=half, dialogue=FORM), airline)
    denied = decide(moment(wants="deny", dialogue=misheard.dialogue), airline)

    assert isinstance(misheard.dialogue.pending, Offered)
    assert denied.action == Ask(lines=ASKED)
    assert (denied.dialogue.pending, denied.dialogue.failures) == (FORM.pending, 0)


def test_two_wishes_that_every_business_knows_are_not_asked_about(
    moment: Moments, airline: Policy
) -> None:
    meaning = Unsure(
        first=Intent(name="slower", confidence=0.45), second=Intent(name="repeat", confidence=0.4)
    )

    decision = decide(moment(meaning=meaning, dialogue=FORM), airline)

    assert decision.dialogue.is_slow
    assert decision.dialogue.failures == 0


def test_silence_when_nothing_is_open_ends_the_call(moment: Moments, airline: Policy) -> None:
    silence = {"heard": Unheard.SILENCE, "meaning": None}
    dialogue = replace(FORM, pending=AnythingElse(), question=(Line(key="ask.anything_else"),))

    first = decide(moment(dialogue=dialogue, **silence), airline)
    second = decide(moment(dialogue=first.dialogue, **silence), airline)

    assert isinstance(first.action, Ask)
    assert isinstance(second.action, HangUp)


def test_whoever_refuses_the_pin_reaches_a_person(moment: Moments, policy: Policy) -> None:
    asked = decide(
        moment(wants="loyalty_miles", has_pin=True, dialogue=replace(FORM, pending=None)), policy
    )

    refused = decide(moment(wants="deny", has_pin=True, dialogue=asked.dialogue), policy)

    assert isinstance(refused.action, Queue)
    assert refused.action.lines == (Line(key="tell.needs_second_factor"),)
