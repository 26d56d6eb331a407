"""`/operator/trends` and `/operator/verification`: figures, and each of them as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi import Query as InAddress
from starlette.responses import Response

from ivr.journal.tallies import Facet
from ivr.pages.operator import calls, service, voices
from ivr.pages.operator.choice import RANGES, Choice, Query
from ivr.pages.operator.panel import Asked, MakePanel
from ivr.pages.operator.room import OperatorRoom, frame
from ivr.pages.operator.topics import topic_table, topics
from ivr.pages.tables import Table, as_csv
from ivr.pages.turned_away import TurnedAway, Why
from ivr.pages.visit import Visit
from ivr.people.person import May

TRENDS: dict[str, MakePanel] = {
    "calls": calls.calls,
    "containment": calls.containment,
    "waiting": service.waiting,
    "reasons": calls.reasons,
    "queues": calls.queues,
    "guesses": service.guesses,
    "saved": service.saved,
    "handling": service.handling,
    "satisfaction": service.satisfaction,
}
VOICES: dict[str, MakePanel] = {
    "outcomes": voices.outcomes,
    "by-hour": voices.by_hour_of_day,
    "scores": voices.scores,
    "drift": voices.drift,
    "signs": voices.signs,
    "judged": voices.judged,
    "hearing": voices.hearing,
}

Asking = Annotated[Query, InAddress()]


def figure_routes(room: OperatorRoom) -> APIRouter:
    """Every figure has its table on the page and its file behind it."""
    pages = room.pages
    routes = pages.router()
    viewer = pages.needs(May.SEE_FIGURES)

    def figures(
        visit: Visit, query: Query, panels: Mapping[str, MakePanel]
    ) -> tuple[Asked, dict[str, Any]]:
        """What was asked for, and what its page shows."""
        choice = room.chosen(query)
        asked = room.asked(visit, choice)
        made = [make(asked) for make in panels.values()]
        shown: dict[str, Any] = {"w": asked.written, "panels": made}
        return asked, {"frame": frame(visit), "picker": picker(asked, choice), **shown}

    @routes.get("/operator/trends")
    def trends(visit: Annotated[Visit, viewer], query: Asking) -> Response:
        asked, shown = figures(visit, query, TRENDS)
        return pages.show("operator_trends.html", visit, **shown, topics=topics(asked))

    @routes.get("/operator/verification")
    def verification(visit: Annotated[Visit, viewer], query: Asking) -> Response:
        _, shown = figures(visit, query, VOICES)
        return pages.show("operator_voices.html", visit, **shown)

    @routes.get("/operator/files/{name}.csv")
    def file(visit: Annotated[Visit, viewer], name: str, query: Asking) -> Response:
        choice = room.chosen(query)
        return as_file(name, _table(room.asked(visit, choice), name), choice)

    return routes


@dataclass(frozen=True, slots=True, kw_only=True)
class Picker:
    """The choice, and what else there is to choose."""

    choice: Choice
    filters: Mapping[str, Sequence[str]]
    """Codes that occur in the range, by what is filtered."""

    ranges: tuple[str, ...] = RANGES

    def chosen(self, name: str) -> str:
        named = {
            "business": self.choice.business,
            "language": self.choice.language,
            "gateway": self.choice.gateway,
        }
        return named[name]


def picker(asked: Asked, choice: Choice) -> Picker:
    """With the filters that lead to any calls."""
    named: dict[str, set[str]] = {"business": set(), "language": set(), "gateway": set()}
    everything = choice.unfiltered.scope(asked.now, asked.figures.zone)
    facets = (Facet.BUSINESS, Facet.LANGUAGE, Facet.GATEWAY)
    for codes in asked.tallies.tally(everything, *facets):
        for name, code in zip(named, codes, strict=True):
            named[name].add(str(code))
    filters = {name: tuple(sorted(codes - {""})) for name, codes in named.items()}
    return Picker(choice=choice, filters=filters)


def as_file(name: str, table: Table, choice: Choice) -> Response:
    file = f"{name}-{choice.first:%Y%m%d}-{choice.last:%Y%m%d}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{file}"'}
    return Response(as_csv(table), media_type="text/csv; charset=utf-8", headers=headers)


def _table(asked: Asked, name: str) -> Table:
    if name == "topics":
        return topic_table(asked)
    make = TRENDS.get(name) or VOICES.get(name)
    if make is None:
        raise TurnedAway(Why.NOT_FOUND)
    return make(asked).table
