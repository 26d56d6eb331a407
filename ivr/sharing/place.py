"""Where a call stands among workers, as functions of values: every store does the same."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """How long a call stays with a worker that is not heard of, and how long it is kept."""

    holds: timedelta = timedelta(seconds=4)
    idle: timedelta = timedelta(hours=1)
    """A call that is silent for so long has ended without telling us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One call's, with nothing of what is said in it."""

    name: str
    """A keyed digest of the call's id."""

    heard_at: datetime
    """Aware, UTC; as are all times."""

    holder: str = ""
    """The worker that has it in hand; empty while nobody has."""

    held_until: datetime | None = None
    turn: str = ""
    """A digest of the turn that is being answered."""

    version: int = 0
    """Of how often it was taken in hand: whoever lost it meanwhile changes nothing any more."""

    has_left: bool = False
    """The caller hung up while the call was in somebody's hands."""

    was_asked: bool = False
    """The gateway asked how the call goes on."""


def is_held(place: Place, now: datetime) -> bool:
    """Somebody has it in hand who is alive."""
    return bool(place.holder) and place.held_until is not None and place.held_until > now


def is_broken(place: Place, now: datetime) -> bool:
    """Somebody had it in hand, and is gone."""
    return bool(place.holder) and not is_held(place, now)


def is_left_behind(place: Place, now: datetime, lease: Lease) -> bool:
    """Nobody comes back to it by themselves."""
    if is_held(place, now):
        return False
    return bool(place.holder) or place.has_left or now - place.heard_at > lease.idle


def taken(place: Place, by: str, now: datetime, lease: Lease, turn: str = "") -> Place:
    """In hand, whoever had it."""
    return replace(
        place,
        holder=by,
        held_until=now + lease.holds,
        turn=turn,
        heard_at=now,
        version=place.version + 1,
    )


def given_back(place: Place) -> Place:
    return replace(place, holder="", held_until=None, turn="")
