"""What somebody who has a link may do with it: open it by the code, look, and have it done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from biometrics import AuditKind, Witness
from ivr.errand import Done, Errand, PageKind, Served, Step, Unavailable
from ivr.onward.codes import LinkName, browser_digest, is_code, name_of, new_browser
from ivr.onward.content import errand_of
from ivr.onward.link import (
    Link,
    State,
    claimed,
    fits_browser,
    freed,
    is_live,
    is_visited,
    opened,
    state_at,
    tried,
    used,
)
from ivr.onward.links import Links, changed
from ivr.settings import OnwardSettings

DONE, UNSURE = "done", "unsure"
"""Outcomes."""

_OVER = frozenset({State.USED, State.EXPIRED, State.REVOKED})


class Shut(StrEnum):
    """Why a page does not open, or nothing is done."""

    WRONG = "wrong"
    """The code, or the link; which of them is not told."""

    OVER = "over"
    """Locked, expired, revoked or used."""

    OTHER_BROWSER = "other_browser"
    """The code is right, and another browser was first."""

    CODE = "code"
    """The code is asked for (again)."""

    CHANGED = "changed"
    """Somebody else did something with it in the same moment, or has chosen something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The code was right."""

    secret: str = field(repr=False)
    """What the browser keeps, so that it and no other goes on."""


@dataclass(frozen=True, kw_only=True)
class PageRoom:
    """One a process. Methods raise StoreUnavailable: then nothing is shown and nothing done."""

    links: Links
    run: Callable[[Errand], Served]
    witness: Witness
    settings: OnwardSettings

    def open(self, token: str, typed: str, browser: str, now: datetime) -> Opened | Shut:
        """Compare a code, after it was counted; `browser` is what its cookie holds."""
        link = self._find(token)
        if link is None:
            return Shut.WRONG
        if not is_live(link, now):
            return Shut.OVER
        most = self.settings.code_tries
        kept = changed(self.links, link, lambda one: tried(one, now, most=most))
        if kept is None:
            return Shut.CHANGED
        shut = _compared(kept, token, typed, browser)
        outcome = shut.value if shut else "right"
        self.witness.saw(AuditKind.LINK_TRIED, kept.content.subject, outcome=outcome)
        if shut is not None:
            return Shut.OVER if kept.state is State.LOCKED else shut
        return self._opened(kept, browser if kept.browser else new_browser(), now)

    def look(self, token: str, browser: str, now: datetime) -> Link | Shut:
        """What is behind it, for the browser that opened it a short while ago."""
        link = self._visited(token, browser, now)
        if isinstance(link, Link):
            self.witness.saw(
                AuditKind.LINK_READ, link.content.subject, what=link.content.kind.value
            )
        return link

    def do(
        self, token: str, browser: str, slots: Mapping[str, str], now: datetime
    ) -> Served | Shut:
        """Have done what was chosen or written: once, and nothing else beside it."""
        link = self._visited(token, browser, now)
        if isinstance(link, Shut):
            return link
        if link.state is State.USED or link.content.kind is PageKind.DOCUMENT:
            return Shut.OVER
        errand = errand_of(link.content, slots)
        ours = changed(self.links, link, lambda one: claimed(one, errand.key))
        if ours is None:
            return Shut.CHANGED
        self.witness.saw(AuditKind.LINK_USED, ours.content.subject, what=ours.content.intent)
        served = self.run(errand)
        self._settle(ours, errand, served)
        return served

    def paper(self, token: str, browser: str, now: datetime) -> Served | Shut:
        """What stands on the paper, asked for anew each time."""
        link = self.look(token, browser, now)
        if isinstance(link, Shut):
            return link
        if link.content.kind is not PageKind.DOCUMENT:
            return Shut.OVER
        return self.run(errand_of(link.content, {}, Step.DOCUMENT))

    def _settle(self, link: Link, errand: Errand, served: Served) -> None:
        def settled(one: Link) -> Link | None:
            if one.claimed != errand.key:
                return None
            match served:
                case Done(facts=facts):
                    return used(one, DONE, {**errand.slots, **facts})
                case Unavailable(may_be_done=True):
                    return used(one, UNSURE, {})
                case _:
                    return freed(one)

        changed(self.links, link, settled)

    def _opened(self, link: Link, secret: str, now: datetime) -> Opened | Shut:
        digest = browser_digest(secret)
        visit = timedelta(minutes=self.settings.visit_min)

        def bound(one: Link) -> Link | None:
            # Others may have locked it with the try that was counted before; its end is its end.
            is_over = state_at(one, now) in _OVER or not fits_browser(one, digest)
            return None if is_over else opened(one, digest, now, visit)

        is_open = changed(self.links, link, bound) is not None
        return Opened(secret=secret) if is_open else Shut.CHANGED

    def _visited(self, token: str, browser: str, now: datetime) -> Link | Shut:
        link = self._find(token)
        if link is None or not browser:
            return Shut.CODE
        return link if is_visited(link, browser_digest(browser), now) else Shut.CODE

    def _find(self, token: str) -> Link | None:
        name: LinkName | None = name_of(token)
        return None if name is None else self.links.find(name)


def _compared(link: Link, token: str, typed: str, browser: str) -> Shut | None:
    if not is_code(token, typed, link.code):
        return Shut.WRONG
    return None if fits_browser(link, browser_digest(browser)) else Shut.OTHER_BROWSER
