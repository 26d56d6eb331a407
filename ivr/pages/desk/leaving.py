"""Signing out with calls in hand: nobody is let go of silently."""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from ivr.pages.cookies import drop_secret
from ivr.pages.desk.work import DeskWork
from ivr.pages.pages import Pages, go
from ivr.pages.visit import Visit


def leaving_routes(pages: Pages, work: DeskWork) -> APIRouter:
    """`/desk/leaving`: what is in hand, and giving it back."""
    routes = pages.router()

    @routes.get("/desk/leaving")
    def leaving(visit: Annotated[Visit, pages.signed_in()]) -> Response:
        held = work.attendance.held(visit.who.id)
        return pages.show("leaving.html", visit, held=held) if held else go("/account")

    @routes.post("/desk/leaving")
    def leave(visit: Annotated[Visit, pages.signed_in()]) -> Response:
        for entry in work.attendance.held(visit.who.id):
            work.release(visit.who.id, entry.id)
        work.attendance.leave(visit.who.id)
        pages.guard.entrance.leave(visit.secret)
        response = go("/sign-in")
        drop_secret(response, is_secure=visit.is_secure)
        return response

    return routes
