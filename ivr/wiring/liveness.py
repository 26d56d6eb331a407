"""Signs of copied and made voices: which are looked for, and which may take an acceptance away."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

import biometrics
from biometrics import Beforehand, Sign, Speech, SubjectId
from biometrics.liveness import (
    EXACT_REPLAY,
    NEAR_REPLAY,
    SYNTHETIC_VOICE,
    FingerprintStore,
    LivenessCheck,
    LivenessSettings,
    Mode,
    SpoofDetector,
    ThresholdDetector,
)
from biometrics.liveness.detector import HeardBefore
from biometrics.liveness.fingerprint import fingerprint
from biometrics.liveness.sealing import SealedByVault
from biometrics.records.uses import Uses
from biometrics.storage.database import Engine
from biometrics.vault.vault import Vault
from ivr.wiring.places import Places

_WEIGHTS = Path(biometrics.__file__).with_name("weights") / "telephone-spoof-0"
_SECOND_OPINION = "aasist"

Listen = Callable[[SubjectId, Speech, datetime], tuple[Sign, ...]]


@dataclass(frozen=True)
class Liveness:
    """Was it spoken by a person, now?"""

    places: Places
    database: Callable[[], str | Engine]
    """Where fingerprints are kept."""

    vault: Callable[[], Vault] | None = None
    """Whose keys seal them; None where nothing is sealed."""

    beforehand: Beforehand = field(default_factory=Beforehand)
    """What was heard in a turn before it was over."""

    @property
    def mode(self) -> Mode:
        return Mode(self.places.settings.verify.liveness)

    @cached_property
    def store(self) -> FingerprintStore:
        """Fingerprints, whether or not they are looked at: they can be forgotten in any mode.

        Raises:
            StoreUnavailable: they cannot be opened.
        """
        from biometrics.liveness.sql_fingerprints import SqlFingerprints

        sealing = SealedByVault(self.vault()) if self.vault else None
        return SqlFingerprints(self.database(), sealing=sealing)

    @cached_property
    def check(self) -> LivenessCheck:
        """Ready to listen, its models loaded.

        Raises:
            StoreUnavailable: the fingerprints cannot be opened.
            SpoofDetectorUnusable: a detector's file is damaged.
        """
        own = self.own_detector
        wanted: dict[str, SpoofDetector | None] = {SYNTHETIC_VOICE: own}
        if self.places.settings.verify.second_opinion:
            wanted[_SECOND_OPINION] = self.second_opinion
        gating = {EXACT_REPLAY, NEAR_REPLAY} | (
            {SYNTHETIC_VOICE} if own and own.may_gate else set()
        )
        return LivenessCheck(
            store=self.store,
            detectors=tuple(
                HeardBefore(name=found.name, judge=self.beforehand.of(found.judge))
                for found in wanted.values()
                if found
            ),
            missing=tuple(name for name, found in wanted.items() if not found),
            gating=frozenset(gating),
            settings=LivenessSettings(mode=self.mode),
            fingerprint_of=self.beforehand.of(fingerprint),
        )

    @property
    def signs(self) -> Listen | None:
        """For the check of voices; None where nothing is looked for."""
        return None if self.mode is Mode.OFF else self.check.listen

    def remember(self, subject: SubjectId, speech: Speech, now: datetime) -> None:
        """An enrolled or accepted recording.

        Raises:
            StoreUnavailable: it cannot be kept.
        """
        if self.mode is not Mode.OFF:
            self.check.remember(subject, speech, now)

    @cached_property
    def own_detector(self) -> ThresholdDetector | None:
        """The one that comes with the product.

        Raises:
            SpoofDetectorUnusable: its files are damaged.
        """
        from biometrics.liveness.synthetic import load_synthetic

        return load_synthetic(_WEIGHTS) if _WEIGHTS.is_dir() else None

    @cached_property
    def second_opinion(self) -> ThresholdDetector | None:
        """AASIST, where its weights are."""
        from biometrics.liveness.aasist import load_aasist

        folder = self.places.model_if_here(_SECOND_OPINION)
        return load_aasist(folder) if folder else None


@dataclass(frozen=True, slots=True)
class ForgettingUses:
    """Uses of voices, and the fingerprints that go when a voice is forgotten."""

    uses: Uses
    fingerprints: Callable[[], FingerprintStore]

    def note(self, subject: SubjectId, now: datetime) -> None:
        self.uses.note(subject, now)

    def last(self, subject: SubjectId) -> datetime | None:
        return self.uses.last(subject)

    def idle_since(self, moment: datetime) -> tuple[SubjectId, ...]:
        return self.uses.idle_since(moment)

    def forget(self, subject: SubjectId) -> None:
        """Both. Raises StoreUnavailable when either cannot; then asking again ends it."""
        self.fingerprints().forget(subject)
        self.uses.forget(subject)
