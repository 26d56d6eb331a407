"""Who agreed to what, in which words, and until when. Without an entry nobody has agreed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from threading import Lock
from typing import Protocol

from biometrics.voiceprint import SubjectId


class Purpose(StrEnum):
    """What a voice may be used for. Agreeing to one says nothing about another."""

    RECOGNITION = "recognition"
    WATCHLIST = "watchlist"
    ADAPTATION = "adaptation"
    RECORDING = "recording"


class Channel(StrEnum):
    """Where somebody agreed."""

    PHONE = "phone"
    WEB = "web"
    PAPER = "paper"
    AGENT = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Somebody agreed, in these words."""

    subject: SubjectId
    purpose: Purpose

    text: str
    """Version of the words, such as recognition-1."""

    text_sha256: str
    """Of the words as they were shown or read out, UTF-8."""

    language: str
    """Of those words, such as de."""

    channel: Channel

    given_at: datetime
    """Aware."""

    expires_at: datetime
    """Aware; from this moment on it is no consent any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """Somebody agrees no longer, or never did."""

    subject: SubjectId
    purpose: Purpose
    withdrawn_at: datetime
    """Aware."""


ConsentEntry = Consent | Withdrawal


class Ledger(Protocol):
    """Keeps every entry; nothing is ever changed. Every method raises StoreUnavailable."""

    def grant(self, consent: Consent) -> None: ...

    def withdraw(self, subject: SubjectId, purpose: Purpose, now: datetime) -> None: ...

    def has(self, subject: SubjectId, purpose: Purpose, now: datetime) -> bool:
        """Whether a consent stands at `now`; whoever gets no answer must take it for no."""

    def history(self, subject: SubjectId) -> tuple[ConsentEntry, ...]:
        """Every entry about a subject, oldest first."""

    def lapsed(self, purpose: Purpose, now: datetime) -> tuple[SubjectId, ...]:
        """Whose last consent has expired without having been withdrawn."""


class MemoryLedger:
    """Entries for as long as the process lives. Every thread may use it."""

    def __init__(self) -> None:
        self._entries: defaultdict[SubjectId, list[ConsentEntry]] = defaultdict(list)
        self._lock = Lock()

    def grant(self, consent: Consent) -> None:
        with self._lock:
            self._entries[consent.subject].append(consent)

    def withdraw(self, subject: SubjectId, purpose: Purpose, now: datetime) -> None:
        entry = Withdrawal(subject=subject, purpose=purpose, withdrawn_at=now)
        with self._lock:
            self._entries[subject].append(entry)

    def has(self, subject: SubjectId, purpose: Purpose, now: datetime) -> bool:
        return stands(latest(self.history(subject), purpose), now)

    def history(self, subject: SubjectId) -> tuple[ConsentEntry, ...]:
        with self._lock:
            return tuple(self._entries.get(subject, ()))

    def lapsed(self, purpose: Purpose, now: datetime) -> tuple[SubjectId, ...]:
        with self._lock:
            last = [latest(entries, purpose) for entries in self._entries.values()]
        return tuple(one.subject for one in last if isinstance(one, Consent) and is_over(one, now))


class AssumedLedger:
    """For operators who keep consents elsewhere: recognition is agreed to until it is withdrawn.

    What is written in the ledger still counts: a withdrawal, or a consent that has expired, is no.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.grant = ledger.grant
        self.withdraw = ledger.withdraw
        self.history = ledger.history
        self.lapsed = ledger.lapsed

    def has(self, subject: SubjectId, purpose: Purpose, now: datetime) -> bool:
        last = latest(self._ledger.history(subject), purpose)
        return stands(last, now) or (last is None and purpose is Purpose.RECOGNITION)


def latest(entries: Sequence[ConsentEntry], purpose: Purpose) -> ConsentEntry | None:
    """The entry that decides: the last one about the purpose."""
    return next((entry for entry in reversed(entries) if entry.purpose is purpose), None)


def stands(entry: ConsentEntry | None, now: datetime) -> bool:
    """Whether it is a consent that holds at `now`. One that lies ahead is not believed."""
    return isinstance(entry, Consent) and entry.given_at <= now < entry.expires_at


def is_over(consent: Consent, now: datetime) -> bool:
    """Whether its time has run out."""
    return consent.expires_at <= now
