"""What telephone systems tell and ask about callers who wait, by the token of their call."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Form, Response
from fastapi import Path as InPath
from pydantic import BaseModel, TypeAdapter

from biometrics import AuditKind, Witness
from ivr.call import Language
from ivr.errors import ClaimedByOther, UnknownContext
from ivr.handover.context import Context
from ivr.queue.entry import AgentId, ContextToken, Entry, State
from ivr.queue.waiting import WaitingRoom
from ivr.service.openapi import audio, problems

_JSON = TypeAdapter(Context)
_UNKNOWN = "No call is known by this token, or not any more."

Token = Annotated[
    str,
    InPath(
        pattern=r"^[A-Za-z0-9_-]{8,128}$",
        description="As `action.context_token` told it; whoever has it may ask about the call",
    ),
]

Agent = Annotated[
    str,
    Form(
        pattern=r"^[A-Za-z][A-Za-z0-9_.-]{0,63}$",
        description="Who takes the call: the name of an account, so that it comes up at the desk",
    ),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueDesk:
    """What these routes need from the rest of the house."""

    room: WaitingRoom
    find: Callable[[str, datetime], Context | None]
    """What may be told of the call with this token; raises StoreUnavailable."""

    witness: Witness
    """Writes down what gateways look at."""

    whisper: Callable[[Context], bytes]
    """What the person hears before the caller is put through, a WAV file."""

    clock: Callable[[], datetime]
    changed: Callable[[], None] = lambda: None
    """Told after each change, so that desks see it at once."""

    announcement: Callable[[str, Language], bytes | None] = lambda _token, _language: None
    """What a caller hears who waits, a WAV file; None where nothing is known."""

    estimate_s: Callable[[Entry], tuple[int, int] | None] = lambda _entry: None
    """How long it will be, from and to; None where nobody knows."""


class Place(BaseModel):
    """Where a caller is on the way to a person."""

    state: State
    queue: str
    priority: int
    position: int | None
    """1 goes first; null for who does not wait."""

    agent: str | None
    wait_low_s: int | None
    wait_high_s: int | None


def queue_routes(desk: QueueDesk, limiter: CapacityLimiter) -> APIRouter:
    """`/v1/queue/TOKEN`, for the scope gateways. All may be asked twice."""
    routes = APIRouter(prefix="/v1/queue", tags=["queue"], responses=problems(409))
    room = desk.room

    async def done(work: Callable[[], Entry | None]) -> Place:
        found = await run_sync(lambda: _place(desk, _known(work())), limiter=limiter)
        desk.changed()
        return found

    @routes.get("/{token}")
    async def place(token: Token) -> Place:
        """How many go first, and how long it will be."""
        return await run_sync(lambda: _place(desk, _entry(room, token)), limiter=limiter)

    @routes.get(
        "/{token}/announcement.wav", response_class=Response, responses=audio("How long it will be")
    )
    async def announcement(token: Token, lang: Language = Language.GERMAN) -> Response:
        """What the caller hears next: how long it will be. 404 for who does not wait."""
        sound = await run_sync(desk.announcement, token, lang, limiter=limiter)
        if sound is None:
            raise UnknownContext("Nobody waits with this token, or nothing can be said.")
        return Response(sound, media_type="audio/wav", headers={"Cache-Control": "no-store"})

    @routes.post("/{token}/claim")
    async def claim(token: Token, agent: Agent) -> Place:
        """This agent takes the call: it comes up at their desk. 409 where another has it."""
        return await done(
            lambda: _own(
                room.claim(_entry(room, token).id, AgentId(agent), desk.clock()),
            )
        )

    @routes.post("/{token}/connected")
    async def connected(token: Token, agent: Agent) -> Place:
        """Caller and agent talk with each other; 409 where it is not theirs."""
        return await done(
            lambda: _own(room.connected(_entry(room, token).id, AgentId(agent), desk.clock()))
        )

    @routes.post("/{token}/release")
    async def release(token: Token, agent: Agent) -> Place:
        """The agent did not answer: back to the place it had; 409 where it is not theirs."""
        return await done(lambda: _own(room.release(_entry(room, token).id, AgentId(agent))))

    @routes.post("/{token}/leave")
    async def leave(token: Token) -> Place:
        """The caller has hung up."""
        return await done(lambda: room.leave(ContextToken(token), desk.clock()))

    @routes.post("/{token}/call-back")
    async def call_back(token: Token) -> Place:
        """The caller hangs up, keeps the place and is to be rung."""
        return await done(lambda: room.call_back(ContextToken(token)))

    return routes


def context_routes(desk: QueueDesk, limiter: CapacityLimiter) -> APIRouter:
    """`/v1/context/TOKEN`, for a scope of its own: it tells a person's data."""
    routes = APIRouter(prefix="/v1/context", tags=["queue"])

    @routes.get("/{token}", response_model=Context)
    async def context(token: Token) -> Response:
        """Who calls, how sure we are and why, what was said, wanted and tried."""
        found = await run_sync(_looked_at, desk, token, limiter=limiter)
        return Response(
            _JSON.dump_json(found),
            media_type="application/json",
            headers={"Cache-Control": "no-store"},
        )

    @routes.get(
        "/{token}/whisper.wav", response_class=Response, responses=audio("Who calls, and why")
    )
    async def whisper(token: Token) -> Response:
        """Some seconds of speech for the agent's ear: who, how sure that is, what about."""
        sound = await run_sync(lambda: desk.whisper(_looked_at(desk, token)), limiter=limiter)
        return Response(sound, media_type="audio/wav", headers={"Cache-Control": "no-store"})

    return routes


def _looked_at(desk: QueueDesk, token: str) -> Context:
    """Written down before it is told."""
    found = desk.find(token, desk.clock())
    if found is None:
        raise UnknownContext(_UNKNOWN)
    subject = found.customer.subject if found.customer else None
    desk.witness.saw(AuditKind.CONTEXT_READ, subject)
    return found


def _place(desk: QueueDesk, entry: Entry) -> Place:
    low_s, high_s = desk.estimate_s(entry) or (None, None)
    return Place(
        state=entry.state,
        queue=entry.queue,
        priority=entry.priority,
        position=_position(desk, entry),
        agent=entry.claimed_by,
        wait_low_s=low_s,
        wait_high_s=high_s,
    )


def _position(desk: QueueDesk, entry: Entry) -> int | None:
    ahead = [one.id for one in desk.room.waiting([entry.queue], now=desk.clock())]
    return ahead.index(entry.id) + 1 if entry.id in ahead else None


def _entry(room: WaitingRoom, token: str) -> Entry:
    return _known(room.of_token(ContextToken(token)))


def _known(entry: Entry | None) -> Entry:
    if entry is None:
        raise UnknownContext("Nobody waits with this token, or not any more.")
    return entry


def _own(entry: Entry | None) -> Entry:
    if entry is None:
        raise ClaimedByOther("Somebody else has taken this call, or the caller has gone.")
    return entry
