"""What a worker does with shared calls that it has in hand, in an order that survives its death.

First what a call came to is kept, then it is acted on, and last it is put back: whoever dies in
between is found by others, who know what is still to be done.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from threading import Lock

from biometrics import StoreUnavailable
from ivr.bounds.aside import Aside
from ivr.call import CallId
from ivr.call_ends import Ends
from ivr.calls import Ended
from ivr.errors import CallBusy
from ivr.kept_call import KeptCall, after, concluded, ended_of
from ivr.marks import about_call
from ivr.pipeline import Pipeline
from ivr.sharing.calls import Held, SharedCalls
from ivr.sharing.place import Place
from ivr.switchboard import MOST_AFTERWARDS, attempt
from ivr.turn import Turn

log = logging.getLogger(__name__)

Call = Held[KeptCall]

NOWHERE = ""
"""Name of a call that could not be shared."""


class CallsInHand:
    """One a worker. Every thread may use it."""

    def __init__(
        self,
        pipeline: Pipeline,
        calls: SharedCalls[KeptCall],
        ends: Ends,
        clock: Callable[[], datetime],
    ) -> None:
        self._pipeline = pipeline
        self._shared = calls
        self._ends = ends
        self._clock = clock
        # What it leaves undone is found by others once this worker is gone.
        self._afterwards = Aside("after_call", most=MOST_AFTERWARDS, tally=ends.tell.tally)
        self._changing = Lock()
        self.lines: dict[CallId, Call] = {}
        """Calls that stay here between turns: their line is here, or they could not be shared."""

        self.leaving: set[CallId] = set()
        """Who hung up while an answer was looked for here: nobody hands them on."""

    def keep(self, call: Call, kept: KeptCall) -> None:
        """First what was answered is kept, then it is acted on: whoever dies between is found."""
        stays = kept.is_streamed or call.place.name == NOWHERE
        place = self._placed(call, kept, is_free=not (stays or kept.is_over))
        if place is None:
            self.lines.pop(call.call_id, None)
            raise CallBusy("Another worker has gone on with this call.")
        call = replace(call, place=place, kept=kept, was_broken=False)
        if stays:
            self.lines[call.call_id] = call
        if place.has_left:
            self.lines.pop(call.call_id, None)
            self.end(call, has_left=True)
        elif kept.is_over:
            self.finish(call)

    def finish(self, call: Call) -> None:
        """What is still to be done of a call that is in hand; then it is put back."""
        kept = call.kept
        if waits_for_people(kept) and call.call_id not in self.leaving:
            self._ends.hand_on(kept)
            kept = replace(kept, is_handed_on=True)
            self._placed(call, kept, is_free=False)
        if kept.is_over and kept.told:
            self._afterwards.do(partial(self._conclude, replace(call, kept=kept)))
        else:
            self.put_back(call)

    def put_back(self, call: Call) -> None:
        if call.call_id in self.lines or call.place.name == NOWHERE:
            return
        back = self._shared.give_back if call.kept.results or call.was_broken else self._shared.drop
        attempt(partial(back, call), "a call not put back")

    def end(self, call: Call, *, has_left: bool) -> None:
        """Nothing more is said in it."""
        if has_left:
            call = replace(call, place=replace(call.place, has_left=True))
        self._afterwards.do(partial(self._left, call, self._clock()))

    def look_after(self, call: Call, now: datetime) -> None:
        """A call that nobody comes back to, aside and one by one."""
        recover = partial(self._recover, call, now)
        look = partial(attempt, recover, "a call left behind not looked after")
        if not self._afterwards.do(look):
            look()  # it is in hand now, so that nobody else would find it

    def ended_here(self, call_id: CallId) -> Ended | None:
        """The caller goes to a person, with what the worker knew that is gone."""
        now = self._clock()
        call = self._shared.seize(call_id, now)
        if call is None:
            return None
        kept = call.kept if call.kept.is_over else self._lost(call, now)
        place = self._placed(call, kept, is_free=False)
        if place is not None:
            self.finish(replace(call, place=place, kept=kept, was_broken=False))
            return ended_of(kept)
        seen = self._shared.see(call_id, now)
        return ended_of(seen.kept) if seen is not None and seen.kept.is_over else None

    def close(self) -> None:
        """Finish what is done after calls."""
        self._afterwards.close()

    def _conclude(self, call: Call) -> None:
        with about_call(call.call_id):
            self._concluded(call)

    def _concluded(self, call: Call) -> None:
        self._ends.write_down(call.kept)
        is_line = call.call_id in self.lines
        kept = concluded(call.kept)
        place = self._placed(call, kept, is_free=not is_line)
        if place is None:
            return
        call = replace(call, kept=kept, place=place)
        if place.has_left:
            self._left(call, self._clock())
            return
        with self._changing:
            if call.call_id in self.lines:
                self.lines[call.call_id] = call

    def _left(self, call: Call, now: datetime) -> None:
        """Kept until it was written down: who dies over it is found by others."""
        with about_call(call.call_id):
            self._ends.ended(call.kept)
            if call.place.has_left and call.kept.is_over:
                self._ends.gone(call.kept, now)
        if call.place.name != NOWHERE:
            attempt(partial(self._shared.drop, call), "a call that is over is still kept")

    def _recover(self, call: Call, now: datetime) -> None:
        if call.place.has_left or not call.was_broken:
            self._left(call, now)
        elif not call.kept.is_over:
            self._broken_off(call, now)
        elif call.kept.is_streamed and not call.place.was_asked:
            self.lines[call.call_id] = replace(call, was_broken=False)
            self.finish(self.lines[call.call_id])
            self._ends.losses.left(call.call_id)
        else:
            self.finish(replace(call, was_broken=False))

    def _broken_off(self, call: Call, now: datetime) -> None:
        """Whether the caller is still there, nobody knows: a place is kept once that is asked."""
        kept = self._lost(call, now)
        place = self._placed(call, kept, is_free=False)
        if place is not None:
            self._ends.keep_for_people(kept)
            self._ends.write_down(kept)
            self._shared.give_back(replace(call, place=place, was_broken=False))

    def _lost(self, call: Call, now: datetime) -> KeptCall:
        kept = call.kept
        spoken = kept.so_far.spoken_in
        turn = Turn(call_id=kept.call_id, number=kept.number, language=spoken)
        answer = self._pipeline.broken_off(turn, kept.so_far)
        so_far = replace(answer.so_far, spoken_in=spoken)
        return after(kept, turn, replace(answer, so_far=so_far), now)

    def _placed(self, call: Call, kept: KeptCall, *, is_free: bool) -> Place | None:
        """None where the call was lost to another worker."""
        if call.place.name == NOWHERE:
            return call.place
        try:
            return self._shared.keep(call, kept, self._clock(), is_free=is_free)
        except StoreUnavailable:
            log.warning("a call is not shared")
            return call.place


def waits_for_people(kept: KeptCall) -> bool:
    """Nobody has been told of a caller who goes to a person."""
    return kept.is_over and kept.goes_to_people and not kept.is_handed_on
