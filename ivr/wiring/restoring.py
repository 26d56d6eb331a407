"""Erased people stay erased, whatever a backup brings back."""

from datetime import datetime

from biometrics import AuditKind, SubjectId
from biometrics.vault.register import Destroyed, Refused
from ivr.database.named import subjects_named
from ivr.wiring.subjects import Subjects


def after_restore(subjects: Subjects, made_at: datetime, now: datetime) -> int:
    """Write down what was done, and erase again whoever the keys say was erased; how many.

    A backup brings back their consents, their PINs and noise; what could be read of a voice died
    with its key.

    Raises:
        StoreUnavailable: the keys, or the database, cannot be asked.
    """
    voices = subjects.voices
    # Opening the store asks whether these are the keys that this database was sealed with.
    _ = voices.sealed
    witness = voices.records.witness("operator")
    witness.saw(AuditKind.DATABASE_RESTORED, None, of=f"made_{made_at:%Y%m%dT%H%M%SZ}")
    return sum(_erased_again(subjects, one, now) for one in subjects_named(voices.engine))


def _erased_again(subjects: Subjects, subject: SubjectId, now: datetime) -> bool:
    match subjects.voices.keys.vault.find(subject):
        case Destroyed():
            subjects.retention.erase(subject, now)
        case Refused():
            subjects.retention.opt_out(subject, now)
        case _:
            return False
    return True
