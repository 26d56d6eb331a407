"""Entries that each seal the one before: what was written cannot be changed or shortened unseen."""

import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

GENESIS = "0" * 64
"""What the first entry follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One line of the trail. It tells that something was done, never what was said or sounded."""

    sequence: int
    """1 for the first; no number is left out."""

    at: datetime
    """Aware, UTC."""

    actor: str
    kind: str

    subject: str
    """Pseudonym of the subject, empty where nobody in particular was meant."""

    details: Mapping[str, str]
    previous: str
    """The digest of the entry before."""

    digest: str
    """HMAC-SHA-256 of everything above, hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """How far the trail went at a moment, signed. Kept outside the database it vouches for."""

    sequence: int
    digest: str
    at: datetime
    seal: str
    """HMAC-SHA-256 of everything above, hexadecimal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intact:
    """Every entry is as it was written."""

    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """Somebody changed the trail, or another key wrote it."""

    sequence: int
    """The first entry that is not as it was written, or that is missing."""

    reason: str


def pseudonym(subject: str, key: bytes) -> str:
    """Names a subject in the trail; without the key nobody can tell which."""
    return hmac.digest(key, b"subject:" + subject.encode(), "sha256").hex()[:32]


def signed(entry: AuditEntry, key: bytes) -> AuditEntry:
    """The entry with the digest of what it holds."""
    return replace(entry, digest=_digest(entry, key))


def sealed(sequence: int, digest: str, *, at: datetime, key: bytes) -> Checkpoint:
    """A checkpoint of the entry with that sequence and digest."""
    moment = at.astimezone(UTC)
    return Checkpoint(
        sequence=sequence, digest=digest, at=moment, seal=_seal(sequence, digest, moment, key)
    )


def check_chain(
    entries: Iterable[AuditEntry],
    *,
    head: tuple[int, str],
    key: bytes,
    checkpoints: Sequence[Checkpoint] = (),
) -> Intact | Broken:
    """Recompute every digest; `head` is the sequence and digest the trail says it ends with.

    A trail that was cut off and whose head was set back is only found by a checkpoint.
    """
    for checkpoint in checkpoints:
        if not _is_genuine(checkpoint, key):
            return Broken(sequence=checkpoint.sequence, reason="the checkpoint's seal is not ours")
    vouched: dict[int, set[str]] = {}
    for checkpoint in checkpoints:
        vouched.setdefault(checkpoint.sequence, set()).add(checkpoint.digest)
    last = (0, GENESIS)
    for entry in entries:
        reason = _fault(entry, last, key)
        if reason:
            return Broken(sequence=last[0] + 1, reason=reason)
        last = (entry.sequence, entry.digest)
        if vouched.get(entry.sequence, {entry.digest}) != {entry.digest}:
            return Broken(sequence=last[0], reason="the checkpoint saw another entry here")
    if last != head or last[0] < max(vouched, default=0):
        return Broken(sequence=last[0] + 1, reason="the end of the trail is missing")
    return Intact(entries=last[0])


def write_checkpoint(checkpoint: Checkpoint) -> str:
    """As one line of JSON."""
    values = {"sequence": checkpoint.sequence, "digest": checkpoint.digest}
    return json.dumps({**values, "at": checkpoint.at.isoformat(), "seal": checkpoint.seal}) + "\n"


def read_checkpoint(line: str) -> Checkpoint:
    """What `write_checkpoint` wrote.

    Raises:
        ValueError: it is something else.
    """
    try:
        values = json.loads(line)
        found = Checkpoint(
            sequence=int(values["sequence"]),
            digest=str(values["digest"]),
            at=datetime.fromisoformat(values["at"]),
            seal=str(values["seal"]),
        )
    except (KeyError, TypeError, OverflowError, RecursionError) as err:
        raise ValueError("A checkpoint lacks a value.") from err
    if write_checkpoint(found).strip() != line.strip():
        raise ValueError("A checkpoint is not as it was written.")
    return found


def _fault(entry: AuditEntry, last: tuple[int, str], key: bytes) -> str:
    if entry.sequence != last[0] + 1:
        return "an entry is missing"
    if entry.previous != last[1]:
        return "it does not follow the entry before"
    if not hmac.compare_digest(entry.digest, _digest(entry, key)):
        return "it is not as it was written, or another key wrote it"
    return ""


def _digest(entry: AuditEntry, key: bytes) -> str:
    content = {
        "sequence": entry.sequence,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor,
        "kind": entry.kind,
        "subject": entry.subject,
        "details": dict(entry.details),
        "previous": entry.previous,
    }
    # Keys in order and no blanks: the same entry gives the same bytes in every process.
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hmac.digest(key, b"entry:" + canonical.encode(), "sha256").hex()


def _seal(sequence: int, digest: str, at: datetime, key: bytes) -> str:
    text = f"checkpoint:{sequence}:{digest}:{at.isoformat(timespec='microseconds')}"
    return hmac.digest(key, text.encode(), "sha256").hex()


def _is_genuine(checkpoint: Checkpoint, key: bytes) -> bool:
    moment = checkpoint.at.astimezone(UTC)
    expected = _seal(checkpoint.sequence, checkpoint.digest, moment, key)
    return hmac.compare_digest(checkpoint.seal, expected)
