"""The pages over accounts in memory, without the rest of the house."""

from collections.abc import Callable

from fakes.people import Office
from fastapi import APIRouter, FastAPI

from ivr.pages.account import account_routes
from ivr.pages.guard import Guard, Surroundings
from ivr.pages.pages import Pages
from ivr.pages.people import PLACE, people_routes
from ivr.pages.sign_in import look_routes, sign_in_routes
from ivr.pages.static_files import static_routes
from ivr.pages.visit import Place
from ivr.people.person import PersonId
from ivr.service.address import is_here, source_of


def pages_of(office: Office, *places: Place, behind_tls: bool = False) -> Pages:
    around = Surroundings(
        is_here=is_here, source_of=source_of, clock=office.clock, behind_tls=behind_tls
    )
    guard = Guard(entrance=office.entrance, around=around)
    return Pages(guard=guard, places=(*places, PLACE))


def app_of(
    office: Office,
    pages: Pages,
    *more: APIRouter,
    stays_for: Callable[[PersonId], str] = lambda _person: "",
) -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    for router in (
        static_routes(pages),
        look_routes(pages),
        sign_in_routes(pages, stays_for),
        account_routes(pages, office.registry),
        people_routes(pages, office.people, office.registry),
        *more,
    ):
        app.include_router(router)
    return app
