"""What was done with voices, by whom and when. What cannot be written down does not happen."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import islice
from threading import Lock
from typing import Protocol

from biometrics.records.audit_chain import (
    GENESIS,
    AuditEntry,
    Broken,
    Checkpoint,
    Intact,
    check_chain,
    pseudonym,
    sealed,
    signed,
)
from biometrics.voiceprint import SubjectId

_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,63}")
"""A code begins with a letter: no telephone number, date of birth or sentence is one."""


class AuditKind(StrEnum):
    """What was done. Each is written before it takes effect."""

    READ = "voiceprint_read"
    KEPT = "voiceprint_kept"
    OPTED_OUT = "opted_out"
    REMOVED = "voiceprint_removed"
    ERASED = "voiceprint_erased"
    EXPIRED = "voiceprint_expired"
    ADAPTED = "voiceprint_adapted"
    COLLECTED = "voice_collected"
    RENEWED = "voiceprint_renewed"
    REVERTED = "voiceprint_reverted"
    REVOKED = "voiceprint_revoked"
    CONSENT_GRANTED = "consent_granted"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    EXPORTED = "exported"
    LOCKED_OUT = "locked_out"
    RELEASED = "released"
    PIN_SET = "pin_set"
    PIN_TRIED = "pin_tried"
    PIN_REMOVED = "pin_removed"
    LINK_SENT = "link_sent"
    LINK_TRIED = "link_tried"
    LINK_READ = "link_read"
    LINK_USED = "link_used"
    KEY_CHANGED = "key_changed"
    DATABASE_RESTORED = "database_restored"
    ENCODED_KEPT = "encoded_voices_kept"
    """A list of recordings is encoded into a folder."""

    ENCODED_READ = "encoded_voices_read"
    """The voices of a folder are compared, or people are enrolled from it."""

    ENCODED_REMOVED = "encoded_voices_removed"
    """A folder's key is destroyed; with a subject, that subject is taken out of the folder."""

    PROFILE_READ = "profile_read"
    """Somebody looked at everything that is known of the person whose voice it is."""

    WATCHLIST_CHANGED = "watchlist_changed"
    WATCHLIST_SEARCHED = "watchlist_searched"
    WATCHLIST_LOADED = "watchlist_loaded"
    WATCHLIST_HIT = "watchlist_hit"
    WATCHLIST_REVIEWED = "watchlist_reviewed"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    PERSON_CHANGED = "person_changed"
    CONTEXT_READ = "context_read"
    CONTEXT_JUDGED = "context_judged"
    SETTINGS_CHANGED = "settings_changed"
    TRAIL_READ = "trail_read"
    """Somebody looked at this trail."""

    ENROLMENT_REFUSED = "enrolment_refused"
    """A recording could not be enrolled; details say why."""

    FAILED = "failed"
    """What the entry before announced did not come about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """Something that is done with a voice. Codes only: no number, name, word or vector."""

    kind: AuditKind
    at: datetime
    """Aware."""

    actor: str
    """Who does it, as a code: service, operator, gateway, retention, or who signed in."""

    subject: SubjectId | None = None
    """Whose voice; the trail holds a pseudonym in its place."""

    details: Mapping[str, str] = field(default_factory=dict)
    """Codes by name, such as purpose: recognition."""

    def __post_init__(self) -> None:
        """Refuse what is no code: it could be personal data."""
        words = (self.actor, *self.details.keys(), *self.details.values())
        if not all(_CODE.fullmatch(word) for word in words):
            raise ValueError("An audit event holds codes only.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """Which entries are looked at."""

    most: int
    kinds: frozenset[str] = frozenset()
    """Empty for all."""

    actor: str = ""
    """Empty for everybody."""

    before: int | None = None
    """Only entries with a lower sequence."""

    def __contains__(self, entry: AuditEntry) -> bool:
        return (
            (not self.kinds or entry.kind in self.kinds)
            and self.actor in ("", entry.actor)
            and (self.before is None or entry.sequence < self.before)
        )


class Audit(Protocol):
    """Writes down what is done with voices."""

    def record(self, event: AuditEvent) -> None:
        """Write `event` behind all others.

        Raises:
            StoreUnavailable: it could not be written; what it is about must not happen.
        """


class AuditTrail(Audit, Protocol):
    """An audit that can be read again. Every method raises StoreUnavailable when it cannot."""

    def entries(self, subject: SubjectId | None = None) -> Iterator[AuditEntry]:
        """In order; of one subject where one is named."""

    def latest(self, asked: "Latest") -> tuple[AuditEntry, ...]:
        """The latest first."""

    def check(self, *checkpoints: Checkpoint) -> Intact | Broken:
        """Recompute the whole chain, and compare it with checkpoints kept elsewhere."""

    def checkpoint(self, now: datetime) -> Checkpoint:
        """The signed head of the trail."""


class MemoryAudit:
    """A trail for as long as the process lives. Every thread may use it."""

    def __init__(self, key: bytes = b"a trail that lives no longer than its process") -> None:
        self._key = key
        self._entries: list[AuditEntry] = []
        self._lock = Lock()

    def record(self, event: AuditEvent) -> None:
        with self._lock:
            self._entries.append(entry_of(event, self._head(), self._key))

    def entries(self, subject: SubjectId | None = None) -> Iterator[AuditEntry]:
        wanted = None if subject is None else pseudonym(subject, self._key)
        return iter([one for one in self._entries if wanted in (None, one.subject)])

    def latest(self, asked: Latest) -> tuple[AuditEntry, ...]:
        found = (one for one in reversed(self._entries) if one in asked)
        return tuple(islice(found, asked.most))

    def check(self, *checkpoints: Checkpoint) -> Intact | Broken:
        with self._lock:
            entries, head = list(self._entries), self._head()
        return check_chain(entries, head=head, key=self._key, checkpoints=checkpoints)

    def checkpoint(self, now: datetime) -> Checkpoint:
        with self._lock:
            sequence, digest = self._head()
        return sealed(sequence, digest, at=now, key=self._key)

    def _head(self) -> tuple[int, str]:
        last = self._entries[-1] if self._entries else None
        return (last.sequence, last.digest) if last else (0, GENESIS)


def entry_of(event: AuditEvent, after: tuple[int, str], key: bytes) -> AuditEntry:
    """`event` as the entry that follows the one with that sequence and digest."""
    entry = AuditEntry(
        sequence=after[0] + 1,
        at=event.at.astimezone(UTC),
        actor=event.actor,
        kind=event.kind,
        subject="" if event.subject is None else pseudonym(event.subject, key),
        details=dict(event.details),
        previous=after[1],
        digest="",
    )
    return signed(entry, key)


def as_code(text: str) -> str:
    """`text` with everything taken out that no code holds, such as the slash of a model's name."""
    plain = re.sub(r"[^A-Za-z0-9_.-]", "_", text)[:60]
    return plain if _CODE.fullmatch(plain) else f"x_{plain}"
