from datetime import timedelta

import pytest
from fakes.stories import BEGAN, DONE, TO_PEOPLE, failed, sign, story, stranger, told

from biometrics import Outcome as Proved
from biometrics import Verdict
from ivr.call import CustomerId, HangUp, Intent, Line, Mood, OutOfScope, Unheard
from ivr.chronicle import outcome_of, record_of, token_digest
from ivr.decide.dialogue import AnythingElse, Dialogue
from ivr.decide.moment import GuessHeard
from ivr.journal.record import CallRecord, Outcome
from ivr.story import Story, Told

GOODBYE = HangUp(lines=(Line(key="tell.goodbye"),))
SERVED = Dialogue(answered=frozenset({"baggage_allowance"}), pending=AnythingElse())


def mark(customer: CustomerId) -> str:
    return f"mark of {len(customer)}"


def record(of: Story) -> CallRecord:
    return record_of(of, business="airline", mark=mark)


def test_nothing_that_names_anybody_is_written_down() -> None:
    text = repr(record(story(told(TO_PEOPLE))))

    for secret in ("Klaus", "4989123456", "k-1", "c-1", "ein Wort", "LH815"):
        assert secret not in text


@pytest.mark.parametrize(
    ("turn", "dialogue", "outcome"),
    [
        (failed(), Dialogue(), Outcome.FAILED),
        (told(TO_PEOPLE), SERVED, Outcome.HANDED_OVER),
        (told(GOODBYE), SERVED, Outcome.SERVED),
        (told(DONE), SERVED, Outcome.SERVED),
        (told(GOODBYE), Dialogue(), Outcome.HUNG_UP),
        (told(DONE), Dialogue(answered=frozenset({"x"})), Outcome.HUNG_UP),
    ],
)
def test_how_a_call_ended(turn: Told, dialogue: Dialogue, outcome: Outcome) -> None:
    assert outcome_of(story(turn, dialogue=dialogue)) is outcome


def test_reasons_are_grouped_whatever_the_request_and_however_often() -> None:
    often = told(TO_PEOPLE, reasons=("noise, not understood 3 times -> queue agents",))
    about = told(TO_PEOPLE, reasons=("rebook_flight: voice rejected -> queue agents",))

    assert record(story(often)).reason == "noise, not understood"
    assert record(story(about)).reason == "voice rejected"
    assert record(story(told(DONE))).reason == ""


def test_a_call_becomes_figures() -> None:
    doubt = Verdict(outcome=Proved.INCONCLUSIVE, signs=(sign("synthetic_voice"),))
    nothing = OutOfScope(confidence=0.2)
    call = story(
        told(verdict=doubt, meaning=nothing, after_s=5),
        told(verdict=doubt, heard=Unheard.SILENCE, meaning=None, after_s=12),
        told(after_s=20, guess=GuessHeard(kind="flight_cancelled", is_right=False)),
        told(TO_PEOPLE, after_s=30, mood=Mood.UPSET, reasons=("upset -> queue complaints",)),
    )

    written = record(call)

    token = call.last.result.action.context_token
    assert token is not None
    assert written.token == token_digest(token)
    assert (written.began_at, written.ended_at) == (BEGAN, BEGAN + timedelta(seconds=30))
    assert (written.gateway, written.language, written.turns) == ("asterisk", "de", 4)
    assert (written.unheard, written.not_understood) == (1, 1)
    assert written.intents == ("rebook_flight",)
    assert (written.outcome, written.reason) == (Outcome.HANDED_OVER, "upset")
    assert (written.queue, written.priority, written.mood) == ("senior", 80, "upset")
    assert (written.is_known, written.verification, written.llr) == (True, "accepted", 6.2)
    assert written.proven_after_ms == 20_000
    assert written.hearing == pytest.approx(0.9)
    assert (written.guess, written.guessed_right) == ("flight_cancelled", False)
    assert written.customer_mark == "mark of 3"


def test_a_stranger_leaves_no_mark_and_no_proof() -> None:
    written = record(story(stranger(meaning=Intent(name="hello", confidence=0.9))))

    assert (written.customer_mark, written.is_known) == ("", False)
    assert written.proven_after_ms is None
    assert written.intents == ()


def test_what_nobody_understood_is_a_topic_where_there_is_no_other() -> None:
    assert record(story(stranger(meaning=OutOfScope(confidence=0.1)))).intents == ("out_of_scope",)


def test_signs_of_an_attack_are_written_down() -> None:
    doubt = Verdict(outcome=Proved.SPOOF_SUSPECTED, signs=(sign("synthetic_voice"),))

    assert record(story(told(TO_PEOPLE, verdict=doubt))).signs == ("synthetic_voice",)
