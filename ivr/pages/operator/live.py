"""Calls as they go on: what happened when, in kinds and codes. No word, number or name is taken."""

import secrets
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import NewType

from ivr.call import CallId
from ivr.live.happening import Happening, Told

Handle = NewType("Handle", str)
"""Drawn at random: what a gateway calls a call may hold a number."""

_MAY_BE_SEEN: Mapping[str, tuple[str, ...]] = {
    "heard": ("language", "engine"),
    "verdict": ("decision",),
    "answer": ("intent", "action", "queue", "priority"),
}
"""Everything else that a happening tells is left out, whatever it will be."""

_OVER = frozenset({"ended", "hung_up"})
_MOST_CALLS, _MOST_MARKS = 200, 400
_SHOWN_AFTER_MS = 15_000
_FORGOTTEN_MS = 30 * 60_000
"""A call of which nothing was heard for so long is not going on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One moment."""

    at_ms: int
    """Since the call began."""

    kind: str
    codes: Mapping[str, Told]


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCall:
    """One call, as it is now."""

    handle: Handle
    age_ms: int
    marks: tuple[Mark, ...]
    is_over: bool = False

    def last(self, kind: str, code: str) -> str:
        """The latest code of a kind; empty where there is none."""
        found = (mark.codes.get(code) for mark in reversed(self.marks) if mark.kind == kind)
        return str(next((one for one in found if one), ""))


@dataclass(slots=True)
class _Going:
    handle: Handle
    began_ms: int
    touched_ms: int
    marks: deque[Mark] = field(default_factory=lambda: deque(maxlen=_MOST_MARKS))
    is_over: bool = False


class LiveCalls:
    """Whatever goes on in this process. Every thread may tell and ask."""

    def __init__(self, clock_ms: Callable[[], int]) -> None:
        self._clock_ms = clock_ms
        self._calls: OrderedDict[CallId, _Going] = OrderedDict()
        self._lock = Lock()

    def observe(self, call_id: CallId, happening: Happening) -> None:
        """Quick, and fails never: calls do not wait for who watches."""
        now = self._clock_ms()
        wanted = _MAY_BE_SEEN.get(happening.kind, ())
        codes = {name: happening.told[name] for name in wanted if name in happening.told}
        mark = Mark(at_ms=happening.at_ms, kind=happening.kind, codes=codes)
        with self._lock:
            going = self._calls.get(call_id)
            if going is None or going.is_over:
                going = self._begun(call_id, now - happening.at_ms)
            going.marks.append(mark)
            going.touched_ms = now
            going.is_over = going.is_over or happening.kind in _OVER

    def now(self) -> tuple[LiveCall, ...]:
        """The oldest first; those that have ended stay for a moment."""
        now = self._clock_ms()
        with self._lock:
            for call_id in [key for key, one in self._calls.items() if _is_gone(one, now)]:
                del self._calls[call_id]
            return tuple(_seen(one, now) for one in self._calls.values())

    def _begun(self, call_id: CallId, began_ms: int) -> _Going:
        going = _Going(
            handle=Handle(secrets.token_hex(2).upper()), began_ms=began_ms, touched_ms=began_ms
        )
        self._calls[call_id] = going
        while len(self._calls) > _MOST_CALLS:
            self._calls.popitem(last=False)
        return going


def _is_gone(going: _Going, now_ms: int) -> bool:
    quiet_ms = now_ms - going.touched_ms
    return quiet_ms > (_SHOWN_AFTER_MS if going.is_over else _FORGOTTEN_MS)


def _seen(going: _Going, now_ms: int) -> LiveCall:
    end_ms = going.touched_ms if going.is_over else now_ms
    return LiveCall(
        handle=going.handle,
        age_ms=max(0, end_ms - going.began_ms),
        marks=tuple(going.marks),
        is_over=going.is_over,
    )
