"""Calls that any worker answers: each turn is taken out of what all share, and put back."""

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from threading import Lock
from time import monotonic, sleep

from biometrics import Ahead, StoreUnavailable, Waveform
from ivr.call import CallId, Transcript, Unheard
from ivr.call_ends import Ends
from ivr.calls import Ended
from ivr.calls_in_hand import NOWHERE, Call, CallsInHand, waits_for_people
from ivr.errors import CallBusy, CallOver, OtherCaller, UnknownCall
from ivr.kept_call import KeptCall, after, again, begun, ended_of
from ivr.marks import about_turn
from ivr.pipeline import Pipeline
from ivr.result import Result
from ivr.sharing.calls import Held, Seen, SharedCalls
from ivr.sharing.place import Place
from ivr.story import known_before
from ivr.switchboard import BUSY, IDLE, OVER, attempt, check_call_id
from ivr.turn import Answer, Awaited, SoFar, Tried, Turn

log = logging.getLogger(__name__)

_LOOK_AGAIN_S = 0.1
_UNNAMED = "-"
"""A turn of which nobody can tell whether it is sent again."""


class SharedSwitchboard:
    """One a worker. Between two turns nothing of a call is in it, unless its line is here.

    Where calls cannot be shared, those of this worker go on in its memory.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        calls: SharedCalls[KeptCall],
        ends: Ends,
        *,
        clock: Callable[[], datetime],
        patience_s: float = 6.0,
    ) -> None:
        """`patience_s`: a turn that is sent again waits so long for the answer to it."""
        self._pipeline = pipeline
        self._shared = calls
        self._hand = CallsInHand(pipeline, calls, ends, clock)
        self._tell = ends.tell
        self._clock = clock
        self._patience_s = patience_s
        self._answering: set[CallId] = set()
        self._changing = Lock()

    def take(self, turn: Turn, *, now: datetime) -> Answer:
        """As `Calls.take`."""
        with self._in_hand(turn, now) as call:
            return self._answered(call, turn, now)

    def hand_on(self, turn: Turn, why: str, *, now: datetime) -> Answer:
        """As `Calls.hand_on`."""
        with self._in_hand(turn, now) as call:
            return self._handed_on(call, turn, why, now)

    def awaited(self, turn: Turn, *, now: datetime) -> Awaited:
        return self._pipeline.awaited(turn, self._so_far(turn.call_id, now), now=now)

    def rehearse(self, turn: Turn) -> Ahead | None:
        line = self._hand.lines.get(turn.call_id)
        return self._pipeline.rehearse(turn, line.kept.so_far if line else SoFar())

    def tried(self, heard: Transcript | Unheard, awaited: Awaited, *, now: datetime) -> Tried:
        return self._pipeline.tried(heard, awaited, now=now)

    def forget(self, call_id: CallId) -> None:
        """As `Calls.forget`; a turn that is being answered has been said all the same."""
        with self._changing:
            if call_id in self._answering:
                self._hand.leaving.add(call_id)
                return
            line = self._hand.lines.pop(call_id, None)
        call = line or self._shared.leave(call_id, self._clock())
        if call is not None:
            self._hand.end(call, has_left=True)

    def forget_the_old(self, now: datetime) -> None:
        """Those that are in nobody's hands are looked after by `beat`."""
        old = [
            call
            for call in tuple(self._hand.lines.values())
            if call.place.name == NOWHERE and now - call.kept.heard_at > IDLE
        ]
        for call in old:
            self.forget(call.call_id)

    def beat(self, now: datetime) -> int:
        """Tell the others that this worker is alive, and look after calls of those that are not.

        How many of them there were. They are looked after one by one, and aside: signs of life
        wait for nothing.

        Raises:
            StoreUnavailable: it could not be told.
        """
        self._shared.beat(now)
        found = self._shared.left_behind(now)
        for call in found:
            self._hand.look_after(call, now)
        return len(found)

    def results(self, call_id: CallId) -> tuple[Result, ...]:
        return self._known(call_id).results

    def sound(self, call_id: CallId) -> Waveform:
        prompt = self._known(call_id).prompt
        if prompt is None:
            raise UnknownCall("Nothing was said in this call yet.")
        return prompt

    def ended(self, call_id: CallId) -> Ended | None:
        """As `Elsewhere.ended`."""
        line = self._hand.lines.get(call_id)
        if line is not None:
            return ended_of(line.kept) if line.kept.is_over else None
        seen = self._looked_after(call_id)
        if seen is None:
            return None
        is_lost = not seen.kept.is_over and (seen.is_broken or seen.kept.is_streamed)
        if is_lost or waits_for_people(seen.kept):
            return self._hand.ended_here(call_id)
        return ended_of(seen.kept) if seen.kept.is_over else None

    def asked(self, call_id: CallId) -> None:
        self._shared.asked(call_id)

    def was_asked(self, call_id: CallId) -> bool:
        seen = self._shared.see(call_id, self._clock())
        return seen is not None and seen.place.was_asked

    def settle(self, call_id: CallId) -> None:
        line = self._hand.lines.pop(call_id, None)
        if line is not None:
            self._shared.give_back(line)

    def closed(self, call_id: CallId) -> None:
        line = self._hand.lines.pop(call_id, None)
        if line is not None:
            self._hand.end(line, has_left=False)

    def close(self) -> None:
        """Finish what is done after calls; no more calls are taken."""
        self._hand.close()

    @contextmanager
    def _in_hand(self, turn: Turn, now: datetime) -> Iterator[Call]:
        """One turn of a call at a time. What fails puts it back; who finds it over has done so."""
        check_call_id(turn.call_id)
        with about_turn(turn.call_id), self._alone(turn.call_id):
            call = self._taken(turn, now)
            try:
                yield call
            except CallOver:
                raise
            except BaseException:
                self._hand.put_back(call)
                raise

    def _taken(self, turn: Turn, now: datetime) -> Call:
        """In hand, and of the number that it began with."""
        call = self._hand.lines.get(turn.call_id) or self._waited_for(turn, now)
        if call.kept.number == turn.number:
            return call
        self._hand.put_back(call)
        raise OtherCaller("This call id belongs to a call from another number.")

    def _waited_for(self, turn: Turn, now: datetime) -> Call:
        """A turn that is sent again waits for the answer to it; another one does not wait."""
        name = hashlib.sha256(turn.event.encode()).hexdigest() if turn.event else _UNNAMED
        until = monotonic() + self._patience_s
        while (call := self._held(turn, name, now)) is None:
            self._refuse_unless_same(turn, name, until)
            sleep(_LOOK_AGAIN_S)
        return call

    def _held(self, turn: Turn, name: str, now: datetime) -> Call | None:
        begins = partial(begun, turn, now)
        try:
            return self._shared.hold(turn.call_id, self._clock(), begins, turn=name)
        except StoreUnavailable:
            log.warning("a call is not shared")
            nowhere = Place(name=NOWHERE, heard_at=now)
            return Held(call_id=turn.call_id, place=nowhere, kept=begins())

    def _refuse_unless_same(self, turn: Turn, name: str, until: float) -> None:
        seen = self._shared.see(turn.call_id, self._clock())
        if seen is not None and seen.kept.is_over and seen.kept.event != turn.event:
            raise CallOver(OVER)
        # Whoever has it in hand without a turn looks after it, and is done soon.
        may_wait = seen is None or not seen.place.turn or name == seen.place.turn != _UNNAMED
        if not may_wait or monotonic() > until:
            raise CallBusy(BUSY)

    def _answered(self, call: Call, turn: Turn, now: datetime) -> Answer:
        kept = call.kept
        is_again = bool(turn.event) and turn.event == kept.event
        if kept.is_over or is_again:
            self._hand.finish(call)
            if is_again:
                return again(kept)
            raise CallOver(OVER)
        if call.was_broken:
            answer = self._pipeline.broken_off(turn, kept.so_far)
        else:
            answer = self._pipeline.answer(turn, kept.so_far, now=now)
        return self._kept(call, turn, answer, now)

    def _handed_on(self, call: Call, turn: Turn, why: str, now: datetime) -> Answer:
        kept = call.kept
        if kept.is_over:
            self._hand.put_back(call)
            raise CallOver(OVER)
        answer = known_before(self._pipeline.handed_on(turn, kept.so_far, why), kept.told)
        return self._kept(call, turn, answer, now)

    def _kept(self, call: Call, turn: Turn, answer: Answer, now: datetime) -> Answer:
        self._hand.keep(call, after(call.kept, turn, answer, now))
        self._tell.count(turn, answer)
        return answer

    def _looked_after(self, call_id: CallId) -> Seen[KeptCall] | None:
        """Whoever hands the caller on, or puts the call back, is waited for."""
        until = monotonic() + self._patience_s
        while True:
            seen = self._shared.see(call_id, self._clock())
            is_done = seen is None or not seen.is_held or not waits_for_people(seen.kept)
            if is_done or monotonic() > until:
                return seen
            sleep(_LOOK_AGAIN_S)

    def _so_far(self, call_id: CallId, now: datetime) -> SoFar:
        line = self._hand.lines.get(call_id)
        if line is not None:
            return line.kept.so_far
        seen = self._shared.see(call_id, now)
        return seen.kept.so_far if seen else SoFar()

    def _known(self, call_id: CallId) -> KeptCall:
        line = self._hand.lines.get(call_id)
        seen = None if line else self._shared.see(call_id, self._clock())
        kept = line.kept if line else seen.kept if seen else None
        if kept is None or not kept.results:
            raise UnknownCall("No call of this id is known here.")
        return kept

    @contextmanager
    def _alone(self, call_id: CallId) -> Iterator[None]:
        with self._changing:
            if call_id in self._answering:
                raise CallBusy(BUSY)
            self._answering.add(call_id)
        try:
            yield
        finally:
            with self._changing:
                self._answering.discard(call_id)
                is_left = call_id in self._hand.leaving
                self._hand.leaving.discard(call_id)
            if is_left:
                attempt(partial(self.forget, call_id), "a hang-up not noted")
