"""The streamed calls that go on: told to end, and found where they stand still."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from ivr.apology import ENDING, TOO_LONG
from ivr.bounds.tally import Tally
from ivr.call import CallId
from ivr.marks import call_mark
from ivr.settings import LoadSettings

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 1.0


class Going(Protocol):
    """A call, as far as it is watched over."""

    def stands_still_s(self) -> float:
        """How long nothing has moved in it."""

    def send_away(self, why: str) -> None:
        """A person goes on with it, as soon as a turn that is being answered is over."""

    def give_up(self) -> None:
        """It stands still: nothing of it is waited for, and a person takes it."""


@dataclass(slots=True, kw_only=True)
class _Entry:
    call: Going
    gone: Callable[[], object]
    began_at_s: float
    is_sent_away: bool = False


class Floor:
    """One per process. Everything but `leave` is of the event loop."""

    def __init__(
        self,
        settings: LoadSettings | None = None,
        tally: Tally | None = None,
        *,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._settings = settings or LoadSettings()
        self._tally = tally or Tally()
        self._clock = clock
        self._calls: dict[CallId, _Entry] = {}

    def __len__(self) -> int:
        return len(self._calls)

    def enter(self, call_id: CallId, call: Going, gone: Callable[[], object]) -> None:
        """`gone` gives its place back to others."""
        self._calls[call_id] = _Entry(call=call, gone=gone, began_at_s=self._clock())

    def leave(self, call_id: CallId) -> None:
        self._calls.pop(call_id, None)

    def send_away(self) -> None:
        """The service ends: people go on with every call."""
        for entry in tuple(self._calls.values()):
            self._send_away(entry, ENDING)

    def look(self) -> None:
        """Find calls that stand still, or go on for too long."""
        for call_id, entry in tuple(self._calls.items()):
            if entry.call.stands_still_s() > self._settings.stuck_call_s:
                self._give_up(call_id, entry)
            elif self._clock() - entry.began_at_s > self._settings.longest_call_s:
                self._end(call_id, entry)

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Look again and again until left."""
        looking = asyncio.create_task(self._look_for_ever())
        try:
            yield
        finally:
            looking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await looking

    async def _look_for_ever(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_EVERY_S)
            self.look()

    def _give_up(self, call_id: CallId, entry: _Entry) -> None:
        log.error("a call is stuck", extra={"call": call_mark(call_id)})
        self._tally.count("call_stuck")
        self.leave(call_id)
        entry.gone()
        entry.call.give_up()

    def _end(self, call_id: CallId, entry: _Entry) -> None:
        if not entry.is_sent_away:
            log.warning("a call goes on for too long", extra={"call": call_mark(call_id)})
            self._tally.count("call_too_long")
            self._send_away(entry, TOO_LONG)

    def _send_away(self, entry: _Entry, why: str) -> None:
        if not entry.is_sent_away:
            entry.is_sent_away = True
            entry.call.send_away(why)
