"""Around the comparison: who may try, and what takes an acceptance away."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from biometrics import (
    EncoderId,
    MemoryStore,
    OptedOut,
    Outcome,
    Sign,
    Speech,
    Standing,
    StoreUnavailable,
    SubjectId,
    Verdict,
    Voiceprint,
    VoiceProblem,
)
from ivr.call import Caller, CustomerId
from ivr.verify.attempts import Allowed, AttemptKeys, Attempts, Locked, Origin
from ivr.verify.check import Signs, VoiceCheck
from ivr.verify.evidence import Evidence

Say = Callable[..., Speech]
After = Callable[[VoiceCheck, Iterable[Speech]], Evidence]

NOW = datetime(2026, 3, 10, tzinfo=UTC)
KLAUS = Caller(customer_id=CustomerId("C-1"), subject=SubjectId("s-1"), name="Klaus")
REPLAY = Sign(name="replay", risk=0.9, is_spoof=True, may_gate=True, reason="Heard before.")


@dataclass(frozen=True)
class FakeAttempts:
    """Says yes or no as told, and writes down what it is told."""

    permission: Allowed | Locked = field(default_factory=Allowed)
    told: list[str] = field(default_factory=list)

    def may_try(self, keys: AttemptKeys, now: datetime) -> Allowed | Locked:
        self.told.append(f"may {keys.subject} {keys.number} {keys.source} try")
        return self.permission

    def failed(self, keys: AttemptKeys, now: datetime) -> None:
        self.told.append("failed")

    def succeeded(self, keys: AttemptKeys, now: datetime) -> None:
        self.told.append("succeeded")


class GoneAttempts(FakeAttempts):
    def may_try(self, keys: AttemptKeys, now: datetime) -> Allowed | Locked:
        raise StoreUnavailable("gone")


class ReadOnlyAttempts(FakeAttempts):
    def failed(self, keys: AttemptKeys, now: datetime) -> None:
        raise StoreUnavailable("gone")

    def succeeded(self, keys: AttemptKeys, now: datetime) -> None:
        raise StoreUnavailable("gone")


class GoneStore(MemoryStore):
    def get(self, subject: SubjectId) -> Voiceprint | OptedOut | None:
        raise StoreUnavailable("gone")


def enrolled() -> MemoryStore:
    store = MemoryStore()
    store.put(
        Voiceprint(
            subject=SubjectId("s-1"),
            encoder=EncoderId("pattern-0"),
            vector=np.ones(4, dtype=np.float32),
            net_speech_ms=12_000,
            recordings=3,
            enrolled_at=NOW,
        )
    )
    return store


def scripted(outcomes: Iterable[str]) -> Callable[..., Standing]:
    verdicts: Iterator[Verdict] = (Verdict(outcome=Outcome(name), llr=6.0) for name in outcomes)
    return lambda *_: Standing(verdict=next(verdicts))


def check_with(
    *outcomes: str, attempts: Attempts | None = None, signs: Signs | None = None
) -> VoiceCheck:
    return VoiceCheck(
        store=enrolled(),
        judge=scripted(outcomes),
        attempts=attempts,
        signs=signs,
    )


@pytest.mark.parametrize("until", [None, NOW + timedelta(seconds=30)])
def test_who_is_locked_is_not_compared_and_gets_a_person(
    speech: Say, after: After, until: datetime | None
) -> None:
    nothing_to_compare = check_with(attempts=FakeAttempts(permission=Locked(until=until)))

    verdict = after(nothing_to_compare, [speech(4)]).verdict

    assert verdict == Verdict(
        outcome=Outcome.INCONCLUSIVE,
        reasons=("locked after failed attempts",),
        net_speech_ms=4_000,
        needs_person=True,
    )


def test_without_the_count_of_failures_nobody_is_compared(speech: Say, after: After) -> None:
    found = after(check_with(attempts=GoneAttempts()), [speech(4)])

    assert found.verdict.outcome is Outcome.INCONCLUSIVE
    assert found.verdict.needs_person


@pytest.mark.parametrize("outcome", ["accepted", "rejected", "spoof_suspected"])
def test_what_cannot_be_counted_proves_nothing(speech: Say, after: After, outcome: str) -> None:
    found = after(check_with(outcome, attempts=ReadOnlyAttempts()), [speech(4)])

    assert found.verdict.outcome is Outcome.INCONCLUSIVE
    assert found.verdict.llr is None
    assert found.standing is None


def test_a_failure_that_could_not_be_counted_is_counted_in_the_next_turn(
    speech: Say, after: After
) -> None:
    first = after(check_with("rejected", attempts=ReadOnlyAttempts()), [speech(4)])
    attempts = FakeAttempts()

    check_with("rejected", attempts=attempts).check(KLAUS, speech(4), first, NOW)

    assert attempts.told[-1] == "failed"


@pytest.mark.parametrize("outcome", ["rejected", "spoof_suspected"])
def test_a_call_fails_once_however_many_turns_it_takes(
    speech: Say, after: After, outcome: str
) -> None:
    attempts = FakeAttempts()

    after(check_with(*[outcome] * 3, attempts=attempts), [speech(4)] * 3)

    assert attempts.told.count("failed") == 1
    assert attempts.told.count("may s-1 None None try") == 3


def test_inconclusive_is_no_failure_and_no_success(speech: Say, after: After) -> None:
    attempts = FakeAttempts()

    after(check_with("inconclusive", attempts=attempts), [speech(4)])

    assert attempts.told == ["may s-1 None None try"]


def test_acceptance_resets_the_count_once(speech: Say, after: After) -> None:
    attempts = FakeAttempts()

    after(check_with("accepted", "accepted", attempts=attempts), [speech(4)] * 2)

    assert attempts.told.count("succeeded") == 1


def test_failures_are_counted_by_where_the_call_comes_from(speech: Say) -> None:
    attempts = FakeAttempts()
    origin = Origin(number="+4989123456", source="jambonz")

    check_with("accepted", attempts=attempts).check(KLAUS, speech(4), None, NOW, origin)

    assert attempts.told[0] == "may s-1 +4989123456 jambonz try"
    assert "+4989" not in repr(origin)


def test_an_accepted_voice_with_signs_of_an_attack_is_suspected(speech: Say, after: After) -> None:
    found = after(check_with("accepted", signs=lambda *_: (REPLAY,)), [speech(4)])

    assert found.verdict.outcome is Outcome.SPOOF_SUSPECTED
    assert found.verdict.reasons == ("Heard before.",)
    assert found.verdict.signs == (REPLAY,)


def test_a_sign_that_may_not_gate_is_only_told(speech: Say, after: After) -> None:
    advice = Sign(name="synthetic", risk=0.9, is_spoof=True, may_gate=False, reason="Smooth.")

    found = after(check_with("accepted", signs=lambda *_: (advice,)), [speech(4)])

    assert found.verdict.outcome is Outcome.ACCEPTED
    assert found.verdict.signs == (advice,)


def test_an_attack_in_one_turn_is_not_forgotten_in_the_next(speech: Say, after: After) -> None:
    heard = iter([(REPLAY,), ()])
    check = check_with("inconclusive", "accepted", signs=lambda *_: next(heard))

    assert after(check, [speech(4), speech(4)]).verdict.outcome is Outcome.SPOOF_SUSPECTED


@pytest.mark.parametrize("err", [StoreUnavailable("gone"), VoiceProblem("broken")])
def test_when_signs_cannot_be_looked_for_nobody_is_accepted(
    speech: Say, after: After, err: VoiceProblem
) -> None:
    def failing(*_: object) -> tuple[Sign, ...]:
        raise err

    found = after(check_with("accepted", signs=failing), [speech(4)])

    assert found.verdict.outcome is Outcome.INCONCLUSIVE
    assert found.verdict.needs_person
    assert found.standing is None


def test_nothing_is_looked_for_in_the_voice_of_who_refused(speech: Say, after: After) -> None:
    store = MemoryStore()
    store.opt_out(SubjectId("s-1"))
    check = VoiceCheck(
        store=store,
        judge=scripted(["opted_out"]),
        signs=lambda *_: pytest.fail("the voice was examined"),
    )

    assert after(check, [speech(4)]).verdict.outcome is Outcome.OPTED_OUT


def test_voiceprints_that_cannot_be_read_prove_nothing(speech: Say, after: After) -> None:
    check = VoiceCheck(store=GoneStore(), judge=scripted([]))

    assert after(check, [speech(4)]).verdict.outcome is Outcome.INCONCLUSIVE
