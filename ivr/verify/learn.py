"""After a call: what may be learned from it, once the caller has gone.

Nothing in here changes what was answered in the call, and what cannot be kept is not learned.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from biometrics import (
    AdaptSettings,
    Calibration,
    JudgedCall,
    Learned,
    Outcome,
    SubjectId,
    Unchanged,
    VoiceprintStore,
    VoiceProblem,
    adapted,
)
from ivr.verify.evidence import Evidence

log = logging.getLogger(__name__)

Agrees = Callable[[SubjectId, datetime], bool]
"""Whether somebody agreed to adaptation. Raises StoreUnavailable."""

NOTHING = "There is nothing to learn from."
CHANGED_MEANWHILE = "What was kept has changed meanwhile, or is not there any more."


class Teacher(Protocol):
    """Learns from one call of one subject. Raises VoiceProblem; then nothing was changed."""

    def __call__(self, subject: SubjectId, evidence: Evidence, now: datetime) -> str:
        """Why nothing was learned; empty where something was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AfterCall:
    """Learns from calls that are over. One per process."""

    agrees: Agrees
    adapt: Teacher | None = None
    """For who was accepted; None leaves prints as they were enrolled."""

    collect: Teacher | None = None
    """For whose print another encoder made; None collects nothing."""

    def learn(self, evidence: Evidence | None, now: datetime) -> str:
        """Why nothing was learned from a call whose last turn was `now`; empty where it was."""
        if evidence is None or evidence.subject is None:
            return NOTHING
        if evidence.spoiled:
            return f"Nothing is learned from a call with doubts: {evidence.spoiled}."
        try:
            why = self._learned(evidence.subject, evidence, now)
        except VoiceProblem as err:
            log.warning("nothing could be learned from a call", extra={"code": err.code})
            return err.sentence
        log.info("a call was looked at for learning", extra={"why_not": why})
        return why

    def _learned(self, subject: SubjectId, evidence: Evidence, now: datetime) -> str:
        teacher = self._teacher_for(evidence)
        if teacher is None:
            return NOTHING
        if not self.agrees(subject, now):
            return "The person did not agree to adaptation."
        return teacher(subject, evidence, now)

    def _teacher_for(self, evidence: Evidence) -> Teacher | None:
        match evidence.verdict.outcome:
            case Outcome.ACCEPTED if evidence.clearest:
                return self.adapt
            case Outcome.EXPIRED if evidence.uncompared:
                return self.collect
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapting:
    """Lets prints follow their people."""

    store: VoiceprintStore
    """For use: what people agreed to, audited."""

    agrees: Agrees
    calibration: Callable[[], Calibration]
    """Of the encoder in use."""

    settings: AdaptSettings
    digits_are_enough: bool = False
    """The operator lets digits that were repeated in the caller's voice stand for a second factor.
    They keep recordings away, and nobody whose voice is taken for the caller's."""

    def __call__(self, subject: SubjectId, evidence: Evidence, now: datetime) -> str:
        best = evidence.clearest
        if best is None or best.voice is None or best.evidence is None:
            return NOTHING
        repeated = self.digits_are_enough and evidence.has_repeated
        call = JudgedCall(
            verdict=best.verdict,
            vector=best.voice,
            net_ms=best.evidence.net_ms,
            has_second_factor=evidence.has_second_factor or repeated,
        )
        calibration, why = self.calibration(), [CHANGED_MEANWHILE]

        def lesson(kept: Learned) -> Learned | None:
            found = adapted(
                kept.following,
                call,
                calibration=calibration,
                settings=self.settings,
                has_consent=self.agrees(subject, now),
            )
            if isinstance(found, Unchanged):
                why[0] = found.reason
                return None
            return Learned(following=found, collecting=kept.collecting)

        return "" if self.store.learn(subject, lesson) else why[0]
