"""Who sees which page. A route that does not say what it needs cannot be made."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from anyio.to_thread import run_sync
from starlette.requests import Request

from ivr.call import Language
from ivr.pages.cookies import look_in, secret_in
from ivr.pages.origin import is_of_own_page, is_safe
from ivr.pages.turned_away import TurnedAway, Why
from ivr.pages.visit import Look, Visit
from ivr.people.entrance import Entrance
from ivr.people.person import May, Person
from ivr.people.session import form_token, is_form_token

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the guard is told about the service."""

    is_here: Callable[[str], bool]
    """Whether an address is this machine."""

    source_of: Callable[[str], str]
    """What is counted together."""

    clock: Callable[[], datetime]
    behind_tls: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Looks at each request before a page does."""

    entrance: Entrance
    around: Surroundings

    def visit(self, request: Request, person: Person | None = None) -> Visit:
        """The request, as that person's."""
        address = request.client.host if request.client else ""
        is_secure = self._is_secure(request)
        secret = secret_in(request, is_secure=is_secure)
        return Visit(
            person=person,
            secret=secret if person else "",
            form_token=form_token(secret) if person else "",
            language=_language(request, person),
            look=Look(look_in(request, "look", tuple(Look)) or Look.AUTO),
            is_secure=is_secure,
            path=request.url.path,
            source=self.around.source_of(address),
        )

    def _is_secure(self, request: Request) -> bool:
        """Past our own TLS, or that of the proxy before us, which says so of every request."""
        if request.url.scheme == "https":
            return True
        told = request.headers.get("x-forwarded-proto", "")
        return self.around.behind_tls and told == "https"

    def check_way(self, request: Request) -> None:
        """How it came here, whoever it is.

        Raises:
            TurnedAway: in the clear from elsewhere, or by a form of another site.
        """
        visit = self.visit(request)
        if not visit.is_secure and not self.around.is_here(
            request.client.host if request.client else ""
        ):
            raise TurnedAway(Why.NEEDS_TLS)
        if not is_safe(request.method) and not is_of_own_page(request.headers):
            raise TurnedAway(Why.OTHER_PAGE)

    def known(self, request: Request, *, is_alive: bool) -> Visit:
        """With whoever signed in, if anybody; `is_alive` puts the session's end off."""
        visit = self.visit(request)
        secret = secret_in(request, is_secure=visit.is_secure)
        person = self.entrance.who(secret, self.around.clock(), is_alive=is_alive)
        return self.visit(request, person)


@dataclass(frozen=True, slots=True)
class Needs:
    """What a route needs: a dependency that gives its Visit."""

    guard: Guard
    one_of: frozenset[May] | None
    """None where nobody need have signed in; empty where anybody may who has."""

    is_alive: bool = True
    """False for what pages ask by themselves: that keeps no session open."""

    async def __call__(self, request: Request) -> Visit:
        self.guard.check_way(request)
        visit = await run_sync(lambda: self.guard.known(request, is_alive=self.is_alive))
        if self.one_of is None:
            return visit
        if visit.person is None:
            raise TurnedAway(Why.SIGN_IN)
        if not is_safe(request.method) and not await _has_token(request, visit.secret):
            raise TurnedAway(Why.OTHER_PAGE)
        if self.one_of and not any(map(visit.person.may, self.one_of)):
            raise TurnedAway(Why.NOT_YOURS)
        return visit


async def _has_token(request: Request, secret: str) -> bool:
    """Of this session, in a field of the form or in the header that scripts set."""
    shown = request.headers.get("x-form-token", "")
    if not shown and request.headers.get("content-type", "").startswith(_FORMS):
        field = (await request.form()).get("token", "")
        shown = field if isinstance(field, str) else ""
    return is_form_token(shown, secret)


def _language(request: Request, person: Person | None) -> Language:
    """As chosen, else the person's, else the browser's."""
    chosen = look_in(request, "language", tuple(Language))
    if chosen:
        return Language(chosen)
    if person is not None:
        return person.language
    wanted = request.headers.get("accept-language", "")[:200].lower()
    named = [part.strip()[:2] for part in wanted.split(",")]
    return next((Language(one) for one in named if one in set(Language)), Language.GERMAN)
