"""Voices: the encoder, what its scores mean, and where prints are kept."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from biometrics import (
    AuditKind,
    Beforehand,
    Calibration,
    Comparer,
    ConsentEntry,
    ContinuousSettings,
    Encoder,
    Enrolling,
    EnrolSettings,
    Lookalikes,
    OptedOut,
    Outcome,
    Poor,
    Purpose,
    Speech,
    SpeechDetector,
    SpeechStream,
    Standing,
    SubjectId,
    Vector,
    VerifySettings,
    Voiceprint,
    VoiceprintStore,
    Waveform,
    flaws,
    follow,
    rehearse,
    voice_in,
)
from biometrics.records.consent import latest
from biometrics.storage.database import Engine, tell_failures
from ivr.listen.turn import heard, listen
from ivr.verify.check import VoiceCheck
from ivr.verify.enrolling import EnrolRoom, enrol_all
from ivr.verify.evidence import Evidence
from ivr.verify.remember import Check, RememberingCheck
from ivr.verify.watch import WatchfulCheck
from ivr.wiring.attempts import Doors
from ivr.wiring.database import Database
from ivr.wiring.encoder import encoder_in_use
from ivr.wiring.judging import calibration_of
from ivr.wiring.keys import Keys
from ivr.wiring.learning import Learning
from ivr.wiring.liveness import Liveness
from ivr.wiring.pins import PinDesk
from ivr.wiring.places import Places
from ivr.wiring.records import Records
from ivr.wiring.watching import Watching

if TYPE_CHECKING:
    from biometrics.silero import Silero


_UNCOMPARED = (Outcome.NOT_ENROLLED, Outcome.OPTED_OUT, Outcome.EXPIRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Who is told how the stores fare; must neither fail nor take long."""

    store_failed: Callable[[], object] = lambda: None
    audited: Callable[[str], object] = lambda _kind: None
    """Told the kind of every entry of the audit trail."""


@dataclass(frozen=True)
class Voices:
    """Who sounds how."""

    places: Places
    seen: Seen = Seen()

    @cached_property
    def beforehand(self) -> Beforehand:
        """What was heard in turns that may be over."""
        return Beforehand()

    @property
    def detector(self) -> SpeechDetector:
        return self._silero

    def speech_stream(self) -> SpeechStream:
        """Finds the speech of one live caller."""
        return self._silero.stream()

    @cached_property
    def _silero(self) -> "Silero":
        from biometrics.silero import load_silero

        with self.places.loads.noted("detector"):
            return load_silero()

    @cached_property
    def database(self) -> Database:
        return Database(self.places)

    @cached_property
    def engine(self) -> Engine:
        """The one way to the database, for every table in it."""
        _ = self._watched  # what fails while it is opened is told too
        return self.database.engine

    @cached_property
    def _watched(self) -> Engine:
        engine = self.database.as_it_is
        tell_failures(engine, self.seen.store_failed)
        return engine

    @cached_property
    def keys(self) -> Keys:
        return Keys(self.places)

    @cached_property
    def sealed(self) -> VoiceprintStore:
        """All that is kept, whether or not there is consent; reads of it are not audited."""
        from biometrics.storage.sql_store import SqlStore

        return SqlStore(self.engine, self.keys.vault)

    @cached_property
    def records(self) -> Records:
        # The store comes first: opening it makes the keys where there are none yet.
        _ = self.sealed
        key = self.keys.vault.common_key("audit trail")
        return Records(self.engine, key, self.places.settings.verify, self.seen.audited)

    @cached_property
    def store(self) -> VoiceprintStore:
        """For calls and enrolments: what people agreed to, and every read of it audited."""
        return self.records.for_use(self.sealed, actor="service")

    @cached_property
    def _loaded(self) -> tuple[Encoder, Path]:
        """The encoder in use, and the folder of the calibration that belongs to it."""
        with self.places.loads.noted("encoder"):
            return encoder_in_use(self.places)

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
        return Liveness(self.places, lambda: self.engine, lambda: self.keys.vault, self.beforehand)

    @cached_property
    def doors(self) -> Doors:
        return Doors(
            settings=self.places.settings,
            engine=lambda: self.engine,
            vault=lambda: self.keys.vault,
            records=lambda: self.records,
        )

    @cached_property
    def pins(self) -> PinDesk:
        return PinDesk(
            settings=self.places.settings.pin,
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
    def watching(self) -> Watching:
        return Watching(
            settings=self.places.settings.watchlist,
            engine=lambda: self.engine,
            vault=lambda: self.keys.vault,
            records=lambda: self.records,
            prints=lambda: self.sealed,
            enrolling=lambda: self.enrolling,
            listen=self.listen,
        )

    @property
    def lookalikes(self) -> Lookalikes | None:
        """Looks for other subjects of the voice that is enrolled; None while switched off."""
        return self.watching.lookalikes

    @cached_property
    def watchful_check(self) -> Check:
        """For calls: a voice that a person has to look at is proven to nobody until then."""
        look = self.watching.look
        return WatchfulCheck(ask=self.check.check, look=look).check if look else self.check.check

    @cached_property
    def remembering_check(self) -> RememberingCheck:
        """For calls: what is accepted now is an earlier recording from then on."""
        return RememberingCheck(ask=self.watchful_check, remember=self._remember)

    @cached_property
    def call_check(self) -> Check:
        """For calls: everything that guards them, and a note of what may be learned afterwards."""
        check = self.remembering_check.check
        return self.learning.gathering(check).check if self.learning.is_on else check

    @cached_property
    def learning(self) -> Learning:
        return Learning(
            places=self.places,
            store=lambda: self.store,
            records=lambda: self.records,
            liveness=self.liveness,
            comparer=lambda: self.comparer,
            judge_by=self._judge_by,
        )

    @cached_property
    def comparer(self) -> Comparer:
        """The encoder in use, and what its scores mean."""
        return Comparer(encoder=self.encoder, calibration=self.calibration, hear=self._hear)

    def _hear(self, speech: Speech, encoder: Encoder) -> Vector:
        return self._voice_of(speech) if encoder is self.encoder else voice_in(speech, encoder)

    @cached_property
    def _voice_of(self) -> Callable[[Speech], Vector]:
        return self.beforehand.of(partial(voice_in, encoder=self.encoder))

    @cached_property
    def _wrong_with(self) -> Callable[[Speech], tuple[Poor, ...]]:
        return self.beforehand.of(flaws)

    def rehearse(self, turn: Speech, earlier: Evidence | None) -> None:
        """Hear a turn as the check will, after what the call told before. Changes nothing.

        No voiceprint is read, so it is not known whether there is one before a first check.
        """
        if earlier is not None and earlier.verdict.outcome in _UNCOMPARED:
            return
        so_far = earlier.standing if earlier else None
        rehearse(
            turn,
            so_far,
            comparer=self.comparer,
            continuous=self._continuous,
            wrong_with=self._wrong_with,
        )
        self.liveness.check.rehearse(turn)

    def _remember(self, subject: SubjectId, speech: Speech, now: datetime) -> None:
        """What an accepted turn leaves behind."""
        self.liveness.remember(subject, speech, now)
        self.records.note_use(subject, now)

    def listen(self, data: bytes | Waveform) -> Speech:
        """A WAV file, or sound, as speech."""
        if isinstance(data, Waveform):
            return self._heard(data)
        return listen(data, settings=self.places.settings.listen, detector=self.detector)

    @cached_property
    def _heard(self) -> Callable[[Waveform], Speech]:
        settings = self.places.settings.listen
        return self.beforehand.of(partial(heard, settings=settings, detector=self.detector))

    @cached_property
    def enrolling(self) -> Enrolling:
        """What makes voiceprints, its encoder loaded."""
        needs = self.places.settings.verify
        return Enrolling(
            encoder=self.encoder,
            calibration=self.calibration,
            settings=EnrolSettings(
                recordings=needs.enrol_recordings,
                net_ms=needs.enrol_net_ms,
                recording_net_ms=needs.enrol_recording_net_ms,
            ),
        )

    def enrol_room(self, actor: str) -> EnrolRoom:
        """For enrolments that `actor` asks for: service, gateway or operator."""
        agreed = self.records.agreed(self.sealed)

        def may_enrol(subject: SubjectId) -> ConsentEntry | None:
            agreed.check_may_enrol(subject)
            return latest(self.records.ledger.history(subject), Purpose.RECOGNITION)

        return EnrolRoom(
            may_enrol=may_enrol,
            store=self.records.for_use(self.sealed, actor=actor),
            listen=self.listen,
            enrolling=lambda: self.enrolling,
            remember=self.liveness.remember,
            lookalikes=self.lookalikes,
            refused=lambda subject, code: self.records.witness(actor).saw(
                AuditKind.ENROLMENT_REFUSED, subject, why=code
            ),
        )

    def enrol(
        self, subject: SubjectId, recordings: Sequence[bytes], *, now: datetime
    ) -> Voiceprint:
        """Make and keep a voiceprint from WAV files.

        Raises:
            VoiceProblem: the recordings are refused, or the store is; nothing was kept.
            CallProblem: a file is no recording.
        """
        room = self.enrol_room("service")
        return enrol_all(room, subject, recordings, now=now).voiceprint

    def _judge(
        self,
        found: Voiceprint | OptedOut | None,
        turn: Speech,
        so_far: Standing | None,
        now: datetime,
    ) -> Standing:
        return self._judge_by(self.comparer, found, turn, so_far, now)

    def _judge_by(
        self,
        comparer: Comparer,
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
            comparer=comparer,
            settings=VerifySettings(expires_after_days=expires_after_days),
            continuous=self._continuous,
            now=now,
            wrong_with=self._wrong_with,
        )

    @property
    def _continuous(self) -> ContinuousSettings:
        return ContinuousSettings(longest_ms=self.places.settings.verify.longest_evidence_ms)
