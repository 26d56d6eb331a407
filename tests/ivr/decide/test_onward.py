"""Links: what is sent, to whom, and what is said of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from biometrics import Outcome, Sign, Verdict
from ivr.call import Ask, Assurance, Intent, Line, Queue, Unknown
from ivr.decide.decide import decide, posted, told
from ivr.decide.dialogue import (
    AnythingElse,
    Confirming,
    Dialogue,
    Filling,
    Offered,
    Picking,
    Proving,
)
from ivr.decide.moment import Decision, Moment
from ivr.decide.policy import Need, Policy, read_policy
from ivr.errand import Done, Errand, Option, PageKind, Task
from ivr.sending import NotSent, Posted, Sending, Sent, Way

from .conftest import ASSURANCES, CANCELLED

Moments = Callable[..., Moment]

SIGN = Sign(name="synthetic", risk=0.9, is_spoof=True, may_gate=False, reason="Smooth.")

SEND = Intent(name="send_link", confidence=0.9)
REBOOK = Intent(name="rebook_flight", confidence=1.0)
FIRST = Option(slots={"flight": "LH453"}, facts={"departure": "2026-03-11T10:15"})
SECOND = Option(slots={"flight": "LH457"}, facts={"departure": "2026-03-11T15:40"})
QUESTION = (Line(key="ask.which_option"),)
PICKING = Dialogue(
    is_greeted=True,
    has_guessed=True,
    last_lines=QUESTION,
    question=QUESTION,
    pending=Picking(intent=REBOOK, options=(FIRST, SECOND)),
)
SENT = Sent(way=Way.EMAIL, code="482137", hours=24)
TASKS = {
    "rebook_flight": Task(has_options=True, is_confirmed=True, pages=frozenset({PageKind.OPTIONS})),
    "cancel_flight": Task(needs=("flight",), is_confirmed=True, pages=frozenset({PageKind.FORM})),
    "refund": Task(pages=frozenset({PageKind.DOCUMENT})),
    "check_in": Task(),
    "loyalty_miles": Task(needs=("flight",), pages=frozenset({PageKind.FORM})),
}


def policy_of(*, may_send: bool = True) -> Policy:
    needs = {name: Need(assurance=one, may_suggest=True) for name, one in ASSURANCES.items()}
    return read_policy(None, business="airline", needs=needs, tasks=TASKS, may_send=may_send)


@pytest.fixture
def policy() -> Policy:
    return policy_of()


def keys(decision: Decision) -> tuple[str, ...]:
    return tuple(line.key for line in decision.action.lines)


def asked(moment: Moments, policy: Policy, dialogue: Dialogue = PICKING, **more: object) -> Sending:
    sending = decide(moment(meaning=SEND, dialogue=dialogue, **more), policy).sending
    assert sending is not None
    return sending


def answered(moment: Moment, policy: Policy, outcome: Posted) -> Decision:
    return posted(moment, policy, decide(moment, policy), outcome)


@pytest.mark.parametrize("outcome", ["rejected", "inconclusive", "spoof_suspected", "not_enrolled"])
def test_an_unproven_voice_is_sent_nothing_and_keeps_its_question(
    moment: Moments, policy: Policy, outcome: str
) -> None:
    decision = decide(moment(meaning=SEND, dialogue=PICKING, outcome=outcome), policy)

    assert decision.sending is None
    assert keys(decision) == ("link.needs_voice", "ask.which_option")
    assert decision.dialogue.pending == PICKING.pending


def test_a_voice_that_sounds_made_is_sent_nothing_where_the_policy_minds(
    moment: Moments, policy: Policy
) -> None:
    minds = replace(policy, repeat_digits_for=frozenset({"signs"}))
    verdict = Verdict(outcome=Outcome.ACCEPTED, signs=(SIGN,))
    doubtful = moment(meaning=SEND, dialogue=PICKING, verdict=verdict)

    assert keys(decide(doubtful, minds))[0] == "link.needs_voice"


def test_a_number_that_nobody_knows_is_sent_nothing(moment: Moments, policy: Policy) -> None:
    decision = decide(
        moment(meaning=SEND, dialogue=PICKING, caller=Unknown(), outcome="inconclusive"), policy
    )

    assert decision.sending is None


def test_an_acceptance_that_is_too_old_sends_nothing(moment: Moments, policy: Policy) -> None:
    decision = decide(moment(meaning=SEND, dialogue=PICKING, stale=4), policy)

    assert decision.sending is None


def test_where_nothing_is_sent_the_caller_is_told_so(moment: Moments) -> None:
    decision = decide(moment(meaning=SEND, dialogue=PICKING), policy_of(may_send=False))

    assert decision.sending is None
    assert keys(decision) == ("link.not_here", "ask.which_option")


def test_a_request_without_a_page_is_not_sent(moment: Moments, policy: Policy) -> None:
    pending = Confirming(intent=Intent(name="check_in", confidence=1.0))
    decision = decide(moment(meaning=SEND, dialogue=replace(PICKING, pending=pending)), policy)

    assert decision.sending is None
    assert keys(decision)[0] == "link.nothing"


def test_a_form_that_needs_a_second_factor_is_not_sent_without(
    moment: Moments, policy: Policy
) -> None:
    intent = Intent(name="loyalty_miles", confidence=1.0)
    dialogue = replace(PICKING, pending=Filling(intent=intent, slot="flight"))

    assert decide(moment(meaning=SEND, dialogue=dialogue), policy).sending is None

    sending = asked(moment, policy, dialogue, has_second_factor=True)
    assert sending.assurance is Assurance.VOICE_AND_SECOND_FACTOR


def test_who_is_heard_too_little_after_something_was_done_says_a_sentence_first(
    moment: Moments, policy: Policy
) -> None:
    done = (Errand(intent="refund", customer_id=None, assurance=Assurance.VOICE, key="k"),)
    dialogue = replace(PICKING, pending=AnythingElse(), done=done)

    decision = decide(moment(meaning=SEND, dialogue=dialogue, stale=1), policy)

    assert decision.sending is None
    assert keys(decision) == ("ask.more_speech",)
    assert decision.dialogue.pending == Proving(intent=Intent(name="send_link", confidence=1.0))
    again = moment(meaning=SEND, dialogue=decision.dialogue, stale=0)
    assert decide(again, policy).sending is not None


@pytest.mark.parametrize("why", list(NotSent))
def test_what_could_not_be_sent_is_told_and_the_question_stays(
    moment: Moments, policy: Policy, why: NotSent
) -> None:
    decision = answered(moment(meaning=SEND, dialogue=PICKING), policy, why)

    assert isinstance(decision.action, Ask)
    assert keys(decision) == (f"link.{why.value}", "ask.which_option")
    assert decision.dialogue.pending == PICKING.pending
    assert decision.dialogue.sent is None


def test_options_are_sent_as_they_were_offered(moment: Moments, policy: Policy) -> None:
    sending = asked(moment, policy)

    assert (sending.kind, sending.intent) == (PageKind.OPTIONS, "rebook_flight")
    assert sending.options == (FIRST, SECOND)
    assert sending.assurance is Assurance.VOICE
    assert sending.caller.customer_id == "C-1"


def test_the_code_is_told_and_nothing_of_the_address(moment: Moments, policy: Policy) -> None:
    decision = answered(moment(meaning=SEND, dialogue=PICKING), policy, SENT)

    assert keys(decision) == ("link.email", "link.code", "link.valid", "ask.anything_else")
    assert decision.action.lines[1].facts == {"code": "482137"}
    assert isinstance(decision.dialogue.pending, AnythingElse)
    assert decision.dialogue.question == (Line(key="ask.anything_else"),)


def test_the_code_is_not_repeated_to_another_voice(moment: Moments, policy: Policy) -> None:
    sent = answered(moment(meaning=SEND, dialogue=PICKING), policy, SENT)
    repeat = Intent(name="repeat", confidence=0.9)

    for_them = decide(moment(meaning=repeat, dialogue=sent.dialogue), policy)
    for_others = decide(moment(meaning=repeat, dialogue=sent.dialogue, outcome="rejected"), policy)

    assert "link.code" in keys(for_them)
    assert "link.code" not in keys(for_others)


def test_asking_again_is_the_same_request(moment: Moments, policy: Policy) -> None:
    first = asked(moment, policy, call_id="c-1", nonce="n")
    sent = answered(moment(meaning=SEND, dialogue=PICKING, call_id="c-1", nonce="n"), policy, SENT)

    again = asked(moment, policy, sent.dialogue, call_id="c-1", nonce="n")

    assert again.request == first.request


def test_another_call_has_requests_of_its_own(moment: Moments, policy: Policy) -> None:
    one = asked(moment, policy, call_id="c-1", nonce="n")
    other = asked(moment, policy, call_id="c-1", nonce="m")

    assert one.request != other.request


def test_the_page_does_the_same_errand_as_the_call_would(moment: Moments, policy: Policy) -> None:
    sending = asked(moment, policy, call_id="c-1", nonce="n")
    picked = moment(meaning=None, keys="1", dialogue=PICKING, call_id="c-1", nonce="n")
    confirming = decide(picked, policy).dialogue
    agreed = decide(
        moment(meaning=None, keys="1", dialogue=confirming, call_id="c-1", nonce="n"), policy
    )

    assert agreed.errand is not None
    assert sending.thread.key("rebook_flight", FIRST.slots) == agreed.errand.key


def test_a_form_asks_for_what_the_call_would_ask(moment: Moments, policy: Policy) -> None:
    intent = Intent(name="cancel_flight", confidence=1.0)
    sending = asked(moment, policy, replace(PICKING, pending=Filling(intent=intent, slot="flight")))

    assert (sending.kind, sending.needs) == (PageKind.FORM, ("flight",))


def test_a_paper_is_sent_once_it_was_done(moment: Moments, policy: Policy) -> None:
    wish = moment(meaning=Intent(name="refund", confidence=0.95), dialogue=PICKING)
    decision = decide(wish, policy)
    done = told(wish, policy, decision, Done(facts={"amount": "1.00 EUR"}))

    sending = asked(moment, policy, done.dialogue)

    assert (sending.kind, sending.intent) == (PageKind.DOCUMENT, "refund")


def test_what_was_done_by_link_since_then_is_not_guessed(moment: Moments, policy: Policy) -> None:
    hello = Intent(name="hello", confidence=0.95)
    sent_after, sent_before = CANCELLED.at + timedelta(hours=1), CANCELLED.at - timedelta(days=1)

    for sent_at, is_asked in ((sent_after, False), (sent_before, True)):
        decision = decide(moment(meaning=hello, done_by_link={"rebook_flight": sent_at}), policy)
        assert isinstance(decision.dialogue.pending, Offered) == is_asked


def test_a_person_is_still_only_a_word_away(moment: Moments, policy: Policy) -> None:
    refused = decide(moment(meaning=SEND, dialogue=PICKING, outcome="rejected"), policy)
    person = Intent(name="person", confidence=0.9)

    assert isinstance(
        decide(moment(meaning=person, dialogue=refused.dialogue), policy).action, Queue
    )
