"""The pages put together; off unless somebody switches them on."""

from collections.abc import Callable, Iterable

from fastapi import APIRouter

from ivr.pages import people as people_page
from ivr.pages.account import account_routes
from ivr.pages.guard import Guard, Surroundings
from ivr.pages.pages import Pages
from ivr.pages.people import people_routes
from ivr.pages.sign_in import look_routes, sign_in_routes
from ivr.pages.static_files import static_routes
from ivr.pages.visit import Place
from ivr.people.person import PersonId
from ivr.service.address import is_here, source_of
from ivr.wiring.people import PeopleDesk
from ivr.wiring.records import now


def pages_of(desk: PeopleDesk, places: Iterable[Place] = ()) -> Pages:
    """What every page is made with; `places` are those before the accounts, in the navigation."""
    around = Surroundings(
        is_here=is_here,
        source_of=source_of,
        clock=now,
        behind_tls=desk.settings.behind_tls,
    )
    return Pages(
        guard=Guard(entrance=desk.entrance, around=around), places=(*places, people_page.PLACE)
    )


def page_routes(
    desk: PeopleDesk, pages: Pages, stays_for: Callable[[PersonId], str] = lambda _person: ""
) -> tuple[APIRouter, ...]:
    """The pages that every house has; `stays_for` names what must be seen before signing out."""
    return (
        static_routes(pages),
        look_routes(pages),
        sign_in_routes(pages, stays_for),
        account_routes(pages, desk.registry),
        people_routes(pages, desk.people, desk.registry),
    )
