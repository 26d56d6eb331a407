"""One simulated call over one of the ways."""

import asyncio
import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import assert_never

from pydantic import TypeAdapter

from ivr.call import CallId
from ivr.errors import NobodyAnswers, UnknownCall
from ivr.live.happening import Happening
from ivr.result import Result
from ivr.simulate.caller import Caller, Manners, TurnTimes
from ivr.simulate.ground import Called, Elsewhere, Ground, served
from ivr.simulate.leg import Door, Leg, Line, Refused, Said, TurnLeg, Unanswered
from ivr.simulate.legs.asterisk_websocket import AsteriskWebSocketLeg
from ivr.simulate.legs.audio_fork import AudioForkLeg
from ivr.simulate.legs.audiosocket import AudioSocketLeg, bearer
from ivr.simulate.legs.httapi import HttapiLeg
from ivr.simulate.legs.jambonz import JambonzLeg
from ivr.simulate.legs.rest import RestLeg
from ivr.simulate.legs.twilio import TwilioLeg
from ivr.simulate.legs.vosk import VoskLeg
from ivr.simulate.tape import Tape
from ivr.simulate.web import get

STREAMS: Mapping[str, Callable[[Line, Door], Leg]] = {
    "audiosocket": AudioSocketLeg,
    "asterisk-websocket": AsteriskWebSocketLeg,
    "jambonz": JambonzLeg,
    "twilio": TwilioLeg,
    "audio-fork": AudioForkLeg,
}
"""Ways on which the sound is streamed."""


TURNS: Mapping[str, Callable[[Line, Door], TurnLeg]] = {
    "rest": RestLeg,
    "httapi": HttapiLeg,
    "vosk": VoskLeg,
}
"""Ways on which a turn comes at a time."""

WAYS = (*STREAMS, *TURNS)

_ON_A_PORT = {
    "audiosocket": "IVR_GATEWAYS__AUDIOSOCKET__PORT",
    "vosk": "IVR_GATEWAYS__VOSK_SERVER__PORT",
}
"""Ways with a port of their own, and what sets it."""

_AGREE = (
    "Call with the settings that the service has: IVR_SERVICE__TOKEN, and the secrets of its "
    "gateways."
)

_RESULTS = TypeAdapter(tuple[Result, ...])


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How to call."""

    via: str
    line: Line
    manners: Manners = field(default_factory=Manners)


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A call as it went."""

    via: str
    results: tuple[Result, ...] = field(repr=False)
    happened: tuple[Happening, ...] = field(default=(), repr=False)
    """Inside the house, by its own clock, which begins with the call."""

    turns: tuple[TurnTimes, ...] = ()
    tape: Tape | None = field(default=None, repr=False)
    ending: Mapping[str, str] = field(default_factory=dict)
    """What the gateway was told to do in the end."""


def new_call_of(via: str) -> CallId:
    """An id as this gateway would give it."""
    return CallId("CA" + secrets.token_hex(16) if via == "twilio" else str(uuid.uuid4()))


def play(called: Called, turns: Sequence[Said], plan: Plan) -> Played:
    """Call, and tell what came of it. A house is opened for the call.

    Raises:
        NobodyAnswers: nobody does, or the call is not taken; says what to do.
    """

    async def run() -> Played:
        if isinstance(called, Elsewhere):
            return await call(called, turns, plan)
        async with served(called):
            return await call(called, turns, plan)

    try:
        return asyncio.run(run())
    except Unanswered as err:
        raise NobodyAnswers(f"{err} {_advice(called, plan.via)}") from err
    except Refused as err:
        raise NobodyAnswers(f"{err} {_AGREE}") from err


async def call(called: Called, turns: Sequence[Said], plan: Plan) -> Played:
    """One call to a service that listens already.

    Raises:
        Unanswered: nobody does.
        Refused: the service does not take the call.
    """
    if plan.via in STREAMS:
        return await _streamed(called, turns, plan)
    return await _turn_by_turn(called, turns, plan)


async def _streamed(called: Called, turns: Sequence[Said], plan: Plan) -> Played:
    happened: list[Happening] = []
    call_id = plan.line.call_id

    leg = STREAMS[plan.via](plan.line, called.door)
    caller = Caller(leg, plan.manners)

    def observe(of: CallId, happening: Happening) -> None:
        if of == call_id:
            happened.append(happening)
            caller.note(happening.kind)

    if isinstance(called, Ground):
        called.house.front_desk.observe(observe, reads_along=True)
    try:
        await caller.call(turns)
        # Whoever hangs up is forgotten.
        results = await results_of(called, call_id)
    finally:
        await caller.leave()
    return Played(
        via=plan.via,
        results=results,
        happened=tuple(happened),
        turns=tuple(caller.turns),
        tape=caller.tape,
        ending=await leg.ending(),
    )


async def _turn_by_turn(called: Called, turns: Sequence[Said], plan: Plan) -> Played:
    leg = TURNS[plan.via](plan.line, called.door)
    ending: Mapping[str, str] = {}
    try:
        await leg.open()
        for turn in turns:
            ending = await leg.turn(turn)
            if ending.get("action") not in ("", "say", "ask"):
                break
        results = await results_of(called, plan.line.call_id)
    finally:
        await leg.close()
    return Played(via=plan.via, results=results, ending=ending)


async def results_of(called: Called, call_id: CallId) -> tuple[Result, ...]:
    """What each turn led to; nothing where no turn was taken, or where we may not know."""
    match called:
        case Ground(house=house):
            try:
                return house.calls.results(call_id)
            except UnknownCall:
                return ()
        case Elsewhere(door=door):
            status, body = await get(f"{door.url}/v1/calls/{call_id}", headers=bearer(door))
            return _RESULTS.validate_json(body) if status == HTTPStatus.OK else ()
        case _:
            assert_never(called)


def _advice(called: Called, via: str) -> str:
    if isinstance(called, Ground):
        return "Call once more: something else may have taken the port."
    port = _ON_A_PORT.get(via)
    beside = f", with {port} as it is set here" if port else ""
    return f"Start the service there first (ivr serve{beside}), or leave --server out."
