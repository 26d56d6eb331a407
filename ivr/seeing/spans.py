"""What turns and calls tell as spans: when and how long, and codes of what came of it."""

import hashlib
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from ivr.chronicle import outcome_of
from ivr.marks import call_mark, current
from ivr.result import Result
from ivr.stopwatch import Lap, Times
from ivr.story import Story
from ivr.turn import Answer, Turn

_SPAN_BYTES = 8
_NS_A_MS = 1_000_000

Codes = Mapping[str, str | int | bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A piece of work. Ids are hexadecimal, as W3C Trace Context has them."""

    trace: str
    """32 digits: the mark of the call."""

    id: str
    """16 digits."""

    parent: str = ""
    """Empty for a call, which has none."""

    name: str
    began_ns: int
    """Since 1970."""

    ended_ns: int
    codes: Codes = field(default_factory=dict)
    has_failed: bool = False


class Tracer(Protocol):
    """Takes spans. One per process; every thread may use it."""

    def tell(self, span: Span) -> None:
        """Keep it and send it on. Neither fails nor waits."""

    def close(self) -> None:
        """Send what is left, for a few seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedCalls:
    """Told of every turn and every call: one trace a call."""

    tracer: Tracer

    def answered(self, turn: Turn, answer: Answer) -> None:
        """One turn, and what each room did in it. Asked inside of the turn's mark."""
        mark, times = current(), answer.times
        if times is None or not mark.turn:
            return
        self.tracer.tell(
            Span(
                trace=mark.call,
                id=mark.turn,
                parent=_span_of(mark.call),
                name="turn",
                began_ns=times.began_ns,
                ended_ns=times.began_ns + times.total_ns,
                codes=dict(_codes(turn, answer)),
                has_failed=bool(answer.failure),
            )
        )
        for lap in times.laps:
            self.tracer.tell(_stage(mark.call, mark.turn, times, lap))

    def over(self, story: Story) -> None:
        """The call that its turns are parts of."""
        call, last = call_mark(story.call_id), story.last
        total_ns = last.result.timings_ms.total * _NS_A_MS
        self.tracer.tell(
            Span(
                trace=call,
                id=_span_of(call),
                name="call",
                began_ns=_ns(story.began_at),
                ended_ns=_ns(last.at) + total_ns,
                codes={
                    "rufwerk.gateway": story.gateway,
                    "rufwerk.ending": outcome_of(story).value,
                    "rufwerk.turns": len(story.turns),
                },
            )
        )


def _stage(call: str, turn: str, times: Times, lap: Lap) -> Span:
    began_ns = times.began_ns + lap.began_ns
    return Span(
        trace=call,
        id=secrets.token_hex(_SPAN_BYTES),
        parent=turn,
        name=lap.room,
        began_ns=began_ns,
        ended_ns=began_ns + lap.took_ns,
    )


def _codes(turn: Turn, answer: Answer) -> Iterator[tuple[str, str | bool]]:
    """Nothing that was said or typed, and nothing that names anybody."""
    result: Result = answer.result
    told = {
        "gateway": turn.gateway,
        "language": result.transcript.language,
        "engine": result.transcript.engine,
        "fallback": result.transcript.fallback,
        "intent": result.intent.name,
        "decision": result.verification.decision,
        "action": result.action.type,
        "queue": result.action.queue,
        "failure": answer.failure,
    }
    yield "rufwerk.known", result.caller.known
    yield from ((f"rufwerk.{name}", code) for name, code in told.items() if code)


def _span_of(call: str) -> str:
    """The call's own span: its turns name it before it is over."""
    return hashlib.sha256(b"rufwerk span " + call.encode()).hexdigest()[: 2 * _SPAN_BYTES]


def _ns(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000) * _NS_A_MS
