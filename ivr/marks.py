"""Which call and which turn a line of the log or a span is about, without telling the call's id.

The mark of a call is a digest of its id: whoever has the id from a gateway finds the call's lines,
and the lines give nobody the id. Both marks have the shapes of W3C Trace Context, version 00.
"""

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from ivr.call import CallId

T = TypeVar("T")

_CALL_DIGITS = 32
_TURN_BYTES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What is being worked on."""

    call: str = ""
    """32 hexadecimal digits, of a trace; empty outside of calls."""

    turn: str = ""
    """16 hexadecimal digits, of a span; empty outside of turns."""

    @property
    def traceparent(self) -> str:
        """As W3C Trace Context writes it; empty outside of turns."""
        return f"00-{self.call}-{self.turn}-01" if self.turn else ""


_NOTHING = Mark()
_NOW: ContextVar[Mark] = ContextVar("mark", default=_NOTHING)


def current() -> Mark:
    """What this thread or task works on."""
    return _NOW.get()


def call_mark(call_id: CallId) -> str:
    """The same in every process."""
    return hashlib.sha256(b"rufwerk call " + call_id.encode()).hexdigest()[:_CALL_DIGITS]


@contextmanager
def about_call(call_id: CallId) -> Iterator[Mark]:
    """What happens inside is about this call; about none where the id is empty."""
    with _about(Mark(call=call_mark(call_id)) if call_id else _NOTHING) as mark:
        yield mark


@contextmanager
def about_turn(call_id: CallId) -> Iterator[Mark]:
    """What happens inside is about a new turn of this call."""
    with _about(Mark(call=call_mark(call_id), turn=secrets.token_hex(_TURN_BYTES))) as mark:
        yield mark


def carried(work: Callable[[], T]) -> Callable[[], T]:
    """The same work, about what this thread works on, wherever it is done."""
    return partial(copy_context().run, work)


@contextmanager
def _about(mark: Mark) -> Iterator[Mark]:
    before = _NOW.set(mark)
    try:
        yield mark
    finally:
        _NOW.reset(before)
