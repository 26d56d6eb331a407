"""PINs put together: for calls, for operators, and for what people ask about their voice."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from biometrics import AttemptsPart, SubjectId, Uses
from biometrics.storage.database import Engine
from biometrics.vault.vault import Vault
from ivr.errors import UnknownSubject
from ivr.identify.directory import Directory
from ivr.settings import PinSettings
from ivr.verify.pin import Owner
from ivr.verify.pins import PinRoom, Pins
from ivr.wiring.records import Records


@dataclass(frozen=True)
class PinDesk:
    """PINs in the database of the voiceprints. Made when first needed."""

    settings: PinSettings
    engine: Callable[[], Engine]
    vault: Callable[[], Vault]
    records: Callable[[], Records]

    @cached_property
    def pins(self) -> Pins:
        from ivr.verify.sql_pins import SqlPins

        # The records come first: opening them makes the keys where there are none yet.
        self.records()
        return SqlPins(self.engine(), key=self.vault().common_key("rows of PINs"))

    def room(self, actor: str) -> PinRoom:
        """What `actor` does with PINs; the trail tells it so."""
        return PinRoom(
            pins=self.pins,
            # It stays while master keys change, and is in no backup of this database.
            pepper=lambda: self.vault().common_key("pepper of PINs"),
            settings=self.settings,
            witness=self.records().witness(actor),
        )

    def held_on(self, subject: SubjectId) -> tuple[AttemptsPart, ...]:
        """What is counted against a subject's PIN; nothing where none is set."""
        kept = self.pins.standing(subject)
        if kept is None:
            return ()
        is_closed = kept.wrong >= self.settings.most_wrong
        part = AttemptsPart(kind="pin", failures=kept.wrong, is_closed=is_closed, closed_until=None)
        return (part,)


@dataclass(frozen=True, slots=True)
class UsesWithPins:
    """Uses of voices, and the PINs that go when a voice is forgotten."""

    uses: Uses
    pins: PinRoom

    def note(self, subject: SubjectId, now: datetime) -> None:
        self.uses.note(subject, now)

    def last(self, subject: SubjectId) -> datetime | None:
        return self.uses.last(subject)

    def idle_since(self, moment: datetime) -> tuple[SubjectId, ...]:
        return self.uses.idle_since(moment)

    def forget(self, subject: SubjectId) -> None:
        """Both. Raises StoreUnavailable when either cannot; then asking again ends it."""
        self.pins.remove(subject)
        self.uses.forget(subject)


def owner_of(subject: SubjectId, directory: Directory) -> Owner:
    """What others may know of whose PIN it is.

    Raises:
        UnknownSubject: it is nobody's in the directory.
        DirectoryUnavailable: the directory cannot be read.
    """
    entries = [entry for entry in directory.all() if entry.caller.subject == subject]
    if not entries:
        raise UnknownSubject(
            "Nobody in the directory has a voice of this id; see: ivr callers list"
        )
    return Owner(
        birth_date=entries[0].caller.birth_date,
        numbers=tuple(number.e164 for entry in entries for number in entry.numbers),
    )
