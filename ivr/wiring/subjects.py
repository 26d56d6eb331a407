"""What people may ask about their voices, put together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial

from biometrics import (
    AttemptsPart,
    AuditTrail,
    ConsentText,
    EncodedPart,
    Export,
    Purpose,
    Rights,
    RightsSettings,
    SubjectId,
    Withdrawal,
    consent_texts,
    export_subject,
)
from biometrics.records.consent import latest
from biometrics.records.consent_text import OURS
from ivr.service.subjects import SubjectDesk
from ivr.settings import VerifySettings
from ivr.wiring.liveness import ForgettingUses
from ivr.wiring.pins import UsesWithPins
from ivr.wiring.records import now
from ivr.wiring.voices import Voices


@dataclass(frozen=True)
class Subjects:
    """Consent, refusal, export, erasure and expiry."""

    voices: Voices
    attempts: Callable[[SubjectId, datetime], tuple[AttemptsPart, ...]]
    """What is counted against a subject."""

    encoded: Callable[[SubjectId], tuple[EncodedPart, ...]]
    """Lists that were heard beforehand, with the subject among them."""

    @cached_property
    def rights(self) -> Rights:
        """As an operator at this machine asks for them."""
        return self._rights("operator")

    @cached_property
    def retention(self) -> Rights:
        """As time asks for them."""
        return self._rights("retention")

    @property
    def trail(self) -> AuditTrail:
        return self.voices.records.trail

    def has_withdrawn(self, subject: SubjectId) -> bool:
        """The last that is known of the subject's consent to recognition is that it ended."""
        last = latest(self.voices.records.ledger.history(subject), Purpose.RECOGNITION)
        return isinstance(last, Withdrawal)

    def texts(self) -> tuple[ConsentText, ...]:
        """The words people can agree to."""
        return consent_texts(self._settings.texts)

    def export(self, subject: SubjectId, now: datetime, *, with_template: bool = False) -> Export:
        """Everything held on a subject, told to an operator at this machine."""
        return self._export(subject, now, self.rights, with_template=with_template)

    def desk(self, forget_takes: Callable[[SubjectId], None]) -> SubjectDesk:
        """For the HTTP service, which has takes of unfinished enrolments to forget too."""
        rights = self._rights("gateway")
        return SubjectDesk(
            rights=rights,
            export=lambda subject, at: self._export(subject, at, rights, with_template=False),
            texts=self.texts,
            clock=now,
            forget_takes=forget_takes,
        )

    def _rights(self, actor: str) -> Rights:
        records = self.voices.records
        uses = ForgettingUses(records.uses, lambda: self.voices.liveness.store)
        return Rights(
            store=records.audited(self.voices.sealed, actor=actor),
            ledger=records.ledger,
            uses=UsesWithPins(uses, self.voices.pins.room(actor)),
            witness=records.witness(actor),
            settings=self._settings,
        )

    def _export(
        self, subject: SubjectId, now: datetime, rights: Rights, *, with_template: bool
    ) -> Export:
        return export_subject(
            subject,
            rights=rights,
            trail=self.trail,
            attempts=(*self.attempts(subject, now), *self.voices.pins.held_on(subject)),
            now=now,
            encoded=partial(self.encoded, subject),
            with_template=with_template,
        )

    @property
    def _settings(self) -> RightsSettings:
        verify: VerifySettings = self.voices.places.settings.verify
        return RightsSettings(
            consent_days=verify.consent_days,
            idle_days=verify.expires_after_days,
            texts=verify.consent_texts or OURS,
        )
