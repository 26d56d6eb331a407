from biometrics import Comparison, Flaw, Outcome, Poor, Verdict
from ivr.call import CallId, HangUp, Intent, Line, Malformed, OutOfScope, Queue, Unknown, Unsure
from ivr.result import (
    ActionPart,
    CallerPart,
    IntentPart,
    action_part,
    caller_part,
    intent_part,
    new_call_id,
    verification_part,
)


def test_a_number_that_is_none_is_null() -> None:
    assert CallerPart(number=None, known=False, customer_id=None) == caller_part(
        Malformed(), Unknown()
    )


def test_two_readings_show_the_likelier() -> None:
    first = Intent(name="a", confidence=0.41239, slots={"date": "2026-01-01"})

    found = intent_part(Unsure(first=first, second=Intent(name="b", confidence=0.4)))

    assert IntentPart(name="a", confidence=0.412, slots={"date": "2026-01-01"}) == found


def test_what_nobody_serves_is_named_so() -> None:
    assert IntentPart(name="out_of_scope", confidence=0.2, slots={}) == intent_part(
        OutOfScope(confidence=0.2)
    )


def test_only_who_is_handed_on_gets_a_token_and_each_another() -> None:
    lines = (Line(key="x"),)
    queue = Queue(lines=lines, queue="vip", priority=85)

    tokens = {action_part(queue, "x").context_token for _ in range(50)}

    assert len(tokens) == 50
    assert all(len(str(token)) >= 22 for token in tokens)
    assert ActionPart(
        type="hangup", prompt="bye", queue=None, priority=None, context_token=None
    ) == action_part(HangUp(lines=lines), "bye")


def test_new_calls_have_ids_of_their_own() -> None:
    assert len({new_call_id() for _ in range(50)}) == 50
    assert isinstance(CallId(new_call_id()), str)


def test_what_was_wrong_with_the_sound_is_told_in_codes() -> None:
    verdict = Verdict(
        outcome=Outcome.INCONCLUSIVE,
        incremental=Comparison(score=0.12345, llr=-1.006, net_ms=3_000),
        poor=(Poor(code=Flaw.TOO_QUIET, reason="The voice is too quiet."),),
    )

    part = verification_part(verdict)

    assert (part.quality, part.incremental_score, part.incremental_llr) == (
        ["too_quiet"],
        0.123,
        -1.01,
    )
    assert part.score is None
