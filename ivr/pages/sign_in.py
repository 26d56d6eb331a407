"""Signing in and out, and how pages look."""

import re
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from ivr.call import Language
from ivr.pages.cookies import drop_secret, keep_look, keep_secret
from ivr.pages.pages import Pages, go
from ivr.pages.visit import Look, Visit
from ivr.people.entrance import Entered, Refused, SignIn
from ivr.people.password import MOST
from ivr.people.person import PersonId

_INSIDE = re.compile(r"(?:/[A-Za-z0-9_.~-]+)+")

Text = Annotated[str, Form(max_length=2 * MOST)]
"""A field of a form."""


def sign_in_routes(
    pages: Pages, stays_for: Callable[[PersonId], str] = lambda _person: ""
) -> APIRouter:
    """`/sign-in` and `/sign-out`.

    `stays_for` names a page that somebody must see before they are signed out, if any.
    """
    routes = pages.router()
    entrance, clock = pages.guard.entrance, pages.guard.around.clock

    @routes.get("/sign-in")
    def ask(visit: Annotated[Visit, pages.anybody()], to: str = "") -> Response:
        if visit.person is not None:
            return go(_inside(to) or pages.home(visit))
        return pages.show("sign_in.html", visit, to=_inside(to), refused=None)

    @routes.post("/sign-in")
    def sign_in(
        visit: Annotated[Visit, pages.anybody()],
        name: Text = "",
        password: Text = "",
        to: Text = "",
    ) -> Response:
        tried = SignIn(name=name.strip().lower(), password=password, source=visit.source)
        match entrance.enter(tried, clock()):
            case Entered() as entered:
                return _let_in(entered, visit, _inside(to) or pages.home_of(entered.person))
            case Refused() as refused:
                return _refused(pages, visit, refused, to)

    @routes.post("/sign-out")
    def sign_out(visit: Annotated[Visit, pages.signed_in()]) -> Response:
        stays = stays_for(visit.who.id)
        if stays:
            return go(stays)
        entrance.leave(visit.secret)
        response = go("/sign-in")
        drop_secret(response, is_secure=visit.is_secure)
        return response

    return routes


def look_routes(pages: Pages) -> APIRouter:
    """`/look`: language and colours, for whoever asks."""
    routes = pages.router()

    @routes.post("/look")
    def look(
        visit: Annotated[Visit, pages.anybody()],
        language: Annotated[Language | None, Form()] = None,
        look: Annotated[Look | None, Form()] = None,
        to: Text = "",
    ) -> Response:
        response = go(_inside(to) or pages.home(visit))
        for what, chosen in (("language", language), ("look", look)):
            if chosen is not None:
                keep_look(response, what, chosen, is_secure=visit.is_secure)
        return response

    return routes


def _let_in(entered: Entered, visit: Visit, to: str) -> Response:
    response = go(to)
    keep_secret(response, entered.secret, is_secure=visit.is_secure)
    return response


def _refused(pages: Pages, visit: Visit, refused: Refused, to: str) -> Response:
    status = 429 if refused.wait_s else 401
    page = pages.show("sign_in.html", visit, status=status, to=_inside(to), refused=refused)
    if refused.wait_s:
        page.headers["Retry-After"] = str(refused.wait_s)
    return page


def _inside(path: str) -> str:
    """A path of ours as it is; anything else would lead somewhere a stranger chose."""
    return path if len(path) < MOST and _INSIDE.fullmatch(path) else ""
