"""`/go/TOKEN`: whoever has the link types the code, and goes on where the call was."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.requests import Request
from starlette.responses import Response

from ivr.onward.page import PageRoom
from ivr.pages.onward.cookie import browser_in
from ivr.pages.onward.going import Going, Guest
from ivr.pages.onward.written import Words
from ivr.pages.pages import Pages
from ivr.pages.visit import Visit
from ivr.people.tries import Tries, TryRule

_LONGEST = 300
"""Characters of what is written into a field."""

_MOST_FIELDS = 20


def onward_routes(pages: Pages, room: PageRoom, words: Words, tries: Tries) -> APIRouter:
    """The pages behind links. Nobody signs in here; the code and the cookie guard them."""
    routes = pages.router()
    rule = TryRule(free=room.settings.free_guesses)
    going = Going(pages=pages, room=room, words=words, tries=tries, rule=rule)
    anybody = pages.anybody()

    @routes.api_route("/go/{token}", methods=["GET", "HEAD"])
    def show(request: Request, visit: Annotated[Visit, anybody], token: str) -> Response:
        return going.shown(_guest(request, visit, token))

    @routes.post("/go/{token}")
    def open_(
        request: Request,
        visit: Annotated[Visit, anybody],
        token: str,
        code: Annotated[str, Form(max_length=_LONGEST)] = "",
    ) -> Response:
        return going.opened(_guest(request, visit, token), code)

    @routes.post("/go/{token}/choice")
    def choose(
        request: Request,
        visit: Annotated[Visit, anybody],
        token: str,
        written: Annotated[dict[str, str], Depends(_written)],
    ) -> Response:
        return going.chosen(_guest(request, visit, token), written)

    @routes.post("/go/{token}/done")
    def do(
        request: Request,
        visit: Annotated[Visit, anybody],
        token: str,
        written: Annotated[dict[str, str], Depends(_written)],
    ) -> Response:
        return going.done(_guest(request, visit, token), written)

    @routes.get("/go/{token}/paper")
    def paper(request: Request, visit: Annotated[Visit, anybody], token: str) -> Response:
        return going.paper(_guest(request, visit, token))

    return routes


def _guest(request: Request, visit: Visit, token: str) -> Guest:
    browser = browser_in(request, is_secure=visit.is_secure)
    return Guest(visit=visit, token=token, browser=browser)


async def _written(request: Request) -> dict[str, str]:
    """The fields of a form, whatever it asks for."""
    form = await request.form(max_files=0, max_fields=_MOST_FIELDS)
    return {name: text[:_LONGEST] for name, text in form.items() if isinstance(text, str)}
