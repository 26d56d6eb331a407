"""What a stranger at the telephone must never bring about."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from biometrics import Outcome, Sign, SubjectId, Verdict
from ivr.call import (
    Assurance,
    Caller,
    CustomerId,
    Intent,
    Language,
    Line,
    OutOfScope,
    Repeated,
    Transcript,
)
from ivr.decide.decide import decide, told
from ivr.decide.dialogue import AnythingElse, Confirming, Dialogue, Menu, Pending
from ivr.decide.moment import Moment
from ivr.decide.policy import Need, Policy, read_policy
from ivr.errand import Declined, Done, Task

Moments = Callable[..., Moment]


GREETED = Dialogue(is_greeted=True, has_guessed=True, last_lines=(Line(key="ask.request"),))
TRANSFER = Intent(
    name="transfer_money",
    confidence=0.9,
    slots={"amount": "50.00 EUR", "iban": "DE89370400440532013000"},
)
BLOCK = Intent(name="block_card", confidence=0.9, slots={"card_last4": "4417"})
JANA = Caller(customer_id=CustomerId("C-2"), subject=SubjectId("s-2"), name="Jana")
MUMBLED = OutOfScope(confidence=0.1)
ASSURANCES = {
    "transfer_money": Assurance.VOICE_AND_SECOND_FACTOR,
    "order_statement": Assurance.VOICE,
    "block_card": Assurance.CALLER_ID,
}


@pytest.fixture
def bank() -> Policy:
    """Its back end moves money, blocks cards and sends statements."""
    names = (
        *("replace_card", "block_card", "unblock_card", "order_statement", "tell_iban"),
        *("account_balance", "transfer_money", "loan_enquiry", "dispute_charge", "appointment"),
        *("complaint", "change_address"),
    )
    needs = {
        name: Need(assurance=ASSURANCES.get(name, Assurance.VOICE), may_suggest=False)
        for name in names
    }
    tasks = {
        "transfer_money": Task(needs=("amount", "iban"), is_confirmed=True),
        "block_card": Task(needs=("card_last4",), is_confirmed=True),
        "order_statement": Task(can_be_undone=True),
    }
    return read_policy(None, business="bank", needs=needs, tasks=tasks)


def said(text: str, confidence: float = 0.9) -> Transcript:
    return Transcript(text=text, language=Language.GERMAN, confidence=confidence, engine="fake")


@pytest.fixture
def read_back(moment: Moments, bank: Policy) -> Dialogue:
    """Klaus has typed his PIN, and his transfer was read back to him."""
    now = moment(meaning=TRANSFER, dialogue=GREETED, has_pin=True, has_second_factor=True)
    dialogue = decide(now, bank).dialogue
    assert dialogue.pending == Confirming(intent=TRANSFER)
    return dialogue


def test_what_was_asked_of_a_proven_voice_is_never_asked_again_of_another(
    moment: Moments, bank: Policy, read_back: Dialogue
) -> None:
    """The first refusal to repeat it must not make it fit for the second."""
    first = decide(moment(meaning=MUMBLED, outcome="rejected", dialogue=read_back), bank)
    second = decide(moment(meaning=MUMBLED, outcome="rejected", dialogue=first.dialogue), bank)

    facts = [line.facts for decision in (first, second) for line in decision.action.lines]
    assert not any("iban" in named for named in facts)


@pytest.mark.parametrize(
    ("text", "confidence"),
    [
        ("Okay, lassen wir das.", 0.98),
        ("Ja gut, brechen Sie das ab.", 0.96),
        ("Yes, please don't.", 0.80),
        ("und zustands bitte", 0.46),
    ],
)
def test_only_a_plain_yes_moves_money(
    moment: Moments, bank: Policy, read_back: Dialogue, text: str, confidence: float
) -> None:
    """The classifier takes these for a yes, with these probabilities."""
    yes = Intent(name="affirm", confidence=confidence)
    now = moment(heard=said(text), meaning=yes, dialogue=read_back, has_second_factor=True)

    assert decide(now, bank).errand is None


def test_a_yes_to_what_can_i_do_for_you_moves_no_money(
    moment: Moments, bank: Policy, read_back: Dialogue
) -> None:
    """What is agreed to is what was asked last."""
    wait = moment(wants="hello", heard=said("Moment."), dialogue=read_back, has_second_factor=True)
    waited = decide(wait, bank)
    yes = moment(
        wants="affirm", heard=said("Ja."), dialogue=waited.dialogue, has_second_factor=True
    )

    asks_openly = [line.key for line in waited.action.lines] == ["ask.request"]
    assert not (asks_openly and decide(yes, bank).errand)


def test_whoever_is_locked_out_may_not_do_what_a_foreign_voice_may_not(
    moment: Moments, bank: Policy
) -> None:
    """A guard that stops the comparison is no better proof than one that fails it."""
    stopped = Verdict(outcome=Outcome.INCONCLUSIVE, needs_person=True)
    asked = decide(moment(meaning=BLOCK, verdict=stopped, dialogue=GREETED), bank)
    agreed = decide(moment(wants="affirm", verdict=stopped, dialogue=asked.dialogue), bank)

    assert agreed.errand is None


def test_digits_that_were_repeated_because_of_signs_are_no_way_around_a_pin(
    moment: Moments, bank: Policy
) -> None:
    policy = replace(bank, repeat_digits_for=frozenset({"second_factor", "signs"}))
    sign = Sign(name="synthetic", risk=0.9, is_spoof=True, may_gate=False, reason="Smooth.")
    made = Verdict(outcome=Outcome.ACCEPTED, signs=(sign,))
    statement = Intent(name="order_statement", confidence=0.9)

    asked = decide(moment(meaning=statement, verdict=made, has_pin=True, dialogue=GREETED), policy)
    repeated = moment(
        meaning=MUMBLED,
        verdict=made,
        has_pin=True,
        dialogue=asked.dialogue,
        repeated=Repeated.PASSED,
    )
    served = told(repeated, policy, decide(repeated, policy), Done(facts={"days": "3"}))
    transfer = decide(
        moment(meaning=TRANSFER, verdict=made, has_pin=True, dialogue=served.dialogue), policy
    )

    assert [line.key for line in transfer.action.lines] == ["ask.pin"]


def test_two_customers_never_share_the_key_of_an_errand(moment: Moments, bank: Policy) -> None:
    """Call ids are the gateway's, and it may use one again."""
    one = moment(wants="order_statement", call_id="42", dialogue=GREETED)
    other = replace(one, caller=JANA)
    errands = [decide(now, bank).errand for now in (one, other)]

    assert all(errands)
    assert len({errand.key for errand in errands if errand}) == 2


def test_an_acceptance_does_not_last_for_ever_without_a_voice(
    moment: Moments, bank: Policy, read_back: Dialogue
) -> None:
    """A PIN, a number and a yes go through without speech; a call by keys alone does not."""
    yes = {"wants": "affirm", "dialogue": read_back, "has_second_factor": True}

    assert decide(moment(stale=3, **yes), bank).errand is not None
    assert decide(moment(stale=4, **yes), bank).errand is None


@pytest.mark.parametrize("pending", [None, AnythingElse(), Menu(intents=("order_statement",))])
def test_nothing_new_is_begun_without_a_voice(
    moment: Moments, bank: Policy, pending: Pending | None
) -> None:
    """Whoever is handed the telephone of a caller who was accepted can only press keys."""
    dialogue = replace(GREETED, pending=pending)
    wish = Intent(name="order_statement", confidence=1.0)

    stale = decide(moment(meaning=wish, dialogue=dialogue, stale=1), bank)
    fresh = decide(moment(meaning=wish, dialogue=dialogue), bank)

    assert stale.errand is None
    assert stale.action.lines == (Line(key="ask.more_speech"),)
    assert fresh.errand is not None


def test_a_number_alone_is_not_told_what_became_of_its_errand(
    moment: Moments, bank: Policy
) -> None:
    unproven = {"outcome": "not_enrolled", "dialogue": GREETED}
    asked = decide(moment(meaning=BLOCK, **unproven), bank)
    yes = moment(wants="affirm", outcome="not_enrolled", dialogue=asked.dialogue)
    sent = decide(yes, bank)

    done = told(yes, bank, sent, Done(facts={"ticket_number": "100501"}))
    declined = told(yes, bank, sent, Declined(code="no_such_card_last4"))

    assert done.action.lines[0] == Line(key="tell.noted")
    assert declined.action.lines == (Line(key="tell.queue"),)


def test_a_rejection_stands_until_the_voice_is_accepted(moment: Moments, bank: Policy) -> None:
    """Silence after a foreign voice is no better than the voice."""
    after = {"meaning": BLOCK, "dialogue": GREETED, "was_rejected": True}

    assert decide(moment(outcome="inconclusive", **after), bank).errand is None
    assert decide(moment(outcome="inconclusive", **after), bank).dialogue.pending is None
    assert decide(moment(**after), bank).dialogue.pending == Confirming(intent=BLOCK)
