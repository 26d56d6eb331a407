"""What a person may ask of us about their voice, and what time asks of us."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from biometrics.enrolment.learned import forgetting_collected
from biometrics.errors import ConsentTextUnknown, SubjectOptedOut
from biometrics.records.audit import AuditKind, as_code
from biometrics.records.consent import Channel, Consent, Ledger, Purpose, Withdrawal, latest, stands
from biometrics.records.consent_text import OURS, consent_text
from biometrics.records.receipt import Receipt
from biometrics.records.uses import Uses
from biometrics.records.witness import Witness
from biometrics.storage.store import OptedOut, VoiceprintStore
from biometrics.voiceprint import SubjectId, Voiceprint

_OF_THE_VOICE = (Purpose.RECOGNITION, Purpose.ADAPTATION, Purpose.WATCHLIST)
"""What can be done with a voiceprint and ends with it; a recording of calls needs none."""

_ASIDE = (
    "This person has refused voice recognition. Lift the refusal first, at their own wish: "
    "ivr voiceprint opt-in, or DELETE /v1/subjects/{id}/opt-out."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsSettings:
    """How long what people agreed to lasts, and in which words they agree."""

    consent_days: int
    """A consent stands for so long after it was given."""

    idle_days: int
    """A voiceprint is destroyed so long after it last proved somebody."""

    texts: Path = OURS
    """Folder of the words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """In which words somebody agreed, and where."""

    text: str
    """Version, such as recognition-1."""

    language: str
    channel: Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Everything is in the audit trail first; what was done before is not done again.

    Every method raises StoreUnavailable where store, ledger or trail cannot do their part. What
    takes something away from us may then have been done in part, and may be asked again.
    """

    store: VoiceprintStore
    """Audited; shows what is kept whether or not there is consent."""

    ledger: Ledger
    uses: Uses
    witness: Witness
    settings: RightsSettings

    def grant(self, subject: SubjectId, purpose: Purpose, said: Said, now: datetime) -> Consent:
        """Write down that somebody agrees; the same again changes nothing.

        Raises:
            ConsentTextUnknown: these words are not there, or are about another purpose.
            SubjectOptedOut: recognition was refused; that is lifted in a step of its own.
        """
        consent = self._consent(subject, purpose, said, now)
        if purpose in _OF_THE_VOICE and isinstance(self.store.get(subject), OptedOut):
            raise SubjectOptedOut(_ASIDE)
        before = latest(self.ledger.history(subject), purpose)
        if isinstance(before, Consent) and stands(before, now) and _is_same(before, consent):
            return before
        details = {"purpose": purpose, "text": as_code(said.text), "channel": said.channel}
        with self.witness.announced(AuditKind.CONSENT_GRANTED, subject, **details):
            self.ledger.grant(consent)
        return consent

    def withdraw(self, subject: SubjectId, purpose: Purpose, now: datetime) -> Receipt | None:
        """End a consent; that to recognition takes the voiceprint with it.

        That to adaptation takes what was collected for another print. The print itself stays as it
        is, as the words say that people agree to.
        """
        if purpose is Purpose.RECOGNITION:
            return self.erase(subject, now)
        self._end(subject, purpose, now)
        if purpose is Purpose.ADAPTATION:
            self.store.learn(subject, forgetting_collected)
        return None

    def erase(self, subject: SubjectId, now: datetime) -> Receipt:
        """Destroy the voiceprint, and end every consent to use one, so that none comes back."""
        for purpose in _OF_THE_VOICE:
            self._end(subject, purpose, now)
        receipt = self.store.erase(subject, at=now)
        self.uses.forget(subject)
        return receipt

    def opt_out(self, subject: SubjectId, now: datetime) -> None:
        """Destroy the voiceprint and refuse every later one, also for subjects never seen."""
        self.store.opt_out(subject)
        for purpose in _OF_THE_VOICE:
            self._end(subject, purpose, now)
        self.uses.forget(subject)

    def opt_in(self, subject: SubjectId) -> None:
        """Lift a refusal. It is no consent: that has to be given."""
        if isinstance(self.store.get(subject), OptedOut):
            self.store.remove(subject)

    def expires_at(self, voiceprint: Voiceprint) -> datetime:
        """When the voiceprint is destroyed if it proves nobody until then; or should have been."""
        subject = voiceprint.subject
        last = max(self.uses.last(subject) or voiceprint.enrolled_at, voiceprint.enrolled_at)
        unused = last + timedelta(days=self.settings.idle_days)
        match latest(self.ledger.history(subject), Purpose.RECOGNITION):
            case Consent(expires_at=expires_at):
                return min(unused, expires_at)
            case Withdrawal(withdrawn_at=withdrawn_at):
                return withdrawn_at
            case None:
                return unused

    def expire(self, now: datetime, *, known: Iterable[SubjectId] = ()) -> tuple[Receipt, ...]:
        """Destroy the voiceprints whose time is over, and say which.

        Those of `known` subjects are looked at too: the store itself cannot say whose it keeps, so
        one of which no use was ever noted is only found by its subject.
        """
        idle = self.uses.idle_since(now - timedelta(days=self.settings.idle_days))
        lapsed = self.ledger.lapsed(Purpose.RECOGNITION, now)
        noted = {subject for subject in lapsed if self.uses.last(subject) is not None}
        unnoted = {subject for subject in known if self.uses.last(subject) is None}
        found = [self._expired(subject, now) for subject in sorted({*idle, *noted, *unnoted})]
        return tuple(receipt for receipt in found if receipt is not None)

    def _expired(self, subject: SubjectId, now: datetime) -> Receipt | None:
        voiceprint = self.store.get(subject)
        if not isinstance(voiceprint, Voiceprint):
            self.uses.forget(subject)
            return None
        if now < self.expires_at(voiceprint):
            self.uses.note(subject, voiceprint.enrolled_at)
            return None
        with self.witness.announced(AuditKind.EXPIRED, subject):
            receipt = self.store.erase(subject, at=now)
        self.uses.forget(subject)
        return receipt

    def _end(self, subject: SubjectId, purpose: Purpose, now: datetime) -> None:
        if isinstance(latest(self.ledger.history(subject), purpose), Withdrawal):
            return
        with self.witness.announced(AuditKind.CONSENT_WITHDRAWN, subject, purpose=purpose):
            self.ledger.withdraw(subject, purpose, now)

    def _consent(self, subject: SubjectId, purpose: Purpose, said: Said, now: datetime) -> Consent:
        text = consent_text(said.text, said.language, self.settings.texts)
        if text.purpose is not purpose:
            raise ConsentTextUnknown(f"The words of {text.version} are not about {purpose}.")
        return Consent(
            subject=subject,
            purpose=purpose,
            text=text.version,
            text_sha256=text.sha256,
            language=text.language,
            channel=said.channel,
            given_at=now,
            expires_at=now + timedelta(days=self.settings.consent_days),
        )


def _is_same(one: Consent, other: Consent) -> bool:
    def words(consent: Consent) -> tuple[str, ...]:
        return consent.text, consent.text_sha256, consent.language, consent.channel

    return words(one) == words(other)
