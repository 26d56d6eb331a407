"""Ask the voiceprint about one turn, within the call it belongs to."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from biometrics import (
    Flaw,
    OptedOut,
    Outcome,
    Sign,
    Speech,
    Standing,
    StoreUnavailable,
    SubjectId,
    Verdict,
    Voiceprint,
    VoiceprintStore,
    VoiceProblem,
)
from ivr.call import Caller, Unknown
from ivr.verify.attempts import NOWHERE, AttemptKeys, Attempts, Locked, Origin
from ivr.verify.evidence import Evidence

Signs = Callable[[SubjectId, Speech, datetime], tuple[Sign, ...]]
"""What a turn has in common with copied or made voices. Raises VoiceProblem when it cannot tell."""

_FAILURES = (Outcome.REJECTED, Outcome.SPOOF_SUSPECTED)


class Judge(Protocol):
    """Compares a turn with what is kept of a voice, after what the call told before."""

    def __call__(
        self,
        found: Voiceprint | OptedOut | None,
        turn: Speech,
        so_far: Standing | None,
        now: datetime,
    ) -> Standing:
        """What the call tells after this turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceCheck:
    """Verifies callers by voice. One per process, shared by every call."""

    store: VoiceprintStore
    judge: Judge
    signs: Signs | None = None
    attempts: Attempts | None = None

    def check(
        self,
        caller: Caller | Unknown,
        speech: Speech,
        earlier: Evidence | None,
        now: datetime,
        origin: Origin = NOWHERE,
    ) -> Evidence:
        """The verdict on the caller's voice after this turn.

        Whatever cannot be asked - the count of failures, the voiceprints, the signs of an attack -
        leaves nobody accepted.
        """
        if isinstance(caller, Unknown):
            return _unproven(speech, Outcome.NOT_ENROLLED, "the number is not in the directory")
        subject = SubjectId(caller.subject)
        if earlier is None or earlier.subject != subject:
            earlier = Evidence(subject=subject, verdict=Verdict(outcome=Outcome.INCONCLUSIVE))
        keys = AttemptKeys(subject=subject, number=origin.number, source=origin.source)
        if closed := self._why_closed(keys, now):
            return _stopped(earlier, speech, closed)
        try:
            found = self.store.get(subject)
        except StoreUnavailable:
            return _stopped(earlier, speech, "the voiceprints cannot be read")
        standing = self.judge(found, speech, earlier.standing, now)
        evidence = replace(earlier, standing=standing, verdict=standing.verdict)
        if isinstance(found, Voiceprint):
            evidence = self._examined(evidence, speech, earlier, now)
        return self._counted(_of_one_person(evidence), speech, earlier, keys, now)

    def _why_closed(self, keys: AttemptKeys, now: datetime) -> str | None:
        if self.attempts is None:
            return None
        try:
            permission = self.attempts.may_try(keys, now)
        except StoreUnavailable:
            return "the count of failed attempts cannot be read"
        return "locked after failed attempts" if isinstance(permission, Locked) else None

    def _examined(
        self, evidence: Evidence, speech: Speech, earlier: Evidence, now: datetime
    ) -> Evidence:
        """No acceptance where this turn, or an earlier one of the call, has signs of an attack."""
        if self.signs is None or evidence.verdict.outcome is Outcome.REJECTED:
            return evidence
        try:
            heard = self.signs(evidence.subject, speech, now) if evidence.subject else ()
        except VoiceProblem:
            # Speech that was not examined must not help to an acceptance later on.
            return _stopped(earlier, speech, "the signs of an attack cannot be looked for")
        forbidding = (*evidence.forbidding, *(sign for sign in heard if sign.forbids))
        verdict = replace(evidence.verdict, signs=heard)
        if forbidding and verdict.outcome is Outcome.ACCEPTED:
            reasons = tuple(dict.fromkeys(sign.reason for sign in forbidding))
            verdict = replace(verdict, outcome=Outcome.SPOOF_SUSPECTED, reasons=reasons)
        return replace(evidence, verdict=verdict, forbidding=forbidding)

    def _counted(
        self,
        evidence: Evidence,
        speech: Speech,
        earlier: Evidence,
        keys: AttemptKeys,
        now: datetime,
    ) -> Evidence:
        """A call fails once, however many turns it takes; what cannot be counted proves nothing."""
        if self.attempts is None:
            return evidence
        outcome, before = evidence.verdict.outcome, earlier.verdict.outcome
        try:
            if outcome in _FAILURES and not earlier.is_counted:
                self.attempts.failed(keys, now)
                return replace(evidence, is_counted=True)
            if outcome is Outcome.ACCEPTED and before is not Outcome.ACCEPTED:
                self.attempts.succeeded(keys, now)
        except StoreUnavailable:
            return _stopped(earlier, speech, "the count of failed attempts cannot be written")
        return evidence


def unchecked(
    caller: Caller | Unknown, earlier: Evidence | None, speech: Speech, reason: str
) -> Evidence:
    """What is left where the check itself did not answer: nothing is proven, or any more."""
    if isinstance(caller, Unknown):
        return _unproven(speech, Outcome.INCONCLUSIVE, reason)
    subject = SubjectId(caller.subject)
    if earlier is None or earlier.subject != subject:
        earlier = Evidence(subject=subject, verdict=Verdict(outcome=Outcome.INCONCLUSIVE))
    return _stopped(earlier, speech, reason)


def _of_one_person(evidence: Evidence) -> Evidence:
    """What was proven or spoken against goes with the voice: another one brings its own."""
    verdict = evidence.verdict
    if verdict.outcome is Outcome.ACCEPTED:
        return replace(evidence, was_rejected=False)
    if verdict.outcome in _FAILURES:
        return replace(evidence, has_second_factor=False, was_rejected=True)
    if any(poor.code is Flaw.SEVERAL_VOICES for poor in verdict.poor):
        return replace(evidence, has_second_factor=False)
    return evidence


def _unproven(speech: Speech, outcome: Outcome, reason: str) -> Evidence:
    verdict = Verdict(outcome=outcome, reasons=(reason,), net_speech_ms=speech.net_ms)
    return Evidence(subject=None, verdict=verdict)


def _stopped(earlier: Evidence, speech: Speech, reason: str) -> Evidence:
    """Nothing of this turn is kept, and nothing is proven any more."""
    verdict = Verdict(
        outcome=Outcome.INCONCLUSIVE,
        reasons=(reason,),
        net_speech_ms=speech.net_ms,
        needs_person=True,
    )
    return replace(earlier, standing=None, verdict=verdict)
