"""Voices: the encoder, what its scores mean, and where prints are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import biometrics
from biometrics import (
    Calibration,
    Encoder,
    EnrolSettings,
    OptedOut,
    Speech,
    SpeechDetector,
    SubjectId,
    Verdict,
    VerifySettings,
    Voiceprint,
    VoiceprintStore,
    enrol,
    read_calibration,
    verify,
)
from ivr.errors import BadSettings
from ivr.listen.turn import listen
from ivr.verify.check import VoiceCheck
from ivr.wiring.places import Places

_WEIGHTS = Path(biometrics.__file__).with_name("weights")
_UPSTREAM = "spkrec-ecapa-voxceleb"


@dataclass(frozen=True)
class Voices:
    """Who sounds how."""

    places: Places

    @cached_property
    def detector(self) -> SpeechDetector:
        from biometrics.silero import load_silero

        return load_silero()

    @cached_property
    def store(self) -> VoiceprintStore:
        from biometrics.sql_store import SqlStore

        store = SqlStore(self.places.database)
        self.places.closing.callback(store.close)
        return store

    @cached_property
    def _judging(self) -> tuple[Encoder, Calibration]:
        from biometrics.ecapa import load_own, load_spkrec

        settings = self.places.settings
        if settings.encoder == _UPSTREAM:
            encoder = load_spkrec(self.places.model(_UPSTREAM))
            folder = settings.home / "calibrations" / _UPSTREAM
        elif (_WEIGHTS / settings.encoder).is_dir():
            folder = _WEIGHTS / settings.encoder
            encoder = load_own(folder)
        else:
            raise BadSettings(f"IVR_ENCODER names an encoder that is not here: {settings.encoder}.")
        calibration = read_calibration(
            folder / "calibration.json", encoder=encoder.id, weights_sha256=encoder.weights_sha256
        )
        return encoder, calibration

    @property
    def encoder(self) -> Encoder:
        return self._judging[0]

    @property
    def calibration(self) -> Calibration:
        """Of the encoder in use; without one nothing is ever accepted."""
        return self._judging[1]

    @cached_property
    def check(self) -> VoiceCheck:
        """Ready to verify, its models loaded, so that the first caller does not wait for them."""
        _ = self._judging, self.detector
        return VoiceCheck(
            store=self.store,
            judge=self._judge,
            longest_evidence_ms=self.places.settings.verify.longest_evidence_ms,
        )

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
        needs = self.places.settings.verify
        voiceprint = enrol(
            subject,
            # The same recording twice tells nothing more.
            [self.listen(recording) for recording in dict.fromkeys(recordings)],
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
        return voiceprint

    def _judge(self, found: Voiceprint | OptedOut | None, speech: Speech, now: datetime) -> Verdict:
        expires_after_days = self.places.settings.verify.expires_after_days
        return verify(
            found,
            speech,
            encoder=self.encoder,
            calibration=self.calibration,
            settings=VerifySettings(expires_after_days=expires_after_days),
            now=now,
        )
