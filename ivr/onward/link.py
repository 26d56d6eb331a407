"""A link from its making to its end: created, opened, and then used, expired, locked or revoked."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from ivr.onward.codes import LinkName
from ivr.onward.content import Content


class State(StrEnum):
    """How far a link has come."""

    CREATED = "created"
    OPENED = "opened"
    """In one browser, by the code."""

    USED = "used"
    EXPIRED = "expired"
    LOCKED = "locked"
    """Too many wrong codes."""

    REVOKED = "revoked"
    """It was done in the call."""


_LIVE = (State.CREATED, State.OPENED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One link. Whoever has it and no code has nothing."""

    name: LinkName
    version: int = 1
    """Grows with every change, so that nobody changes what another has changed meanwhile."""

    state: State = State.CREATED
    """As it was written down; `state_at` minds the time."""

    code: str = field(repr=False)
    """A digest of the code that was told last."""

    wrong: int = 0
    """Codes that were tried in a row; each counts before it is compared."""

    sends: int = 1
    browser: str = field(default="", repr=False)
    """A digest of the cookie of the browser that opened it; empty while none has."""

    visit_ends_at: datetime | None = None
    """Aware, UTC, as are all times; from then on the code is asked for again."""

    claimed: str = ""
    """The key of the errand that was chosen: no other one is run."""

    outcome: str = ""
    """A code of what came of it."""

    told: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What was chosen, and what the business system told of it."""

    created_at: datetime
    expires_at: datetime
    due_at: datetime | None = None
    """When the message with the link is to be handed over; None where it was, or never will be."""

    tries: int = 0
    """How often that was tried."""

    mark: str = ""
    """A keyed digest of whose it is."""

    content: Content


def state_at(link: Link, now: datetime) -> State:
    is_over = link.state in _LIVE and now >= link.expires_at
    return State.EXPIRED if is_over else link.state


def is_live(link: Link, now: datetime) -> bool:
    """Somebody could still go on with it."""
    return state_at(link, now) in _LIVE


def tried(link: Link, now: datetime, *, most: int) -> Link | None:
    """With one more code counted as a wrong one; None where none may be tried.

    The last one locks it before it is compared: what fails in between leaves it locked.
    """
    if not is_live(link, now):
        return None
    wrong = link.wrong + 1
    return replace(link, wrong=wrong, state=State.LOCKED if wrong >= most else link.state)


def fits_browser(link: Link, browser: str) -> bool:
    """Nobody has opened it yet, or this browser has."""
    return not link.browser or hmac.compare_digest(link.browser, browser)


def opened(link: Link, browser: str, now: datetime, visit: timedelta) -> Link:
    """The code was right."""
    ends_at = min(now + visit, link.expires_at)
    return replace(link, state=State.OPENED, wrong=0, browser=browser, visit_ends_at=ends_at)


def is_visited(link: Link, browser: str, now: datetime) -> bool:
    """This browser has opened it a short while ago. What came of it may be seen until then."""
    may_be_seen = state_at(link, now) in (State.OPENED, State.USED)
    is_its = bool(link.browser) and hmac.compare_digest(link.browser, browser)
    return may_be_seen and is_its and link.visit_ends_at is not None and now < link.visit_ends_at


def claimed(link: Link, key: str) -> Link | None:
    """With this errand chosen; None where another one was."""
    if link.state is not State.OPENED or link.claimed not in ("", key):
        return None
    return replace(link, claimed=key)


def used(link: Link, outcome: str, told: Mapping[str, str]) -> Link:
    return replace(link, state=State.USED, outcome=outcome, told=told)


def freed(link: Link) -> Link:
    """Nothing was changed: something else may be chosen."""
    return replace(link, claimed="")


def revoked(link: Link) -> Link:
    return replace(link, state=State.REVOKED, due_at=None)
