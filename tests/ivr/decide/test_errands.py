"""From a request to what the business system did: slots, reading back, options, outcomes."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from ivr.call import (
    Ask,
    Assurance,
    Intent,
    Line,
    OutOfScope,
    Queue,
    Say,
    Several,
    SlotProblem,
    Unknown,
)
from ivr.decide.decide import decide, told
from ivr.decide.dialogue import (
    AnythingElse,
    Confirming,
    Dialogue,
    Filling,
    Picking,
    Proving,
    Question,
    expected,
)
from ivr.decide.moment import Decision, Moment
from ivr.decide.policy import Need, Policy, read_policy
from ivr.errand import Choices, Declined, Done, Errand, Option, Served, Step, Task, Unavailable

Moments = Callable[..., Moment]

ASSURANCES = {
    "block_card": Assurance.CALLER_ID,
    "order_statement": Assurance.VOICE,
    "appointment": Assurance.OPEN,
    "account_balance": Assurance.VOICE,
}
TASKS = {
    "block_card": Task(needs=("card_last4",), is_confirmed=True, can_be_undone=True),
    "order_statement": Task(),
    "appointment": Task(has_options=True),
}
GREETED = Dialogue(is_greeted=True, last_lines=(Line(key="ask.request"),))
MONDAY = Option(slots={"date": "2026-03-16"}, facts={"time": "10:00"})
TUESDAY = Option(slots={"date": "2026-03-17"}, facts={"time": "11:30"})


@pytest.fixture
def policy() -> Policy:
    """A bank whose back end does some of what it is asked for."""
    common = ("affirm", "deny", "person", "goodbye")
    needs = {name: Need(assurance=Assurance.OPEN, may_suggest=False) for name in common}
    for line in read_policy_requests():
        needs[line] = Need(assurance=ASSURANCES.get(line, Assurance.OPEN), may_suggest=True)
    return read_policy(
        None,
        business="bank",
        needs=needs,
        tasks=TASKS,
        declines={"block_card": frozenset({"no_such_card_last4", "already_blocked"})},
    )


def read_policy_requests() -> list[str]:
    return [
        *("replace_card", "block_card", "unblock_card", "order_statement", "tell_iban"),
        *("account_balance", "transfer_money", "loan_enquiry", "dispute_charge", "appointment"),
        *("complaint", "change_address"),
    ]


def asks_to_block(**slots: str) -> Intent:
    return Intent(name="block_card", confidence=0.9, slots=slots)


def served(moment: Moment, policy: Policy, outcome: Served) -> Decision:
    decision = decide(moment, policy)
    assert decision.errand is not None
    return told(moment, policy, decision, outcome)


@pytest.mark.parametrize("outcome", ["rejected", "spoof_suspected"])
def test_a_foreign_voice_moves_nothing(moment: Moments, policy: Policy, outcome: str) -> None:
    decision = decide(moment(outcome=outcome, meaning=asks_to_block(card_last4="4417")), policy)

    assert decision.errand is None
    assert isinstance(decision.action, Queue)


def test_a_stranger_moves_nothing(moment: Moments, policy: Policy) -> None:
    now = moment(caller=Unknown(), outcome="not_enrolled", meaning=asks_to_block(card_last4="1"))

    assert decide(now, policy).errand is None


def test_without_the_voice_nothing_private_is_done(moment: Moments, policy: Policy) -> None:
    decision = decide(moment(outcome="inconclusive", wants="order_statement"), policy)

    assert decision.errand is None
    assert isinstance(decision.dialogue.pending, Proving)


def test_what_is_missing_is_asked_for(moment: Moments, policy: Policy) -> None:
    decision = decide(moment(meaning=asks_to_block(), dialogue=GREETED), policy)

    assert Ask(lines=(Line(key="ask.slot.card_last4"),)) == decision.action
    assert decision.dialogue.pending == Filling(intent=asks_to_block(), slot="card_last4")
    awaited = expected(decision.dialogue)
    assert awaited is not None
    assert awaited.slots == ("card_last4",)


def test_what_was_said_at_once_is_not_asked_for_but_read_back(
    moment: Moments, policy: Policy
) -> None:
    intent = asks_to_block(card_last4="4417")
    decision = decide(moment(meaning=intent, dialogue=GREETED), policy)

    confirm = Line(key="intent.block_card.confirm", facts={"card_last4": "4417"})
    assert Ask(lines=(confirm,)) == decision.action
    assert decision.errand is None


def test_a_mistake_that_costs_is_made_only_after_a_yes(moment: Moments, policy: Policy) -> None:
    asked = decide(moment(meaning=asks_to_block(card_last4="4417"), dialogue=GREETED), policy)

    agreed = decide(moment(wants="affirm", dialogue=asked.dialogue, call_id="c-1"), policy)

    assert agreed.errand is not None
    assert (agreed.errand.intent, agreed.errand.step) == ("block_card", Step.DO)
    assert agreed.errand.slots == {"card_last4": "4417"}
    assert agreed.errand.customer_id == "C-1"
    assert agreed.errand.assurance is Assurance.VOICE


def test_an_answer_fills_the_slot_whatever_the_words_were_taken_for(
    moment: Moments, policy: Policy
) -> None:
    asked = decide(moment(meaning=asks_to_block(), dialogue=GREETED), policy)

    told_it = decide(
        moment(
            meaning=OutOfScope(confidence=0.1),
            read={"card_last4": "4417"},
            dialogue=asked.dialogue,
        ),
        policy,
    )

    assert told_it.dialogue.pending == Confirming(intent=asks_to_block(card_last4="4417"))


def test_a_correction_is_read_back_again_and_then_done(moment: Moments, policy: Policy) -> None:
    asked = decide(moment(meaning=asks_to_block(card_last4="4417"), dialogue=GREETED), policy)

    corrected = decide(
        moment(wants="deny", read={"card_last4": "4471"}, dialogue=asked.dialogue), policy
    )
    agreed = decide(moment(wants="affirm", dialogue=corrected.dialogue), policy)

    confirm = Line(key="intent.block_card.confirm", facts={"card_last4": "4471"})
    assert Ask(lines=(confirm,)) == corrected.action
    assert agreed.errand is not None
    assert agreed.errand.slots == {"card_last4": "4471"}


def test_a_bare_no_to_what_was_read_back_asks_for_the_one_thing_said(
    moment: Moments, policy: Policy
) -> None:
    asked = decide(moment(meaning=asks_to_block(card_last4="4417"), dialogue=GREETED), policy)

    denied = decide(moment(wants="deny", dialogue=asked.dialogue), policy)

    assert Ask(lines=(Line(key="ask.slot.card_last4"),)) == denied.action
    assert denied.dialogue.pending == Filling(intent=asks_to_block(), slot="card_last4")


def test_no_answer_is_asked_for_again_in_other_words_and_then_a_person_helps(
    moment: Moments, policy: Policy
) -> None:
    dialogue = decide(moment(meaning=asks_to_block(), dialogue=GREETED), policy).dialogue
    decisions = []
    for _ in range(3):
        now = moment(meaning=OutOfScope(confidence=0.1), dialogue=dialogue)
        decisions.append(decide(now, policy))
        dialogue = decisions[-1].dialogue

    assert [one.wording for one in decisions[:2]] == [1, 2]
    assert isinstance(decisions[2].action, Queue)


def test_another_request_is_served_in_place_of_the_one_in_hand(
    moment: Moments, policy: Policy
) -> None:
    asked = decide(moment(meaning=asks_to_block(), dialogue=GREETED), policy)

    other = decide(moment(wants="order_statement", dialogue=asked.dialogue), policy)

    assert other.errand is not None
    assert other.errand.intent == "order_statement"


def test_what_was_done_is_told_with_what_came_of_it(moment: Moments, policy: Policy) -> None:
    now = moment(wants="order_statement", dialogue=GREETED)

    decision = served(now, policy, Done(facts={"days": "3"}))

    done = Line(key="intent.order_statement.done", facts={"days": "3"})
    assert Say(lines=(done, Line(key="ask.anything_else"))) == decision.action
    assert [one.intent for one in decision.dialogue.done] == ["order_statement"]
    assert decision.dialogue.pending == AnythingElse()


def test_the_same_errand_of_a_call_has_one_key(moment: Moments, policy: Policy) -> None:
    def key(call_id: str, **slots: str) -> str:
        now = moment(meaning=asks_to_block(**slots), dialogue=GREETED)
        asked = decide(now, policy)
        agreed = decide(moment(wants="affirm", dialogue=asked.dialogue, call_id=call_id), policy)
        assert agreed.errand is not None
        return agreed.errand.key

    assert key("c-1", card_last4="4417") == key("c-1", card_last4="4417")
    assert key("c-1", card_last4="4417") != key("c-2", card_last4="4417")
    assert key("c-1", card_last4="4417") != key("c-1", card_last4="4471")


def test_a_no_from_the_business_system_is_told_in_its_words(
    moment: Moments, policy: Policy
) -> None:
    asked = decide(moment(meaning=asks_to_block(card_last4="4417"), dialogue=GREETED), policy)
    yes = moment(wants="affirm", dialogue=asked.dialogue)

    known = served(yes, policy, Declined(code="already_blocked"))
    unknown = served(yes, policy, Declined(code="on_strike"))

    assert known.action.lines[0].key == "intent.block_card.declined.already_blocked"
    assert unknown.action.lines[0].key == "declined.other"
    assert not unknown.dialogue.done


def test_a_slot_that_does_not_exist_is_asked_for_again(moment: Moments, policy: Policy) -> None:
    asked = decide(moment(meaning=asks_to_block(card_last4="4417"), dialogue=GREETED), policy)
    yes = moment(wants="affirm", dialogue=asked.dialogue)

    decision = served(yes, policy, Declined(code="no_such_card_last4"))

    assert [line.key for line in decision.action.lines] == [
        "intent.block_card.declined.no_such_card_last4",
        "ask.slot.card_last4",
    ]
    assert decision.dialogue.pending == Filling(
        intent=Intent(name="block_card", confidence=1.0), slot="card_last4"
    )


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        (Unavailable(), "tell.system_down"),
        (Unavailable(may_be_done=True), "tell.may_be_done"),
    ],
)
def test_when_the_business_system_is_down_people_go_on_and_nothing_is_claimed(
    moment: Moments, policy: Policy, outcome: Unavailable, line: str
) -> None:
    asked = decide(moment(meaning=asks_to_block(card_last4="4417"), dialogue=GREETED), policy)

    decision = served(moment(wants="affirm", dialogue=asked.dialogue), policy, outcome)

    assert Queue(lines=(Line(key=line),), queue="cards", priority=95) == decision.action
    assert not decision.dialogue.done


def offered(moment: Moments, policy: Policy) -> Decision:
    return served(
        moment(wants="appointment", dialogue=GREETED), policy, Choices(options=(MONDAY, TUESDAY))
    )


def test_options_are_named_and_wait_for_a_choice(moment: Moments, policy: Policy) -> None:
    decision = offered(moment, policy)

    assert isinstance(decision.action, Ask)
    assert [line.key for line in decision.action.lines] == [
        "tell.options",
        "tell.option",
        "tell.option",
        "ask.which_option",
    ]
    assert decision.action.lines[1].facts["option_key"] == "intent.appointment.option"
    assert isinstance(decision.dialogue.pending, Picking)


@pytest.mark.parametrize(
    "change",
    [
        {"text": "die zweite bitte"},
        {"text": "Nummer 2"},
        {"text": "the last one"},
        {"keys": "2"},
        {"read": {"date": "2026-03-17"}},
    ],
)
def test_an_option_is_chosen_by_place_key_or_what_it_holds(
    moment: Moments, policy: Policy, change: dict[str, object]
) -> None:
    text = change.pop("text", "...")
    heard = replace(moment().heard, text=text)  # type: ignore[type-var]
    now = moment(
        meaning=OutOfScope(confidence=0.1),
        heard=heard,
        dialogue=offered(moment, policy).dialogue,
        **change,
    )

    decision = decide(now, policy)

    assert decision.errand is not None
    assert decision.errand.slots == {"date": "2026-03-17"}
    assert decision.errand.step is Step.DO


@pytest.mark.parametrize("text", ["äh", "die erste oder die zweite", "drei"])
def test_no_clear_choice_chooses_nothing(moment: Moments, policy: Policy, text: str) -> None:
    heard = replace(moment().heard, text=text)  # type: ignore[type-var]
    dialogue = offered(moment, policy).dialogue

    decision = decide(
        moment(meaning=OutOfScope(confidence=0.1), heard=heard, dialogue=dialogue), policy
    )

    assert decision.errand is None
    assert isinstance(decision.dialogue.pending, Picking)


def test_none_of_the_options_is_an_answer(moment: Moments, policy: Policy) -> None:
    decision = decide(moment(wants="deny", dialogue=offered(moment, policy).dialogue), policy)

    assert Ask(lines=(Line(key="ask.none_of_these"),)) == decision.action
    assert decision.dialogue.failures == 0


def test_a_second_wish_follows_the_first(moment: Moments, policy: Policy) -> None:
    both = Several(
        intents=(
            Intent(name="order_statement", confidence=0.9),
            Intent(name="loan_enquiry", confidence=0.9),
        )
    )

    decision = served(moment(meaning=both, dialogue=GREETED), policy, Done())

    assert [line.key for line in decision.action.lines] == [
        "intent.order_statement.done",
        "tell.next_wish",
        "intent.loan_enquiry.answer",
        "ask.anything_else",
    ]
    assert decision.dialogue.later == ()


def test_a_second_wish_may_be_an_errand_of_its_own(moment: Moments, policy: Policy) -> None:
    both = Several(
        intents=(
            Intent(name="loan_enquiry", confidence=0.9),
            Intent(name="order_statement", confidence=0.9),
        )
    )
    now = moment(meaning=both, dialogue=GREETED)

    decision = decide(now, policy)
    after = told(now, policy, decision, Done())

    assert decision.errand is not None
    assert [line.key for line in after.action.lines] == [
        "intent.loan_enquiry.answer",
        "tell.next_wish",
        "intent.order_statement.done",
        "ask.anything_else",
    ]


def test_what_was_done_can_be_undone(moment: Moments, policy: Policy) -> None:
    asked = decide(moment(meaning=asks_to_block(card_last4="4417"), dialogue=GREETED), policy)
    done = served(moment(wants="affirm", dialogue=asked.dialogue), policy, Done())

    undone = served(moment(wants="undo", dialogue=done.dialogue), policy, Done())

    assert undone.action.lines[0] == Line(key="tell.undone")
    assert undone.dialogue.done == ()


def test_another_voice_cannot_undo_what_a_proven_one_had_done(
    moment: Moments, policy: Policy
) -> None:
    asked = decide(moment(meaning=asks_to_block(card_last4="4417"), dialogue=GREETED), policy)
    done = served(moment(wants="affirm", dialogue=asked.dialogue), policy, Done())

    refused = decide(moment(wants="undo", outcome="rejected", dialogue=done.dialogue), policy)

    assert refused.errand is None
    assert isinstance(refused.action, Queue)


def test_what_cannot_be_undone_needs_a_person(moment: Moments, policy: Policy) -> None:
    errand = Errand(intent="order_statement", customer_id=None, assurance=Assurance.VOICE, key="k")
    dialogue = replace(GREETED, done=(errand,), pending=AnythingElse())

    decision = decide(moment(wants="undo", dialogue=dialogue), policy)

    assert decision.errand is None
    assert isinstance(decision.action, Queue)


def test_whoever_undoes_what_was_only_talked_about_hears_that_nothing_was_done(
    moment: Moments, policy: Policy
) -> None:
    asked = decide(moment(meaning=asks_to_block(card_last4="4417"), dialogue=GREETED), policy)

    decision = decide(moment(wants="undo", dialogue=asked.dialogue), policy)

    assert [line.key for line in decision.action.lines] == ["tell.nothing_done", "ask.request"]
    assert decision.dialogue.pending is None


def test_back_leads_to_the_question_before(moment: Moments, policy: Policy) -> None:
    asked = decide(moment(meaning=asks_to_block(), dialogue=GREETED), policy)
    read_back = decide(
        moment(read={"card_last4": "4417"}, dialogue=asked.dialogue, wants="affirm"), policy
    )

    back = decide(moment(wants="back", dialogue=read_back.dialogue), policy)
    first = decide(moment(wants="back", dialogue=back.dialogue), policy)

    assert Ask(lines=(Line(key="ask.slot.card_last4"),)) == back.action
    assert isinstance(back.dialogue.pending, Filling)
    assert first.dialogue.pending is None


def test_back_does_not_tell_another_voice_what_was_said_to_a_proven_one(
    moment: Moments, policy: Policy
) -> None:
    secret = Line(key="intent.order_statement.done", facts={"amount": "49.90 EUR"})
    trail = (Question(pending=AnythingElse(), lines=(secret,), was_proven=True),)
    dialogue = replace(GREETED, trail=trail)

    decision = decide(moment(wants="back", outcome="rejected", dialogue=dialogue), policy)

    assert Ask(lines=(Line(key="ask.request"),)) == decision.action


def test_a_person_only_request_is_never_a_task(policy: Policy) -> None:
    needs = dict(policy.needs)

    mine = read_policy(None, business="bank", needs=needs, tasks={"complaint": Task()})

    assert mine.tasks == {}


WAITING = Filling(intent=Intent(name="block_card", confidence=0.9), slot="card_last4")


def test_a_number_may_come_in_pieces(moment: Moments, policy: Policy) -> None:
    dialogue = replace(GREETED, pending=WAITING)
    now = moment(
        meaning=OutOfScope(confidence=0.1), problem=SlotProblem.INCOMPLETE, dialogue=dialogue
    )

    decision = decide(now, policy)

    assert decision.action == Ask(lines=(Line(key="ask.slot.card_last4_incomplete"),))
    assert decision.dialogue.failures == 0
    awaited = expected(decision.dialogue)
    assert awaited is not None
    assert awaited.earlier == ("...",)


def test_a_number_that_cannot_be_right_is_asked_for_anew_and_counts(
    moment: Moments, policy: Policy
) -> None:
    dialogue = replace(GREETED, pending=replace(WAITING, earlier=("44",)))
    now = moment(meaning=OutOfScope(confidence=0.1), problem=SlotProblem.WRONG, dialogue=dialogue)

    decision = decide(now, policy)

    assert decision.action == Ask(lines=(Line(key="ask.slot.card_last4_wrong"),))
    assert decision.dialogue.failures == 1
    assert decision.dialogue.pending == WAITING


def test_no_number_takes_for_ever(moment: Moments, policy: Policy) -> None:
    dialogue = replace(GREETED, pending=replace(WAITING, earlier=("4",) * 8))
    now = moment(
        meaning=OutOfScope(confidence=0.1), problem=SlotProblem.INCOMPLETE, dialogue=dialogue
    )

    assert decide(now, policy).dialogue.failures == 1
