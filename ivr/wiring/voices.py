"""Voices: the encoder, what its scores mean, and where prints are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from biometrics import (
    Calibration,
    Comparer,
    ContinuousSettings,
    Encoder,
    EnrolSettings,
    OptedOut,
    Speech,
    SpeechDetector,
    Standing,
    SubjectId,
    VerifySettings,
    Voiceprint,
    VoiceprintStore,
    enrol,
    follow,
)
from biometrics.database import Engine, open_engine
from ivr.listen.turn import listen
from ivr.verify.check import VoiceCheck
from ivr.verify.remember import RememberingCheck
from ivr.wiring.attempts import Doors
from ivr.wiring.encoder import chosen_encoder
from ivr.wiring.judging import calibration_of
from ivr.wiring.keys import Keys
from ivr.wiring.liveness import Liveness
from ivr.wiring.places import Places
from ivr.wiring.records import Records


@dataclass(frozen=True)
class Voices:
    """Who sounds how."""

    places: Places

    @cached_property
    def detector(self) -> SpeechDetector:
        from biometrics.silero import load_silero

        return load_silero()

    @cached_property
    def engine(self) -> Engine:
        """The one way to the database, for every table in it."""
        engine = open_engine(self.places.database)
        self.places.closing.callback(engine.dispose)
        return engine

    @cached_property
    def keys(self) -> Keys:
        return Keys(self.places)

    @cached_property
    def sealed(self) -> VoiceprintStore:
        """All that is kept, whether or not there is consent; reads of it are not audited."""
        from biometrics.sql_store import SqlStore

        return SqlStore(self.engine, self.keys.vault)

    @cached_property
    def records(self) -> Records:
        # The store comes first: opening it makes the keys where there are none yet.
        _ = self.sealed
        key = self.keys.vault.common_key("audit trail")
        return Records(self.engine, key, self.places.settings.verify)

    @cached_property
    def store(self) -> VoiceprintStore:
        """For calls and enrolments: what people agreed to, and every read of it audited."""
        return self.records.for_use(self.sealed, actor="service")

    @cached_property
    def _loaded(self) -> tuple[Encoder, Path]:
        """The encoder in use, and the folder of the calibration that belongs to it."""
        return chosen_encoder(self.places)

    @property
    def encoder(self) -> Encoder:
        return self._loaded[0]

    @cached_property
    def calibration(self) -> Calibration:
        """Of the encoder in use, as strict as asked; without one nothing is ever accepted."""
        encoder, folder = self._loaded
        return calibration_of(
            encoder.id,
            encoder.weights_sha256,
            shipped=folder / "calibration.json",
            settings=self.places.settings,
        )

    @cached_property
    def liveness(self) -> Liveness:
        return Liveness(self.places, lambda: self.engine, lambda: self.keys.vault)

    @cached_property
    def doors(self) -> Doors:
        return Doors(
            settings=self.places.settings,
            engine=lambda: self.engine,
            vault=lambda: self.keys.vault,
            records=lambda: self.records,
        )

    @cached_property
    def check(self) -> VoiceCheck:
        """Ready to verify, its models loaded, so that the first caller does not wait for them."""
        _ = self.calibration, self.detector
        return VoiceCheck(
            store=self.store,
            judge=self._judge,
            signs=self.liveness.signs,
            attempts=self.doors.watched_by("service"),
        )

    @cached_property
    def remembering_check(self) -> RememberingCheck:
        """For calls: what is accepted now is an earlier recording from then on."""
        return RememberingCheck(ask=self.check.check, remember=self._remember)

    def _remember(self, subject: SubjectId, speech: Speech, now: datetime) -> None:
        """What an accepted turn leaves behind."""
        self.liveness.remember(subject, speech, now)
        self.records.note_use(subject, now)

    def listen(self, data: bytes) -> Speech:
        """A WAV file as speech."""
        return listen(data, settings=self.places.settings.listen, detector=self.detector)

    def enrol(
        self, subject: SubjectId, recordings: Sequence[bytes], *, now: datetime
    ) -> Voiceprint:
        """Make and keep a voiceprint from WAV files.

        Raises:
            VoiceProblem: the recordings are refused, or the store is; nothing was kept.
            CallProblem: a file is no recording.
        """
        self.records.agreed(self.sealed).check_may_enrol(subject)
        needs = self.places.settings.verify
        # The same recording twice tells nothing more.
        heard = [self.listen(recording) for recording in dict.fromkeys(recordings)]
        voiceprint = enrol(
            subject,
            heard,
            encoder=self.encoder,
            calibration=self.calibration,
            settings=EnrolSettings(
                recordings=needs.enrol_recordings,
                net_ms=needs.enrol_net_ms,
                recording_net_ms=needs.enrol_recording_net_ms,
            ),
            now=now,
        )
        self.store.put(voiceprint)
        for speech in heard:
            self.liveness.remember(subject, speech, now)
        return voiceprint

    def _judge(
        self,
        found: Voiceprint | OptedOut | None,
        turn: Speech,
        so_far: Standing | None,
        now: datetime,
    ) -> Standing:
        expires_after_days = self.records.oldest_days(found, now)
        return follow(
            found,
            turn,
            so_far,
            comparer=Comparer(encoder=self.encoder, calibration=self.calibration),
            settings=VerifySettings(expires_after_days=expires_after_days),
            continuous=ContinuousSettings(
                longest_ms=self.places.settings.verify.longest_evidence_ms
            ),
            now=now,
        )
