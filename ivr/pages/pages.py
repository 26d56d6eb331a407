"""What every page is made with: routes that are guarded, and answers with the house's look."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, params
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from biometrics import StoreUnavailable
from ivr.pages.guard import Guard, Needs
from ivr.pages.headers import guarded
from ivr.pages.templates import Templates
from ivr.pages.turned_away import STATUS, TurnedAway, Why
from ivr.pages.visit import Look, Place, Visit
from ivr.pages.words import words
from ivr.people.person import May, Person

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_SEE_OTHER: Final = 303


@dataclass(frozen=True, kw_only=True)
class Pages:
    """One per process; every thread may use it."""

    guard: Guard
    places: tuple[Place, ...] = ()
    """The navigation, in order; each sees what they may."""

    templates: Templates = field(default_factory=Templates)

    def router(self) -> APIRouter:
        """For routes of pages. Each has a parameter of one of the kinds below.

        Raises:
            ValueError: when a route is added that does not.
        """
        return APIRouter(route_class=_route_class(self), include_in_schema=False)

    def needs(self, *one_of: May, is_alive: bool = True) -> params.Depends:
        """The Visit of somebody who may do one of these; `Annotated[Visit, pages.needs(...)]`.

        What pages ask by themselves is no sign of life of anybody: it keeps no session open.
        """
        if not one_of:
            raise ValueError("Name what is needed, or say that anybody may who signed in.")
        return params.Depends(Needs(self.guard, frozenset(one_of), is_alive=is_alive))

    def signed_in(self) -> params.Depends:
        """The same, of anybody with an account."""
        return params.Depends(Needs(self.guard, frozenset()))

    def anybody(self) -> params.Depends:
        """The same, of whoever asks: for pages that hold nothing of anybody."""
        return params.Depends(Needs(self.guard, None, is_alive=False))

    def show(
        self, template: str, visit: Visit, *, status: int = 200, **values: object
    ) -> HTMLResponse:
        """A whole page."""
        text = self.templates.render(template, **self._common(visit), **values)
        return HTMLResponse(text, status)

    def part(self, template: str, visit: Visit, **values: object) -> str:
        """What changes of a page while it is open."""
        return self.templates.render(template, **self._common(visit), **values)

    def home(self, visit: Visit) -> str:
        """Where a visit begins."""
        return self.home_of(visit.person) if visit.person else "/sign-in"

    def home_of(self, person: Person) -> str:
        return next((one.path for one in self.places if person.may(one.needs)), "/account")

    def turned_away(self, request: Request, why: Why) -> Response:
        """Another page than was asked for; to sign in where that may help."""
        visit = self.guard.visit(request)
        if why is Why.SIGN_IN and request.method == "GET" and _is_navigation(request):
            return RedirectResponse(f"/sign-in?to={quote(request.url.path)}", _SEE_OTHER)
        return self.show("problem.html", visit, status=STATUS[why], why=why)

    def _common(self, visit: Visit) -> dict[str, object]:
        t = words(visit.language)
        return {
            "t": t,
            "visit": visit,
            "places": [one for one in self.places if visit.may(one.needs)],
            "looks": tuple(Look),
            "is_at": lambda path: visit.path == path or visit.path.startswith(f"{path}/"),
        }


def go(path: str) -> RedirectResponse:
    """To another page, after something was done."""
    return RedirectResponse(path, _SEE_OTHER)


def _route_class(pages: Pages) -> type[APIRoute]:
    class GuardedRoute(APIRoute):
        """Says what it needs, and answers by a page of ours whatever happens."""

        def __init__(self, path: str, endpoint: Callable[..., Any], **kwargs: Any) -> None:  # noqa: ANN401
            super().__init__(path, endpoint, **kwargs)
            if not any(isinstance(one.call, Needs) for one in self.dependant.dependencies):
                raise ValueError(f"{path} does not say what it needs.")

        def get_route_handler(self) -> Handler:
            handle = super().get_route_handler()

            async def answer(request: Request) -> Response:
                try:
                    return guarded(await handle(request))
                except TurnedAway as away:
                    return guarded(pages.turned_away(request, away.why))
                except (StoreUnavailable, RequestValidationError, HTTPException) as err:
                    return guarded(pages.turned_away(request, _why(err)))

            return answer

    return GuardedRoute


def _why(err: Exception) -> Why:
    match err:
        case StoreUnavailable():
            return Why.UNAVAILABLE
        case HTTPException(status_code=404):
            return Why.NOT_FOUND
        case _:
            return Why.BAD_FORM


def _is_navigation(request: Request) -> bool:
    """A page that is opened, and nothing a script asks for."""
    return request.headers.get("sec-fetch-mode", "navigate") == "navigate"
