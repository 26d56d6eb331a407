"""Voiceprints in a database, sealed. The database and the keys are two places."""

import hashlib
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial

from biometrics.enrolment.learned import Learned, Lesson
from biometrics.errors import StoreUnavailable
from biometrics.records.receipt import Receipt
from biometrics.storage.database import Engine
from biometrics.storage.plain_prints import seal_plain_prints
from biometrics.storage.sealed_rows import Records, SealedRows
from biometrics.storage.store import EARLIER, KEY, LEARNED, NOW, OptedOut
from biometrics.vault.cipher import Tampered
from biometrics.vault.learned_record import seal_learned, unseal_learned
from biometrics.vault.record import seal_voiceprint, unseal_voiceprint
from biometrics.vault.register import Destroyed, Entry, Held, Refused
from biometrics.vault.vault import Opened, Vault
from biometrics.voiceprint import SubjectId, Voiceprint

_log = logging.getLogger(__name__)

_MOST_TRIES = 16
"""Times that another writer may come between; then the store is too busy."""

_MOST_LOOKS = 3
"""Looks at a record that does not open: its key may change between the looks into two databases."""

_KEYLESS = "A voiceprint in the store has no key; enrol the voice again."
_BUSY = "The database is busy; try again."

Change = Callable[[Records, SubjectId, Opened], Records | None]


class SqlStore:
    """Voiceprints in SQLite or PostgreSQL. Every thread and process may use the same database.

    The database holds no subject, no vector and no time in readable form: rows stand for subjects
    by an HMAC, and each record is sealed under a key that the vault keeps elsewhere. A copy of the
    database from before an erasure is useless after it.
    """

    def __init__(self, database: str | Engine, vault: Vault) -> None:
        """Open `database`, an SQLAlchemy address or engine; what lay in it unsealed is sealed.

        Raises:
            StoreUnavailable: it cannot be opened or the tables not be created.
            KeysUnavailable: it was sealed with other keys, or they are missing.
        """
        self._rows = SealedRows(database)
        self._vault = vault
        mark = self._rows.mark()
        own = vault.start(mark=mark)
        if mark is None:
            self._rows.keep_mark(own)
        sealed = seal_plain_prints(self._rows, vault)
        if sealed:
            _log.info("voiceprints of an earlier version were sealed", extra={"count": sealed})

    def close(self) -> None:
        """Let go of the database."""
        self._rows.engine.dispose()

    def get(self, subject: SubjectId) -> Voiceprint | OptedOut | None:
        found = self._looked_up(subject)
        return found.following.current if isinstance(found, Learned) else found

    def learned(self, subject: SubjectId) -> Learned | None:
        found = self._looked_up(subject)
        return found if isinstance(found, Learned) else None

    def learn(self, subject: SubjectId, lesson: Lesson) -> bool:
        return self._changed(subject, self._vault.find, partial(_taught, lesson))

    def put(self, voiceprint: Voiceprint) -> None:
        for _ in range(_MOST_TRIES):
            opened = self._vault.find_or_make(voiceprint.subject)
            with self._vault.changing(opened) as alone:
                if alone is not None:
                    before = self._rows.find(opened.row)
                    records = Records(
                        sealed=seal_voiceprint(voiceprint, opened),
                        earlier=None if before is None else before.sealed,
                    )
                    self._rows.keep(opened.row, records)
                    return
        raise StoreUnavailable(_BUSY)

    def opt_out(self, subject: SubjectId) -> None:
        self._vault.refuse(subject)
        self._rows.delete(self._vault.row(subject))

    def remove(self, subject: SubjectId) -> bool:
        before = self._vault.forget(subject)
        records = self._rows.delete(self._vault.row(subject))
        return isinstance(before, Refused) or records is not None

    def revert(self, subject: SubjectId) -> bool:
        return self._changed(subject, self._vault.find, _one_step_back)

    def revoke(self, subject: SubjectId) -> bool:
        return self._changed(subject, self._vault.add_next, _sealed_anew)

    def erase(self, subject: SubjectId, *, at: datetime) -> Receipt:
        # The key goes first: whatever fails after that, nothing can be read again.
        before = self._vault.destroy(subject)
        records = self._rows.delete(self._vault.row(subject))
        destroyed = _named(records)
        if not destroyed and not isinstance(before, Held):
            return Receipt(subject=subject, at=at, what=())
        return Receipt(
            subject=subject,
            at=at,
            what=(*destroyed, KEY),
            key_fingerprint=_fingerprint(before),
            sha256=hashlib.sha256(b"".join(destroyed.values())).hexdigest(),
        )

    def _looked_up(self, subject: SubjectId) -> Learned | OptedOut | None:
        for _ in range(_MOST_LOOKS - 1):
            try:
                return self._found(subject)
            except Tampered:
                continue
        return self._found(subject)

    def _found(self, subject: SubjectId) -> Learned | OptedOut | None:
        opened = self._vault.find(subject)
        records = self._rows.find(self._vault.row(subject))
        if isinstance(opened, Refused):
            return OptedOut(subject=subject)
        # A record whose key was destroyed is what a backup brings back of somebody erased.
        if records is None or isinstance(opened, Destroyed):
            return None
        if opened is None:
            raise Tampered(_KEYLESS)
        return _opened(records, subject, opened)

    def _changed(
        self, subject: SubjectId, keys: Callable[[SubjectId], object], change: Change
    ) -> bool:
        """Replace the records of a subject by what `change` makes of them; says whether it did.

        A change seals under the newest key, so that it alone is needed afterwards.
        """
        for _ in range(_MOST_TRIES):
            opened = keys(subject)
            if not isinstance(opened, Opened):
                return False
            with self._vault.changing(opened) as alone:
                if alone is not None:
                    old = self._rows.find(opened.row)
                    new = None if old is None else change(old, subject, opened)
                    if new is not None:
                        self._rows.keep(opened.row, new)
                        alone.promote()
                    return new is not None
        raise StoreUnavailable(_BUSY)


def _named(records: Records | None) -> dict[str, bytes]:
    if records is None:
        return {}
    found = {NOW: records.sealed, EARLIER: records.earlier, LEARNED: records.learned}
    return {what: record for what, record in found.items() if record is not None}


def _fingerprint(entry: Entry | None) -> str:
    match entry:
        case Held():
            return entry.fingerprints[-1]
        case Destroyed():
            return entry.fingerprint
    return ""


def _opened(records: Records, subject: SubjectId, opened: Opened) -> Learned:
    original = unseal_voiceprint(records.sealed, subject, opened)
    return unseal_learned(records.learned, original, opened)


def _taught(lesson: Lesson, records: Records, subject: SubjectId, opened: Opened) -> Records | None:
    """A lesson changes what is beside the print, or replaces the print; never the enrolment."""
    match lesson(_opened(records, subject, opened)):
        case None:
            return None
        case Voiceprint() as renewed:
            return Records(
                sealed=seal_voiceprint(renewed, opened),
                earlier=_anew(records.sealed, subject, opened),
            )
        case Learned() as taught:
            kept = _sealed_anew(replace(records, learned=None), subject, opened)
            return replace(kept, learned=seal_learned(taught, opened))


def _one_step_back(records: Records, subject: SubjectId, opened: Opened) -> Records | None:
    """What was learned goes unread: it may be damaged, and then this is the way out."""
    if records.learned is not None:
        return _sealed_anew(replace(records, learned=None), subject, opened)
    if records.earlier is None:
        return None
    return Records(sealed=_anew(records.earlier, subject, opened))


def _sealed_anew(records: Records, subject: SubjectId, opened: Opened) -> Records:
    """The same prints; what is noise beside the one in use is left out."""
    original = unseal_voiceprint(records.sealed, subject, opened)
    now = Records(sealed=seal_voiceprint(original, opened))
    with suppress(Tampered):
        earlier = records.earlier and _anew(records.earlier, subject, opened)
        now = replace(now, earlier=earlier)
    with suppress(Tampered):
        learned = unseal_learned(records.learned, original, opened)
        now = replace(now, learned=seal_learned(learned, opened))
    return now


def _anew(sealed: bytes, subject: SubjectId, opened: Opened) -> bytes:
    return seal_voiceprint(unseal_voiceprint(sealed, subject, opened), opened)
