"""One doubt about one turn, and nothing is learned from the whole call."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from biometrics import Examined, Flaw, Outcome, Poor, Sign, Speech, Standing, SubjectId, Verdict
from ivr.call import Caller, CustomerId, Unknown
from ivr.verify.attempts import NOWHERE, Origin
from ivr.verify.evidence import Evidence
from ivr.verify.gather import GatheringCheck

NOW = datetime(2026, 3, 10, tzinfo=UTC)
KLAUS = Caller(customer_id=CustomerId("C-1"), subject="s-1", name="Klaus")
ALARM = Sign(name="replay", risk=0.9, is_spoof=True, may_gate=True, reason="Heard before.")
TWO = Poor(code=Flaw.SEVERAL_VOICES, reason="Two.", is_meaningless=True)

Say = Callable[..., Speech]


class Script:
    """A check that finds what it is told to find."""

    def __init__(self, examined: Examined = Examined.CLEAR) -> None:
        self.next = Evidence(subject=SubjectId("s-1"), verdict=Verdict(outcome=Outcome.ACCEPTED))
        self.examined = examined

    def ask(
        self,
        caller: Caller | Unknown,
        speech: Speech,
        earlier: Evidence | None,
        now: datetime,
        origin: Origin = NOWHERE,
    ) -> Evidence:
        kept = earlier or Evidence(subject=None, verdict=self.next.verdict)
        return replace(
            self.next, clearest=kept.clearest, uncompared=kept.uncompared, spoiled=kept.spoiled
        )

    def look(self, heard: Sequence[Sign]) -> Examined:
        return self.examined

    @property
    def check(self) -> GatheringCheck:
        return GatheringCheck(ask=self.ask, examined=self.look, most_uncompared_ms=12_000)

    def turn(self, speech: Speech, earlier: Evidence | None = None, **verdict: object) -> Evidence:
        """A turn that was compared for its own speech."""
        found = replace(
            Verdict(outcome=Outcome.ACCEPTED, llr=9.0, threshold=4.0),
            **verdict,  # type: ignore[arg-type]
        )
        standing = Standing(
            verdict=found, evidence=speech, voice=np.array([1.0, 0.0], dtype=np.float32)
        )
        self.next = replace(self.next, verdict=found, standing=standing)
        return self.check.check(KLAUS, speech, earlier, NOW)


@pytest.mark.parametrize(
    ("doubt", "code"),
    [
        ({"outcome": Outcome.REJECTED}, "rejected"),
        ({"outcome": Outcome.SPOOF_SUSPECTED}, "spoof_suspected"),
        ({"outcome": Outcome.INCONCLUSIVE, "needs_person": True}, "check_stopped"),
        ({"outcome": Outcome.INCONCLUSIVE, "poor": (TWO,)}, "several_voices"),
    ],
)
def test_a_doubt_in_any_turn_spoils_the_call(
    speech: Say, doubt: dict[str, object], code: str
) -> None:
    script = Script()
    good = script.turn(speech(5))
    doubtful = script.turn(speech(5), good, **doubt)
    good_again = script.turn(speech(5), doubtful)

    assert good.clearest is not None
    assert (doubtful.spoiled, doubtful.clearest) == (code, None)
    assert (good_again.spoiled, good_again.clearest) == (code, None)


def test_a_sign_of_an_attack_spoils_the_call(speech: Say) -> None:
    script = Script(Examined.ALARMING)
    assert script.turn(speech(5)).spoiled == "signs"

    script = Script()
    script.next = replace(script.next, forbidding=(ALARM,))
    assert script.turn(speech(5)).spoiled == "signs"


def test_a_turn_that_could_not_be_examined_is_not_learned_from(speech: Say) -> None:
    script = Script(Examined.UNCLEAR)

    assert script.turn(speech(5)).clearest is None
    assert script.turn(speech(5), outcome=Outcome.EXPIRED).uncompared == ()


def test_another_caller_in_the_same_call_spoils_it(speech: Say) -> None:
    script = Script()
    good = script.turn(speech(5))
    script.next = replace(script.next, subject=SubjectId("s-2"))

    assert script.turn(speech(5), good).spoiled == "other_subject"


def test_a_turn_that_needed_earlier_ones_is_no_proof_by_itself(speech: Say) -> None:
    script = Script()
    script.turn(speech(5))
    joined = script.check.check(KLAUS, speech(3), None, NOW)

    assert joined.clearest is None


def test_the_clearest_turn_is_kept(speech: Say) -> None:
    script = Script()
    first = script.turn(speech(5), llr=9.0)
    second = script.turn(speech(5), first, llr=7.0)
    third = script.turn(speech(5), second, llr=11.0)

    assert second.clearest is first.clearest
    assert third.clearest is not None
    assert third.clearest.verdict.llr == 11.0


def test_turns_that_could_not_be_compared_wait_for_the_end_the_latest_first(speech: Say) -> None:
    script = Script()
    evidence: Evidence | None = None
    for seconds in (8, 5, 4):
        evidence = script.turn(speech(seconds), evidence, outcome=Outcome.EXPIRED)

    assert evidence is not None
    assert [turn.net_ms for turn in evidence.uncompared] == [5_000, 4_000]
    assert "samples" not in repr(evidence)
