"""Counts of failed verifications, put together for calls and for people who look into them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from biometrics import AttemptsPart, SubjectId
from biometrics.storage.database import Engine
from biometrics.vault.vault import Vault
from ivr.call import PhoneNumber
from ivr.identify.directory import Directory
from ivr.identify.number import read_number
from ivr.settings import Settings
from ivr.verify.attempts import AttemptCounts, Kind, Locked, Standing, Whose
from ivr.verify.audited_attempts import AuditedAttempts
from ivr.wiring.records import Records


@dataclass(frozen=True)
class Doors:
    """Whom failures keep out, in the database of the voiceprints. Made when first needed."""

    settings: Settings
    engine: Callable[[], Engine]
    vault: Callable[[], Vault]
    records: Callable[[], Records]

    @cached_property
    def counts(self) -> AttemptCounts:
        from ivr.verify.sql_attempts import SqlAttempts

        # The records come first: opening them makes the keys where there are none yet.
        self.records()
        # A key that stays while master keys change: with another one every count would start anew.
        key = self.vault().common_key("failed attempts")
        return SqlAttempts(self.engine(), key=key, settings=self.settings.attempts)

    def watched_by(self, actor: str) -> AttemptCounts:
        """The counts; which door closes or opens is told in the trail as done by `actor`."""
        return AuditedAttempts(counts=self.counts, witness=self.records().witness(actor))

    def held_on(self, subject: SubjectId, now: datetime) -> tuple[AttemptsPart, ...]:
        """What is counted against a subject, for whom wants to know what is held on them."""
        counted = self.counts.standing(Whose(kind=Kind.SUBJECT, value=subject), now)
        return tuple(map(_part, counted))

    def whose(self, text: str, directory: Directory, *, is_source: bool) -> tuple[Whose, ...]:
        """Whom an operator means: a source, a voice with the numbers of its owner, or a number.

        Raises:
            DirectoryUnavailable: the directory cannot be read.
        """
        if is_source:
            return (Whose(kind=Kind.SOURCE, value=text),)
        numbers = [
            number.e164
            for entry in directory.all()
            if entry.caller.subject == text
            for number in entry.numbers
        ]
        number = read_number(text, region=self.settings.region)
        if not numbers and isinstance(number, PhoneNumber):
            return (Whose(kind=Kind.NUMBER, value=number.e164),)
        subject = Whose(kind=Kind.SUBJECT, value=text)
        return (subject, *(Whose(kind=Kind.NUMBER, value=each) for each in numbers))


def _part(standing: Standing) -> AttemptsPart:
    permission = standing.permission
    is_closed = isinstance(permission, Locked)
    return AttemptsPart(
        kind=standing.kind.value,
        failures=standing.failures,
        is_closed=is_closed,
        closed_until=permission.until if isinstance(permission, Locked) else None,
    )
