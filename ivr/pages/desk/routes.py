"""`/desk`: who waits, the calls somebody has taken, and what becomes of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response, StreamingResponse

from ivr.identify.view import ProfileView
from ivr.pages.desk.board import Snapshot
from ivr.pages.desk.events import Telling
from ivr.pages.desk.evidence import TONES, scale, times
from ivr.pages.desk.forms import Finished, Handed, Moved, Noted
from ivr.pages.desk.shown import IntentWords, queue_of
from ivr.pages.desk.work import DeskWork, Seen, Verdict
from ivr.pages.pages import Pages, go
from ivr.pages.turned_away import TurnedAway, Why
from ivr.pages.visit import Place, Visit
from ivr.pages.words import words
from ivr.people.person import May, PersonId
from ivr.people.presence import PAUSES, Status
from ivr.queue.entry import Entry, EntryId

PLACE = Place(path="/desk", word="nav.desk", needs=May.SEE_QUEUE)

_HOME = "/desk"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRoom:
    """What the desk needs from the rest of the house."""

    pages: Pages
    work: DeskWork
    telling: Telling
    queues: Callable[[], tuple[str, ...]]
    """Names of queues that calls can be given to."""

    intents: Callable[[], tuple[str, ...]]
    """Names of what calls can be about."""

    intent_words: IntentWords
    profile: Callable[[str], ProfileView | None] = lambda _number: None
    """What sources say of whoever has this number; None where they say nothing now."""


def desk_routes(desk: DeskRoom) -> APIRouter:
    """Every button is a form: the desk works without scripts, which only make it live."""
    routes = desk.pages.router()
    _looking(desk, routes)
    _taking(desk, routes)
    _ending(desk, routes)
    return routes


def _looking(desk: DeskRoom, routes: APIRouter) -> None:
    pages, work = desk.pages, desk.work
    viewer, background = pages.needs(May.SEE_QUEUE), pages.needs(May.SEE_QUEUE, is_alive=False)

    @routes.get("/desk")
    def home(visit: Annotated[Visit, viewer]) -> Response:
        return _page(desk, visit)

    @routes.get("/desk/queue")
    def queue(visit: Annotated[Visit, background]) -> Response:
        desk.telling.is_there(visit)
        told = desk.telling.told(_snapshot(work), visit)
        return Response(told, media_type="application/json")

    @routes.post("/desk/here")
    def here(visit: Annotated[Visit, viewer]) -> Response:
        """Somebody moves at the desk, though nothing is asked for: the session goes on."""
        desk.telling.is_there(visit)
        return Response(status_code=204)

    @routes.get("/desk/events")
    async def events(visit: Annotated[Visit, background]) -> Response:
        return StreamingResponse(
            desk.telling.stream(visit),
            media_type="text/event-stream",
            headers={"X-Accel-Buffering": "no"},
        )

    @routes.get("/desk/calls/{entry}")
    def call(visit: Annotated[Visit, pages.needs(May.TAKE_CALLS)], entry: str) -> Response:
        seen = work.look(visit.who.id, EntryId(entry))
        if seen is None:
            raise TurnedAway(Why.NOT_FOUND)
        return _page(desk, visit, seen)


def _taking(desk: DeskRoom, routes: APIRouter) -> None:
    work = desk.work
    agent = desk.pages.needs(May.TAKE_CALLS)

    @routes.post("/desk/status")
    def status(visit: Annotated[Visit, agent], status: Annotated[Status, Form()]) -> Response:
        work.attendance.set_status(visit.who.id, status)
        return go(_HOME)

    @routes.post("/desk/next")
    def take_next(visit: Annotated[Visit, agent]) -> Response:
        presence = work.attendance.arrive(visit.who.id)
        if not presence.takes_calls:
            return _page(desk, visit, said="desk.on_pause")
        found = work.take_next(visit.who)
        return _page(desk, visit, said="desk.nobody_left") if found is None else _to(found)

    @routes.post("/desk/calls/{entry}/take")
    def take(visit: Annotated[Visit, agent], entry: str) -> Response:
        return _to(_there(work.take(visit.who, EntryId(entry))))


def _ending(desk: DeskRoom, routes: APIRouter) -> None:
    work = desk.work
    agent = desk.pages.needs(May.TAKE_CALLS)

    @routes.post("/desk/calls/{entry}/release")
    def release(visit: Annotated[Visit, agent], entry: str) -> Response:
        _there(work.release(visit.who.id, EntryId(entry)))
        return go(_HOME)

    @routes.post("/desk/calls/{entry}/note")
    def note(
        visit: Annotated[Visit, agent], entry: str, form: Annotated[Noted, Form()]
    ) -> Response:
        return _to(_there(work.add_note(visit.who.id, EntryId(entry), form.text)))

    @routes.post("/desk/calls/{entry}/transfer")
    def transfer(
        visit: Annotated[Visit, agent], entry: str, form: Annotated[Moved, Form()]
    ) -> Response:
        if form.queue not in desk.queues():
            raise TurnedAway(Why.BAD_FORM)
        work.add_note(visit.who.id, EntryId(entry), form.text)
        _there(work.transfer(visit.who.id, EntryId(entry), form.queue, form.why))
        return go(_HOME)

    @routes.post("/desk/calls/{entry}/colleague")
    def hand_to(
        visit: Annotated[Visit, agent], entry: str, form: Annotated[Handed, Form()]
    ) -> Response:
        work.add_note(visit.who.id, EntryId(entry), form.text)
        _there(work.hand_to(visit.who.id, EntryId(entry), PersonId(form.colleague)))
        return go(_HOME)

    @routes.post("/desk/calls/{entry}/not-the-person")
    def not_the_person(visit: Annotated[Visit, agent], entry: str) -> Response:
        return _to(_there(work.not_the_person(visit.who.id, EntryId(entry))))

    @routes.post("/desk/calls/{entry}/finish")
    def finish(
        visit: Annotated[Visit, agent], entry: str, form: Annotated[Finished, Form()]
    ) -> Response:
        meant = form.meant if form.meant in desk.intents() else ""
        said = Verdict(person=form.person, intent=form.intent, meant=meant, solved=form.solved)
        work.add_note(visit.who.id, EntryId(entry), form.text)
        _there(work.finish(visit.who.id, EntryId(entry), said))
        return go(_HOME)


def _page(desk: DeskRoom, visit: Visit, seen: Seen | None = None, *, said: str = "") -> Response:
    work, me = desk.work, visit.who.id
    presence = work.attendance.arrive(me) if visit.may(May.TAKE_CALLS) else None
    evidence = seen.context.evidence if seen and seen.context else None
    return desk.pages.show(
        "desk.html",
        visit,
        queue=queue_of(_snapshot(work), visit.who, work.clock()),
        presence=presence,
        pauses=PAUSES,
        colleagues=work.attendance.colleagues(me),
        queues=desk.queues(),
        intents=desk.intents(),
        seen=seen,
        profile=_profile(desk, seen) if seen else None,
        scale=scale(evidence) if evidence else None,
        times=times(evidence) if evidence else None,
        tones=TONES,
        say=words(seen.entry.language if seen else visit.language),
        named=lambda queue: desk.telling.queue_words(queue, visit.language),
        wanted=lambda intent: desk.intent_words(intent, visit.language),
        now=work.clock(),
        said=said,
    )


def _profile(desk: DeskRoom, seen: Seen) -> ProfileView | None:
    """Of the same customer only: the number may have been given to another one meanwhile."""
    context = seen.context
    if (
        seen.remarks.is_somebody_else
        or context is None
        or not (context.number and context.customer)
    ):
        return None
    found = desk.profile(context.number)
    return found if found and found.customer_id == context.customer.id else None


def _snapshot(work: DeskWork) -> Snapshot:
    now = work.clock()
    return Snapshot(waiting=work.room.waiting(now=now), claimed=work.room.claimed(now=now))


def _there(entry: Entry | None) -> Entry:
    if entry is None:
        raise TurnedAway(Why.GONE)
    return entry


def _to(entry: Entry) -> Response:
    return go(f"/desk/calls/{entry.id}")
