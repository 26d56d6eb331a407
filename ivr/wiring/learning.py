"""Learning from calls, put together: which of it is on, and what it rests on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from typing import Protocol

from biometrics import (
    AdaptSettings,
    Comparer,
    EnrolSettings,
    OptedOut,
    Purpose,
    ReenrolSettings,
    Speech,
    Standing,
    SubjectId,
    Voiceprint,
    VoiceprintStore,
)
from ivr.settings import VerifySettings
from ivr.verify.check import Judge
from ivr.verify.collect import Collector
from ivr.verify.gather import GatheringCheck
from ivr.verify.learn import Adapting, AfterCall
from ivr.verify.remember import Check
from ivr.wiring.earlier import EarlierEncoders
from ivr.wiring.liveness import Liveness
from ivr.wiring.places import Places
from ivr.wiring.records import Records


class JudgeBy(Protocol):
    """Judges a turn by one encoder."""

    def __call__(
        self,
        comparer: Comparer,
        found: Voiceprint | OptedOut | None,
        turn: Speech,
        so_far: Standing | None,
        now: datetime,
    ) -> Standing: ...


@dataclass(frozen=True)
class Learning:
    """What calls may teach."""

    places: Places
    store: Callable[[], VoiceprintStore]
    """For use: what people agreed to, audited."""

    records: Callable[[], Records]
    liveness: Liveness
    comparer: Callable[[], Comparer]
    judge_by: JudgeBy

    @property
    def is_on(self) -> bool:
        """Without looking for signs of an attack nothing is ever learned."""
        wanted = "on" in (self._settings.adaptation, self._settings.reenrolment)
        return wanted and self.liveness.signs is not None

    def gathering(self, check: Check) -> GatheringCheck:
        """A check that notes what may be learned from. Decides nothing."""
        return GatheringCheck(
            ask=check,
            examined=self.liveness.check.examined,
            most_uncompared_ms=self._settings.longest_evidence_ms,
        )

    @cached_property
    def earlier(self) -> EarlierEncoders:
        return EarlierEncoders(self.places)

    @cached_property
    def after_call(self) -> AfterCall:
        return AfterCall(
            agrees=self._agrees,
            adapt=self._adapting if self._settings.adaptation == "on" else None,
            collect=self._collector if self._settings.reenrolment == "on" else None,
        )

    @property
    def _adapting(self) -> Adapting:
        proof = self._settings.adaptation_proof
        return Adapting(
            store=self.store(),
            agrees=self._agrees,
            calibration=lambda: self.comparer().calibration,
            settings=AdaptSettings(needs_second_factor=proof != "voice"),
            digits_are_enough=proof == "digits",
        )

    @property
    def _collector(self) -> Collector:
        needs = self._settings
        return Collector(
            store=self.store(),
            agrees=self._agrees,
            comparer=self.comparer,
            earlier=self._earlier_judge,
            remember=self.liveness.remember,
            settings=ReenrolSettings(
                enrol=EnrolSettings(
                    recordings=needs.enrol_recordings,
                    net_ms=needs.enrol_net_ms,
                    recording_net_ms=needs.enrol_recording_net_ms,
                ),
                keep_days=needs.reenrolment_days,
            ),
        )

    def _earlier_judge(self, found: Voiceprint) -> Judge | None:
        comparer = self.earlier.comparer_for(found)
        return None if comparer is None else partial(self.judge_by, comparer)

    def _agrees(self, subject: SubjectId, now: datetime) -> bool:
        return self.records().ledger.has(subject, Purpose.ADAPTATION, now)

    @property
    def _settings(self) -> VerifySettings:
        return self.places.settings.verify
