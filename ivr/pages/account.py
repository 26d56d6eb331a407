"""One's own account: the password."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from ivr.errors import WeakPassword
from ivr.pages.cookies import keep_secret
from ivr.pages.pages import Pages, go
from ivr.pages.sign_in import Text
from ivr.pages.visit import Visit
from ivr.people.entrance import Entered, Refused, SignIn
from ivr.people.registry import Registry

RegistryOf = Callable[[str], Registry]
"""What somebody does with accounts, by their id."""

_REFUSED = 422


def account_routes(pages: Pages, registry: RegistryOf) -> APIRouter:
    """`/account`."""
    routes = pages.router()
    entrance, clock = pages.guard.entrance, pages.guard.around.clock

    @routes.get("/account")
    def account(visit: Annotated[Visit, pages.signed_in()]) -> Response:
        return pages.show("account.html", visit, said="")

    @routes.post("/account")
    def change(
        visit: Annotated[Visit, pages.signed_in()],
        password: Text = "",
        chosen: Text = "",
        again: Text = "",
    ) -> Response:
        tried = SignIn(name=visit.who.id, password=password, source=visit.source)
        if chosen != again:
            return pages.show("account.html", visit, status=_REFUSED, said="account.not_alike")
        if isinstance(entrance.prove(tried, clock()), Refused):
            return pages.show("account.html", visit, status=_REFUSED, said="account.wrong")
        try:
            registry(visit.who.id).set_password(visit.who.id, chosen)
        except WeakPassword:
            return pages.show("account.html", visit, status=_REFUSED, said="account.weak")
        # Every session is over, this one too: the browser gets another.
        entered = entrance.enter(
            SignIn(name=visit.who.id, password=chosen, source=visit.source), clock()
        )
        response = go("/account")
        if isinstance(entered, Entered):
            keep_secret(response, entered.secret, is_secure=visit.is_secure)
        return response

    return routes
