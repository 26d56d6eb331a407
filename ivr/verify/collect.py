"""After a call of somebody whose print another encoder made: one more step to a new one.

The earlier encoder's verdict counts for nothing but this. Whoever is served for it could be served
for as long as the print is left, although prints are made again because something was wrong with
the encoder, or better is to be had.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from biometrics import (
    Collecting,
    Comparer,
    Flaw,
    Learned,
    Outcome,
    ProvenBy,
    ProvenCall,
    ReenrolSettings,
    Renewed,
    Speech,
    Standing,
    Stopped,
    SubjectId,
    Verdict,
    Voiceprint,
    VoiceprintStore,
    after_call,
    collect_for,
    forgetting_collected,
    may_go_on,
    must_reenrol,
    voice_in,
)
from ivr.verify.check import Judge
from ivr.verify.evidence import Evidence
from ivr.verify.learn import CHANGED_MEANWHILE, NOTHING, Agrees

_UNPROVEN = "Neither a second factor nor the earlier encoder proved the caller."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Proof:
    by: ProvenBy
    speech: Speech
    earlier: Verdict | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector:
    """Enrols callers again from calls, after the encoder has changed."""

    store: VoiceprintStore
    """For use: what people agreed to, audited."""

    agrees: Agrees
    comparer: Callable[[], Comparer]
    """The encoder in use."""

    earlier: Callable[[Voiceprint], Judge | None]
    """Judges by the encoder that made a print; None where that is not installed any more."""

    remember: Callable[[SubjectId, Speech, datetime], None]
    """What was collected is an earlier recording from then on. Raises VoiceProblem."""

    settings: ReenrolSettings

    def __call__(self, subject: SubjectId, evidence: Evidence, now: datetime) -> str:
        comparer, kept = self.comparer(), self.store.learned(subject)
        if kept is None or not must_reenrol(kept.following.original, comparer.encoder):
            return NOTHING
        proof = self._proof(kept.following.current, evidence, now)
        if proof is None:
            return _UNPROVEN
        call = ProvenCall(
            vector=voice_in(proof.speech, comparer.encoder),
            net_ms=proof.speech.net_ms,
            at=now.astimezone(UTC),
            proven_by=proof.by,
            earlier=proof.earlier,
        )
        why = self._added(subject, kept.following.original, call)
        if not why:
            for turn in evidence.uncompared:
                self.remember(subject, turn, now)
        return why

    def _added(self, subject: SubjectId, original: Voiceprint, call: ProvenCall) -> str:
        comparer, why = self.comparer(), [CHANGED_MEANWHILE]

        def lesson(kept: Learned) -> Learned | Voiceprint | None:
            if not _is_same(kept.following.original, original):
                return None
            found = after_call(
                _begun(kept, comparer),
                call,
                calibration=comparer.calibration,
                settings=self.settings,
                has_consent=self.agrees(subject, call.at),
            )
            match found:
                case Renewed():
                    why[0] = ""
                    return found.voiceprint
                case Stopped():
                    why[0] = "The person did not agree to adaptation."
                    return forgetting_collected(kept)
                case Collecting():
                    why[0] = found.note
                    if found.calls == _begun(kept, comparer).calls:
                        return None
                    return replace(kept, collecting=found if found.calls else None)

        self.store.learn(subject, lesson)
        return why[0]

    def _proof(self, found: Voiceprint, evidence: Evidence, now: datetime) -> _Proof | None:
        """A second factor is not enough where the earlier encoder hears somebody else."""
        judge, standing = self.earlier(found), None
        for turn in evidence.uncompared if judge else ():
            standing = judge(found, turn, standing, now) if judge else None
            if standing is None or _is_somebody_else(standing):
                return None
        heard = standing.evidence if standing else None
        if standing and heard and standing.verdict.outcome is Outcome.ACCEPTED:
            by = ProvenBy.SECOND_FACTOR if evidence.has_second_factor else ProvenBy.EARLIER_ENCODER
            return _Proof(by=by, speech=heard, earlier=standing.verdict)
        if not evidence.has_second_factor:
            return None
        longest = max(evidence.uncompared, key=lambda turn: turn.net_ms)
        return _Proof(by=ProvenBy.SECOND_FACTOR, speech=longest, earlier=None)


def _is_somebody_else(standing: Standing) -> bool:
    verdict = standing.verdict
    has_several = any(poor.code is Flaw.SEVERAL_VOICES for poor in verdict.poor)
    return has_several or verdict.outcome is Outcome.REJECTED


def _begun(kept: Learned, comparer: Comparer) -> Collecting:
    """What was collected so far for this encoder; for another one it is worth nothing."""
    original, collecting = kept.following.original, kept.collecting
    if collecting and may_go_on(collecting, original, comparer.encoder):
        return collecting
    return collect_for(original, comparer.encoder)


def _is_same(one: Voiceprint, other: Voiceprint) -> bool:
    """Somebody else may have been enrolled since the earlier encoder was asked."""
    return (one.encoder, one.enrolled_at) == (other.encoder, other.enrolled_at)
