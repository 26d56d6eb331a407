"""Ask the voiceprint about one turn, within the call it belongs to."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from biometrics import (
    OptedOut,
    Outcome,
    Speech,
    StoreUnavailable,
    SubjectId,
    Verdict,
    Voiceprint,
    VoiceprintStore,
)
from ivr.call import Caller, Unknown
from ivr.verify.evidence import Evidence, compact, latest


class Judge(Protocol):
    """Compares speech with what is kept of a voice."""

    def __call__(
        self, found: Voiceprint | OptedOut | None, speech: Speech, now: datetime
    ) -> Verdict: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceCheck:
    """Verifies callers by voice. One per process, shared by every call."""

    store: VoiceprintStore
    judge: Judge
    longest_evidence_ms: int

    def check(
        self, caller: Caller | Unknown, speech: Speech, earlier: Evidence | None, now: datetime
    ) -> Evidence:
        """The verdict on the caller's voice after this turn.

        A turn that is long enough is judged by itself first, so that nobody is carried by the
        speech of somebody else. Turns too short to be compared are joined with each other, and
        turns that speak for the caller with each other.
        """
        if isinstance(caller, Unknown):
            return _unproven(speech, Outcome.NOT_ENROLLED, "the number is not in the directory")
        subject = SubjectId(caller.subject)
        try:
            found = self.store.get(subject)
        except StoreUnavailable:
            return _unproven(speech, Outcome.INCONCLUSIVE, "the voiceprints cannot be read")
        if earlier is None or earlier.subject != subject:
            earlier = Evidence(subject=subject, verdict=Verdict(outcome=Outcome.INCONCLUSIVE))
        turn = compact(speech)
        alone = self.judge(found, turn, now)
        if _is_too_little(alone) and earlier.pieces is not None:
            turn = latest(earlier.pieces, turn, longest_ms=self.longest_evidence_ms)
            alone = self.judge(found, turn, now)
        if _is_too_little(alone):
            return replace(earlier, pieces=turn, verdict=_kept(earlier.verdict, alone))
        return self._weighed(found, turn, alone, earlier, now)

    def _weighed(
        self,
        found: Voiceprint | OptedOut | None,
        turn: Speech,
        alone: Verdict,
        earlier: Evidence,
        now: datetime,
    ) -> Evidence:
        """A turn that could be compared decides; where it only leans, what came before helps."""
        newest = Evidence(subject=earlier.subject, compared=turn, verdict=alone)
        leans_to_the_caller = alone.outcome is Outcome.INCONCLUSIVE and (alone.llr or 0.0) >= 0.0
        was_somebody_else = earlier.verdict.outcome is Outcome.REJECTED
        if not leans_to_the_caller or was_somebody_else or earlier.compared is None:
            return newest
        whole = latest(earlier.compared, turn, longest_ms=self.longest_evidence_ms)
        return replace(newest, compared=whole, verdict=self.judge(found, whole, now))


def _is_too_little(verdict: Verdict) -> bool:
    """Nothing was compared, and nothing else decided."""
    return verdict.outcome is Outcome.INCONCLUSIVE and verdict.llr is None


def _kept(before: Verdict, now: Verdict) -> Verdict:
    """A turn too short to be compared changes nothing that was found in the same call."""
    if before.outcome in (Outcome.ACCEPTED, Outcome.REJECTED):
        return replace(before, reasons=(f"{before.outcome.value} earlier in this call",))
    return now


def _unproven(speech: Speech, outcome: Outcome, reason: str) -> Evidence:
    verdict = Verdict(outcome=outcome, reasons=(reason,), net_speech_ms=speech.net_ms)
    return Evidence(subject=None, verdict=verdict)
