"""What the page behind a link answers to whoever comes to it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Final

from starlette.responses import Response

from ivr.call import Language
from ivr.errand import Declined, Done, PageKind, Unavailable
from ivr.onward.content import Content
from ivr.onward.link import Link, State
from ivr.onward.page import DONE, PageRoom, Shut
from ivr.pages.onward.bars import bars
from ivr.pages.onward.cookie import keep_browser
from ivr.pages.onward.written import Asked, Words, fields
from ivr.pages.pages import Pages, go
from ivr.pages.visit import Visit
from ivr.people.tries import Tries, TryRule, source_key

_STATUS: Final = {Shut.WRONG: 401, Shut.OTHER_BROWSER: 403, Shut.OVER: 410, Shut.CHANGED: 409}
_REFUSED: Final = 422
_TOO_MANY: Final = 429
_UNAVAILABLE: Final = 503
_PLACE_DIGITS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """One request: who has the link, and what their browser keeps."""

    visit: Visit
    token: str
    browser: str = ""

    @property
    def home(self) -> str:
        """The link itself; what follows it in a path says what is wanted there."""
        return "/".join(self.visit.path.split("/")[:3])


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told beside what the page holds."""

    status: int = 200
    asked: list[Asked] | None = None
    """The fields as they were filled in; None as the call left them."""

    said: str = ""
    problem: str = ""
    """A key of the words."""


@dataclass(frozen=True, kw_only=True)
class Going:
    """One a process; every thread may use it."""

    pages: Pages
    room: PageRoom
    words: Words
    tries: Tries
    rule: TryRule
    """How often an address may guess."""

    def shown(self, guest: Guest) -> Response:
        """What is behind the link for whoever opened it; for all others, where the code goes.

        Without a cookie nothing is looked up and nothing used up: mail scanners open links too.
        """
        found = self._looked(guest)
        return self._ask(guest) if isinstance(found, Shut) else self._page(guest, found)

    def opened(self, guest: Guest, code: str) -> Response:
        """Compare a code; an address that has guessed too often has to wait."""
        key = source_key(f"link:{guest.visit.source}")
        wait = self.tries.take(key, self.rule, self._now())
        if wait > timedelta():
            return self._slow(guest, wait)
        answer = self.room.open(guest.token, code, guest.browser, self._now())
        if isinstance(answer, Shut):
            return self._ask(guest, answer)
        self.tries.give_back(key)
        response = go(guest.home)
        keep_browser(
            response,
            answer.secret,
            path=guest.home,
            hours=self.room.settings.expires_h,
            is_secure=guest.visit.is_secure,
        )
        return response

    def chosen(self, guest: Guest, written: Mapping[str, str]) -> Response:
        """Read back what would be done; nothing is done yet."""
        found = self._looked(guest)
        if isinstance(found, Shut) or found.state is State.USED:
            return go(guest.home)
        slots = self._slots(found.content, written)
        if isinstance(slots, Told):
            return self._page(guest, found, slots)
        text = self.words.confirm(found.content, slots)
        language = found.content.language
        return self._show("confirm.html", guest, language, text=text, written=dict(written))

    def done(self, guest: Guest, written: Mapping[str, str]) -> Response:
        """Do it. Whoever sends the same form twice finds it done."""
        found = self._looked(guest)
        if isinstance(found, Shut) or found.state is State.USED:
            return go(guest.home)
        slots = self._slots(found.content, written)
        if isinstance(slots, Told):
            return self._page(guest, found, slots)
        match self.room.do(guest.token, guest.browser, slots, self._now()):
            case Declined() as no:
                said = self.words.declined(found.content, no, slots)
                return self._page(guest, found, Told(status=_REFUSED, said=said))
            case Unavailable(may_be_done=False):
                return self._page(guest, found, _down())
            case Shut.CHANGED as shut:
                return self._page(guest, found, Told(status=_STATUS[shut], problem=shut.value))
            case _:
                return go(guest.home)

    def paper(self, guest: Guest) -> Response:
        """To be printed."""
        found = self._looked(guest)
        if isinstance(found, Shut):
            return go(guest.home)
        match self.room.paper(guest.token, guest.browser, self._now()):
            case Done(facts=facts):
                return self._printed(guest, found.content, facts)
            case Shut():
                return go(guest.home)
            case _:
                return self._page(guest, found, _down())

    def _looked(self, guest: Guest) -> Link | Shut:
        if not guest.browser:
            return Shut.CODE
        return self.room.look(guest.token, guest.browser, self._now())

    def _slots(self, content: Content, written: Mapping[str, str]) -> dict[str, str] | Told:
        if content.kind is PageKind.FORM:
            found = self.words.slots(content, written, self._now().date())
            return found if isinstance(found, dict) else Told(status=_REFUSED, asked=found)
        place = written.get("choice", "")
        is_place = place.isascii() and place.isdecimal() and len(place) <= _PLACE_DIGITS
        if not is_place or int(place) >= len(content.options):
            return Told(status=_REFUSED, problem="choose")
        return dict(content.options[int(place)].slots)

    def _now(self) -> datetime:
        return self.pages.guard.around.clock().astimezone(UTC)

    def _ask(self, guest: Guest, shut: Shut | None = None, *, wait_s: int = 0) -> Response:
        status = _TOO_MANY if wait_s else _STATUS[shut] if shut else 200
        language = guest.visit.language
        return self._show("code.html", guest, language, status=status, shut=shut, wait_s=wait_s)

    def _slow(self, guest: Guest, wait: timedelta) -> Response:
        wait_s = ceil(wait.total_seconds())
        page = self._ask(guest, wait_s=wait_s)
        page.headers["Retry-After"] = str(wait_s)
        return page

    def _page(self, guest: Guest, link: Link, told: Told | None = None) -> Response:
        told, content = told or Told(), link.content
        return self._show(
            "page.html",
            guest,
            content.language,
            status=told.status,
            content=content,
            outcome=link.outcome,
            done=self.words.done(link) if link.outcome == DONE else "",
            wish=self.words.wish(content),
            options=self.words.options(content),
            asked=fields(content) if told.asked is None else told.asked,
            told=told,
        )

    def _printed(self, guest: Guest, content: Content, facts: Mapping[str, str]) -> Response:
        told = self.words.facts(facts, content.language)
        code = bars(facts.get("label_number", ""))
        return self._show(
            "paper.html", guest, content.language, content=content, facts=told, bars=code
        )

    def _show(
        self,
        template: str,
        guest: Guest,
        language: Language,
        *,
        status: int = 200,
        **values: object,
    ) -> Response:
        """In the language of the call, whatever the browser prefers."""
        page = self.pages.show(
            f"onward/{template}",
            replace(guest.visit, language=language),
            status=status,
            company=self.words.company,
            home=guest.home,
            **values,
        )
        page.headers["X-Robots-Tag"] = "noindex, nofollow"
        return page


def _down() -> Told:
    return Told(status=_UNAVAILABLE, problem="unavailable")
