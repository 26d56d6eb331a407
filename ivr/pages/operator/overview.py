"""`/operator`: what goes on now, who waits, and today so far."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from typing import Annotated, Final

import anyio
from anyio.to_thread import run_sync
from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from ivr.pages.charts.drawing import About, Drawing
from ivr.pages.operator import calls, service, voices
from ivr.pages.operator.choice import Query
from ivr.pages.operator.live import LiveCall
from ivr.pages.operator.panel import Asked, Fact
from ivr.pages.operator.room import OperatorRoom, frame
from ivr.pages.operator.strip import drawn_strip
from ivr.pages.visit import Visit
from ivr.pages.words import words
from ivr.people.person import May
from ivr.queue.entry import Entry

_LASTS_S: Final = 20
"""Then the browser asks again, and whether it may is looked at anew."""

_LOOK_S: Final = 1.0
_AGAIN_MS: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """A live call as it is shown."""

    call: LiveCall
    picture: Drawing
    topic: str
    queue: str
    age: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """One queue now."""

    name: str
    waiting: int
    longest_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Now:
    """What changes while the page is open."""

    strips: tuple[Strip, ...]
    queues: tuple[QueueState, ...]
    entries: tuple[tuple[str, Entry], ...]
    """With the name of the queue."""

    served: int
    """Calls that people have taken and not finished."""

    at: datetime


def overview_routes(room: OperatorRoom) -> APIRouter:
    """Each sees of it what they may."""
    pages = room.pages
    routes = pages.router()
    viewer = pages.needs(May.SEE_FIGURES)
    background = pages.needs(May.LISTEN_IN, May.SEE_QUEUE, is_alive=False)

    @routes.get("/operator")
    def overview(visit: Annotated[Visit, viewer]) -> Response:
        asked = room.asked(visit, room.chosen(Query(range="today")))
        panels = [calls.calls(asked), service.waiting(asked)]
        return pages.show(
            "operator.html",
            visit,
            frame=frame(visit),
            w=asked.written,
            now=now_of(room, visit),
            panels=panels,
            facts=_facts(asked),
            rises=[(asked.topic(one.topic), one) for one in asked.figures.rises(asked.scope)],
            query="range=today",
        )

    @routes.get("/operator/live")
    def live(visit: Annotated[Visit, background]) -> Response:
        return Response(_part(room, visit), media_type="text/html; charset=utf-8")

    @routes.get("/operator/live/events")
    async def events(visit: Annotated[Visit, background]) -> Response:
        return StreamingResponse(
            _stream(room, visit),
            media_type="text/event-stream",
            headers={"X-Accel-Buffering": "no"},
        )

    return routes


def now_of(room: OperatorRoom, visit: Visit) -> Now:
    """Nothing of what somebody may not see."""
    now = room.clock()
    listens, sees = visit.may(May.LISTEN_IN), visit.may(May.SEE_QUEUE)
    entries = room.waiting.waiting(now=now) if sees else ()

    def named(queue: str) -> str:
        return room.queue_words(queue, visit.language)

    return Now(
        strips=tuple(_strip(room, visit, one) for one in room.live.now()) if listens else (),
        queues=tuple(_by_queue(entries, now, named)),
        entries=tuple((named(one.queue), one) for one in entries),
        served=len(room.waiting.claimed(now=now)) if sees else 0,
        at=now,
    )


async def _stream(
    room: OperatorRoom, visit: Visit, *, lasts_s: float = _LASTS_S
) -> AsyncIterator[str]:
    yield f"retry: {_AGAIN_MS}\n\n"
    end, before = monotonic() + lasts_s, ""
    while monotonic() < end:
        part = await run_sync(_part, room, visit)
        if part != before:
            before = part
            data = "".join(f"data: {line}\n" for line in part.splitlines())
            yield f"event: part\n{data}\n"
        else:
            yield ": \n\n"
        await anyio.sleep(_LOOK_S)


def _part(room: OperatorRoom, visit: Visit) -> str:
    return room.pages.part(
        "operator_now.html", visit, now=now_of(room, visit), w=room.written(visit)
    )


def _strip(room: OperatorRoom, visit: Visit, call: LiveCall) -> Strip:
    t = words(visit.language)
    intent = call.last("answer", "intent")
    topic = room.topic(intent, visit.language) if intent else ""
    about = About(
        id=f"call-{call.handle}",
        title=t("op.live_call", call=call.handle),
        text=t("op.live_text", turns=sum(mark.kind == "answer" for mark in call.marks)),
    )
    seconds = call.age_ms // 1_000
    queue = call.last("answer", "queue")
    return Strip(
        queue=room.queue_words(queue, visit.language) if queue else "",
        call=call,
        picture=drawn_strip(about, call),
        topic=topic,
        age=f"{seconds // 60}:{seconds % 60:02}",
    )


def _by_queue(
    entries: Iterable[Entry], now: datetime, named: Callable[[str], str]
) -> Iterator[QueueState]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.queue, []).append(entry)
    for name, those in sorted(found.items(), key=lambda item: -len(item[1])):
        yield QueueState(
            name=named(name),
            waiting=len(those),
            longest_s=max((now - one.joined_at).total_seconds() for one in those),
        )


def _facts(asked: Asked) -> list[Fact]:
    """Of today so far, beside what the panels tell."""
    contained, saved = calls.containment(asked), service.saved(asked)
    found = [replace(one, name=contained.title) for one in contained.facts]
    found += voices.outcomes(asked).facts
    return found + [replace(one, name=saved.title) for one in saved.facts[:1]]
