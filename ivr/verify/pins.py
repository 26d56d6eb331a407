"""The second factor: a PIN that is typed, counted before it is compared, and written down."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, assert_never

from biometrics import AuditKind, Outcome, StoreUnavailable, SubjectId, Witness
from ivr.call import Pinned
from ivr.settings import PinSettings
from ivr.verify.attempts import Locked
from ivr.verify.evidence import Evidence
from ivr.verify.pin import Cost, Owner, PinRecord, check_pin, is_right, may_be_pin, recorded

_AGAINST = (Outcome.REJECTED, Outcome.SPOOF_SUSPECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """How a subject's PIN stands."""

    set_at: datetime
    """Aware, UTC."""

    wrong: int
    """Wrong ones in a row, and tries that were never finished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """A try that was counted as a wrong one already."""

    record: PinRecord = field(repr=False)
    is_last: bool
    """If it is wrong, none is left."""


class Pins(Protocol):
    """PINs by subject. Every method raises StoreUnavailable when it cannot."""

    def standing(self, subject: SubjectId) -> Kept | None:
        """None where no PIN is set."""

    def put(self, subject: SubjectId, record: PinRecord, now: datetime) -> None:
        """In place of an earlier one; nothing is counted against the new one."""

    def take_try(self, subject: SubjectId, *, most_wrong: int) -> Try | Locked | None:
        """Counts before anything is compared: calls side by side have no more tries than one."""

    def forgive(self, subject: SubjectId) -> bool:
        """Count anew; says whether a PIN is set."""

    def remove(self, subject: SubjectId) -> bool:
        """Says whether there was one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PinRoom:
    """Sets PINs and tries them. One per actor and process."""

    pins: Pins
    pepper: Callable[[], bytes]
    """Kept apart from the PINs. Raises StoreUnavailable."""

    settings: PinSettings
    witness: Witness
    cost: Cost = field(default_factory=Cost)
    """Of one guess, for PINs that are set from now on."""

    def has_pin(self, subject: SubjectId) -> bool:
        """Whether to ask for one.

        Yes, where that cannot be read: a PIN is then typed in vain, and no outage opens an easier
        way.
        """
        try:
            return self.pins.standing(subject) is not None
        except StoreUnavailable:
            return True

    def judge_pin(self, subject: SubjectId, keys: str, evidence: Evidence) -> Pinned | None:
        """What comes of keys that were typed when a PIN was asked for; None where they are none.

        Words are never taken for a PIN: others may listen. What cannot be counted, compared and
        written down proves nothing.
        """
        if not may_be_pin(keys):
            return None
        if not _may_be_tried(subject, evidence):
            return Pinned.NOT_ALLOWED
        try:
            return self._tried(subject, keys.removesuffix("#"))
        except StoreUnavailable:
            return Pinned.UNAVAILABLE

    def set_pin(self, subject: SubjectId, digits: str, owner: Owner, now: datetime) -> None:
        """Keep a PIN in place of any earlier one.

        Raises:
            WeakPin: others would try it first.
            StoreUnavailable: nothing was changed.
        """
        check_pin(digits, owner, least_digits=self.settings.least_digits)
        record = recorded(subject, digits, pepper=self.pepper(), cost=self.cost)
        with self.witness.announced(AuditKind.PIN_SET, subject):
            self.pins.put(subject, record, now)

    def remove(self, subject: SubjectId) -> bool:
        """Says whether there was one. Raises StoreUnavailable; then it is still there."""
        if self.pins.standing(subject) is None:
            return False
        with self.witness.announced(AuditKind.PIN_REMOVED, subject):
            return self.pins.remove(subject)

    def reset(self, subject: SubjectId) -> bool:
        """Count anew, after a person made sure who it was; says whether there is a PIN.

        Raises:
            StoreUnavailable: it could not be written down, so nothing was opened.
        """
        if self.pins.standing(subject) is None:
            return False
        with self.witness.announced(AuditKind.RELEASED, subject, what="pin"):
            return self.pins.forgive(subject)

    def _tried(self, subject: SubjectId, digits: str) -> Pinned:
        match self.pins.take_try(subject, most_wrong=self.settings.most_wrong):
            case None:
                return Pinned.NONE_SET
            case Locked():
                return Pinned.LOCKED
            case Try(record=record, is_last=is_last):
                is_same = is_right(record, subject, digits, pepper=self.pepper())
                outcome = _outcome(is_right=is_same, is_last=is_last)
            case other:
                assert_never(other)
        self.witness.saw(AuditKind.PIN_TRIED, subject, outcome=outcome.value)
        if outcome is Pinned.LOCKED:
            self.witness.saw(AuditKind.LOCKED_OUT, subject, until="a_person_acts", what="pin")
        if outcome is Pinned.PASSED:
            self.pins.forgive(subject)
        return outcome


def with_pin(evidence: Evidence, subject: SubjectId, pinned: Pinned | None) -> Evidence:
    """The evidence after a PIN: a right one counts in this call, and for this subject alone."""
    if pinned is Pinned.PASSED and evidence.subject == subject:
        return replace(evidence, has_second_factor=True)
    return evidence


def _may_be_tried(subject: SubjectId, evidence: Evidence) -> bool:
    """Nothing in the call speaks against the caller, and no guard has stopped it."""
    verdict = evidence.verdict
    is_against = verdict.outcome in _AGAINST or evidence.forbidding or verdict.needs_person
    return evidence.subject == subject and not is_against


def _outcome(*, is_right: bool, is_last: bool) -> Pinned:
    if is_right:
        return Pinned.PASSED
    return Pinned.LOCKED if is_last else Pinned.WRONG
