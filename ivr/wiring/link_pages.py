"""The pages behind links, put together."""

from collections.abc import Callable

from fastapi import APIRouter

from ivr.errand import Errand, Served
from ivr.onward.page import PageRoom
from ivr.pages.onward.routes import onward_routes
from ivr.pages.onward.written import Words
from ivr.pages.pages import Pages
from ivr.wiring.going_on import GoingOn


def link_routes(
    going_on: GoingOn, pages: Pages, words: Words, run: Callable[[Errand], Served]
) -> APIRouter:
    """`run` is the only way to the business system, as in calls."""
    from ivr.people.sql_tries import SqlTries

    room = PageRoom(
        links=going_on.links,
        run=run,
        witness=going_on.records().witness("link"),
        settings=going_on.settings,
    )
    return onward_routes(pages, room, words, SqlTries(going_on.engine()))
