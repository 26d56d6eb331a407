"""`/operator/review`: sentences that were not understood become examples in two clicks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Protocol

from fastapi import APIRouter, Form
from pydantic import StringConstraints
from starlette.responses import Response

from ivr.editing.measuring import Failed, Running
from ivr.errors import AdditionsRefused, BadPack, UnknownSentence
from ivr.pages.operator.room import OperatorRoom, frame
from ivr.pages.pages import go
from ivr.pages.turned_away import TurnedAway, Why
from ivr.pages.visit import Visit
from ivr.people.person import May
from ivr.review.groups import Group
from ivr.review.report import Report
from ivr.review.sentence import Sentence

_HOME = "/operator/review"
_REFUSED = 422

_Code = Annotated[str, StringConstraints(max_length=64)]


class Review(Protocol):
    """The list as people work on it. Methods raise StoreUnavailable."""

    @property
    def is_on(self) -> bool: ...

    @property
    def labels(self) -> tuple[str, ...]: ...

    @property
    def version(self) -> int: ...

    @property
    def worst_loss(self) -> float: ...

    def listed(self, now: datetime) -> tuple[Group, ...]: ...

    def ready(self) -> tuple[Sentence, ...]: ...

    def label(self, sentence: str, intent: str) -> int: ...

    def drop(self, sentence: str) -> int: ...

    def try_out(self) -> None: ...

    def tried(self) -> Running | Failed | Report | None: ...

    def take_over(self, person: str) -> int: ...

    def take_back(self, person: str) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPages:
    """The page in one place, whatever was done before it is shown."""

    room: OperatorRoom
    review: Review

    def show(self, visit: Visit, *, status: int = 200, said: str = "") -> Response:
        room, review, tried = self.room, self.review, self.review.tried()
        return room.pages.show(
            "operator_review.html",
            visit,
            status=status,
            frame=frame(visit),
            w=room.written(visit),
            review=review,
            groups=review.listed(room.clock()),
            ready=review.ready(),
            is_running=isinstance(tried, Running),
            failed=tried.sentence if isinstance(tried, Failed) else "",
            report=tried if isinstance(tried, Report) else None,
            topic=lambda code: room.topic(code, visit.language),
            said=said,
        )

    def done(self, visit: Visit, work: Callable[[], object]) -> Response:
        """The list again, or what keeps it from being done."""
        try:
            work()
        except UnknownSentence as err:
            raise TurnedAway(Why.GONE) from err
        except (AdditionsRefused, BadPack) as err:
            return self.show(visit, status=_REFUSED, said=err.sentence)
        return go(_HOME)


def review_routes(room: OperatorRoom, review: Review) -> APIRouter:
    """Every button is a form."""
    page = ReviewPages(room=room, review=review)
    routes = room.pages.router()
    reviewer = room.pages.needs(May.REVIEW)

    @routes.get(_HOME)
    def home(visit: Annotated[Visit, reviewer]) -> Response:
        return page.show(visit)

    @routes.post(_HOME + "/sentences/{sentence}")
    def decide(
        visit: Annotated[Visit, reviewer],
        sentence: str,
        what: Annotated[str, Form(pattern="^(label|drop)$")],
        intent: Annotated[_Code, Form()] = "",
    ) -> Response:
        if what == "drop":
            return page.done(visit, lambda: review.drop(sentence))
        return page.done(visit, lambda: review.label(sentence, intent))

    @routes.post(_HOME + "/try")
    def try_out(visit: Annotated[Visit, reviewer]) -> Response:
        return page.done(visit, review.try_out)

    @routes.post(_HOME + "/take-over")
    def take_over(visit: Annotated[Visit, reviewer]) -> Response:
        return page.done(visit, lambda: review.take_over(visit.who.id))

    @routes.post(_HOME + "/take-back")
    def take_back(visit: Annotated[Visit, reviewer]) -> Response:
        return page.done(visit, lambda: review.take_back(visit.who.id))

    return routes
