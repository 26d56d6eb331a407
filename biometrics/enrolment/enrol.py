"""Make a voiceprint from recordings of one person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from biometrics.calibration.calibration import Calibration
from biometrics.encoder import Encoder
from biometrics.enrolment.meter import OTHER_VOICE, EnrolSettings, Mark, Meter, read_meter
from biometrics.enrolment.one_voice import check_agreement, mean_voice
from biometrics.enrolment.take import Ear, Take, WrongWith
from biometrics.errors import PoorRecording, SamplesDisagree, TooLittleSpeech, VoiceProblem
from biometrics.sound.poor import Flaw
from biometrics.speech import Speech
from biometrics.telephone import Codec
from biometrics.voiceprint import SubjectId, Voiceprint

__all__ = ["EnrolSettings", "Enrolling", "check_agreement", "enrol", "mean_voice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolling:
    """How recordings become a voiceprint: one way, whoever asks for it."""

    encoder: Encoder
    calibration: Calibration
    settings: EnrolSettings
    wrong_with: WrongWith | None = None
    """What keeps a recording from being enrolled, in place of `biometrics.refusals`."""

    def hear(self, recording: Speech, codec: Codec = Codec.MULAW) -> Take:
        """The recording as a take.

        Raises:
            CalibrationUnusable: the calibration is for another encoder.
        """
        self.calibration.check_fits(self.encoder.id)
        ear = Ear(
            encoder=self.encoder,
            calibration=self.calibration,
            least_ms=self.settings.recording_net_ms,
            codec=codec,
            wrong_with=self.wrong_with,
        )
        return ear.hear(recording)

    def meter(self, takes: Sequence[Take]) -> Meter:
        """How far the takes have come."""
        return read_meter(takes, calibration=self.calibration, settings=self.settings)

    def counted(self, takes: Sequence[Take]) -> tuple[Take, ...]:
        """The takes that a voiceprint is made from."""
        marks = self.meter(takes).takes
        return tuple(take for take, mark in zip(takes, marks, strict=True) if mark.counts)

    def voiceprint(self, subject: SubjectId, takes: Sequence[Take], *, now: datetime) -> Voiceprint:
        """The voice that is in all takes that count; `now` is aware, UTC.

        Raises:
            TooLittleSpeech: more takes, or more speech in them, are needed.
            PoorRecording: a take that is needed is not fit.
            SamplesDisagree: a take that is needed does not sound like the others.
            CalibrationUnusable: the calibration is for another encoder.
        """
        self.calibration.check_fits(self.encoder.id)
        found = self.meter(takes)
        if not found.is_complete:
            raise refusal(found)
        counted = [take for take in self.counted(takes) if take.voice is not None]
        nets_ms = [take.net_ms for take in counted]
        return Voiceprint(
            subject=subject,
            encoder=self.encoder.id,
            weights_sha256=self.encoder.weights_sha256,
            vector=mean_voice([take.voice for take in counted if take.voice is not None], nets_ms),
            net_speech_ms=sum(nets_ms),
            recordings=len(counted),
            enrolled_at=now,
        )


def enrol(  # noqa: PLR0913 - everything the voiceprint rests on, and each of another kind
    subject: SubjectId,
    recordings: Sequence[Speech],
    *,
    encoder: Encoder,
    calibration: Calibration,
    settings: EnrolSettings,
    now: datetime,
    wrong_with: WrongWith | None = None,
) -> Voiceprint:
    """The voiceprint of the person who speaks in `recordings`; raises as `Enrolling` does.

    A recording that is not fit or of another voice is left out where the others are enough.
    """
    enrolling = Enrolling(
        encoder=encoder, calibration=calibration, settings=settings, wrong_with=wrong_with
    )
    takes = [enrolling.hear(recording) for recording in recordings]
    return enrolling.voiceprint(subject, takes, now=now)


def refusal(found: Meter) -> VoiceProblem:
    """Why no voiceprint can be made yet, as the one thing to mend first."""
    if len(found.takes) < found.needed_recordings:
        return TooLittleSpeech(found.next)
    unfit = next((mark for mark in found.takes if not mark.counts), None)
    if not found.is_consistent:
        return SamplesDisagree(found.next)
    return TooLittleSpeech(found.next) if unfit is None else _unfit(unfit)


def _unfit(mark: Mark) -> VoiceProblem:
    sentence = f"Recording {mark.number} cannot be used. {mark.told}"
    if OTHER_VOICE in mark.codes:
        return SamplesDisagree(
            f"Recording {mark.number} does not sound like the same person as the others."
        )
    if Flaw.TOO_LITTLE_SPEECH in mark.codes:
        return TooLittleSpeech(sentence)
    return PoorRecording(sentence)
