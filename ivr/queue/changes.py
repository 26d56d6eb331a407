"""What can happen to a caller who waits, as functions of values: every room does the same.

Each gives the changed entry, or None where it may not happen.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ivr.queue.entry import AgentId, ContextToken, Entry, State, digest

_MOST_REASONS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """How long a claim holds whose claimant is not heard of."""

    silent: timedelta = timedelta(minutes=2)
    longest_call: timedelta = timedelta(hours=4)
    """A connected call of which nobody tells the end counts as over after it."""

    @property
    def notes_every(self) -> timedelta:
        """Desks say often that they are there; so often it is written down."""
        return self.silent / 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where a caller goes, and why."""

    queue: str
    priority: int
    reason: str
    skills: frozenset[str] | None = None
    """What the queue needs; None leaves them as they are."""

    seen: int | None = None
    """Only where that is the entry's version still."""


def kept(entry: Entry) -> Entry:
    """As a room keeps it: of the token the digest alone."""
    return replace(entry, token=ContextToken(""), token_digest=digest(entry.token))


def is_same_call(there: Entry, new: Entry) -> bool:
    """A gateway may use the id of a call again that is over, but nobody draws a token twice."""
    is_known = not there.is_over or there.token_digest == new.token_digest
    return there.call_id == new.call_id and is_known


def claimed(entry: Entry, agent: AgentId, now: datetime) -> Entry | None:
    """For `agent` alone."""
    if _is_of(entry, agent):
        return heard_of(entry, now)
    if not entry.is_live:
        return None
    return _changed(entry, state=State.CLAIMED, claimed_by=agent, claimed_at=now, heard_at=now)


def connected(entry: Entry, agent: AgentId, now: datetime) -> Entry | None:
    return _changed(entry, is_connected=True, heard_at=now) if _is_of(entry, agent) else None


def heard_of(entry: Entry, now: datetime) -> Entry:
    """No change that anybody need be told of: the version stays."""
    return replace(entry, heard_at=now)


def is_worth_noting(entry: Entry, lease: Lease, now: datetime) -> bool:
    return entry.heard_at is None or now - entry.heard_at >= lease.notes_every


def moved(entry: Entry, to: Move) -> Entry | None:
    """Free again; a caller who has hung up cannot be handed to anybody else."""
    has_gone = entry.hung_up_at is not None and not entry.is_call_back
    if entry.is_over or has_gone or to.seen not in (None, entry.version):
        return None
    there = replace(
        entry,
        queue=to.queue,
        priority=to.priority,
        reasons=(*entry.reasons, to.reason)[-_MOST_REASONS:],
        skills=entry.skills if to.skills is None else to.skills,
    )
    return _changed(there, **_FREE, state=_waits(entry))


def finished(entry: Entry, agent: AgentId, now: datetime) -> Entry | None:
    """Once; whoever says so again is given what it is."""
    if entry.state is State.FINISHED and entry.claimed_by == agent:
        return entry
    return _changed(entry, state=State.FINISHED, left_at=now) if _is_of(entry, agent) else None


def released(entry: Entry, agent: AgentId) -> Entry | None:
    return _given_back(entry) if _is_of(entry, agent) else None


def passed_on(entry: Entry, agent: AgentId, to: AgentId, now: datetime) -> Entry | None:
    if not _is_of(entry, agent):
        return None
    back = _given_back(entry)
    return claimed(back, to, now) if back.is_live else None


def left(entry: Entry, now: datetime) -> Entry:
    """A caller who is to be rung back hangs up first; one who was taken is not lost by it."""
    match entry.state:
        case State.WAITING:
            return _changed(entry, state=State.ABANDONED, left_at=now)
        case State.CLAIMED if entry.hung_up_at is None and not entry.is_call_back:
            return _changed(entry, hung_up_at=now)
        case _:
            return entry


def to_be_rung(entry: Entry) -> Entry:
    if entry.state is not State.WAITING:
        return entry
    return _changed(entry, state=State.CALL_BACK, is_call_back=True)


def lapsed(entry: Entry, lease: Lease, now: datetime) -> Entry | None:
    """What becomes of a claim whose claimant is gone; None while it holds."""
    if entry.state is not State.CLAIMED or entry.heard_at is None:
        return None
    last = max(entry.heard_at, entry.hung_up_at or entry.heard_at)
    is_talking = entry.is_connected and entry.hung_up_at is None
    if now - last <= (lease.longest_call if is_talking else lease.silent):
        return None
    if entry.is_connected:
        return _changed(entry, state=State.FINISHED, left_at=last)
    return _given_back(entry)


def _given_back(entry: Entry) -> Entry:
    if entry.hung_up_at is not None and not entry.is_call_back:
        return _changed(entry, **_FREE, state=State.ABANDONED, left_at=entry.hung_up_at)
    return _changed(entry, **_FREE, state=_waits(entry))


_FREE: dict[str, bool | None] = {
    "claimed_by": None,
    "claimed_at": None,
    "heard_at": None,
    "hung_up_at": None,
    "is_connected": False,
}


def _waits(entry: Entry) -> State:
    return State.CALL_BACK if entry.is_call_back else State.WAITING


def _is_of(entry: Entry, agent: AgentId) -> bool:
    return entry.state is State.CLAIMED and entry.claimed_by == agent


def _changed(entry: Entry, **values: object) -> Entry:
    changed: Entry = replace(entry, version=entry.version + 1, **values)  # type: ignore[arg-type]
    return changed
