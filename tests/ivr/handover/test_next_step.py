import pytest

from ivr.handover.context import Evidence
from ivr.handover.next_step import next_step

SURE = Evidence(decision="accepted")


def step(evidence: Evidence = SURE, **changes: object) -> str:
    usual = {"is_failure": False, "mood": "neutral", "is_known": True}
    return next_step(evidence, **{**usual, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("mood", ["neutral", "upset", "needs_help"])
@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(decision="rejected"),
        Evidence(decision="spoof_suspected"),
        Evidence(decision="accepted", signs=("synthetic_voice",)),
    ],
)
def test_who_may_be_somebody_else_proves_it_before_anything(evidence: Evidence, mood: str) -> None:
    assert step(evidence, mood=mood) == "prove_before_anything"


@pytest.mark.parametrize("decision", ["inconclusive", "not_enrolled", "opted_out", "expired"])
def test_who_is_not_proven_is_told_nothing_personal(decision: str) -> None:
    assert step(Evidence(decision=decision)) == "prove_before_personal"


def test_the_upset_are_listened_to_first() -> None:
    assert step(mood="upset") == "listen_first"
    assert step(Evidence(decision="inconclusive"), mood="upset") == "listen_first"


def test_after_a_failure_we_apologise() -> None:
    assert step(is_failure=True) == "apologise_and_ask"


def test_poor_sound_speaks_against_nobody() -> None:
    assert step(Evidence(decision="accepted", quality=("noisy",))) == "go_on"


def test_strangers_are_asked_who_they_are() -> None:
    assert step(Evidence(decision="not_enrolled"), is_known=False) == "ask_who"


def test_who_is_slow_is_given_time() -> None:
    assert step(mood="needs_help") == "take_time"
