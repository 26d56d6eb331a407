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
from ivr.verify.evidence import Evidence, extended


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

        Evidence of one call adds up, so short turns are not lost. A voice that was accepted stays
        so through a turn that proves nothing, and not through one that is somebody else's.
        """
        if isinstance(caller, Unknown):
            return _unproven(speech, Outcome.NOT_ENROLLED, "the number is not in the directory")
        try:
            found = self.store.get(SubjectId(caller.subject))
        except StoreUnavailable:
            return _unproven(speech, Outcome.INCONCLUSIVE, "the voiceprints cannot be read")
        alone = self.judge(found, speech, now)
        if earlier is None or alone.outcome is Outcome.REJECTED:
            latest = extended(None, speech, longest_ms=self.longest_evidence_ms)
            return Evidence(speech=latest, verdict=alone)
        whole = extended(earlier, speech, longest_ms=self.longest_evidence_ms)
        verdict = self.judge(found, whole, now)
        return Evidence(speech=whole, verdict=_kept(earlier.verdict, verdict))


def _kept(before: Verdict, now: Verdict) -> Verdict:
    """Too little to tell does not undo what was proven earlier in the same call."""
    if before.outcome is Outcome.ACCEPTED and now.outcome is Outcome.INCONCLUSIVE:
        return replace(before, reasons=("accepted earlier in this call",))
    return now


def _unproven(speech: Speech, outcome: Outcome, reason: str) -> Evidence:
    verdict = Verdict(outcome=outcome, reasons=(reason,), net_speech_ms=speech.net_ms)
    return Evidence(speech=extended(None, speech, longest_ms=0), verdict=verdict)
