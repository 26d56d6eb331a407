"""Calls that any worker answers: each turn is taken out of what all share, and put back."""

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from threading import Lock
from time import monotonic, sleep

from biometrics import Ahead, StoreUnavailable, Waveform
from ivr.bounds.aside import Aside
from ivr.call import CallId, Transcript, Unheard
from ivr.call_ends import Ends
from ivr.calls import Ended
from ivr.errors import CallBusy, CallOver, OtherCaller, UnknownCall
from ivr.kept_call import KeptCall, after, again, begun, concluded, ended_of
from ivr.marks import about_call, about_turn
from ivr.pipeline import Pipeline
from ivr.result import Result
from ivr.sharing.calls import Held, Seen, SharedCalls
from ivr.sharing.place import Place
from ivr.switchboard import BUSY, IDLE, MOST_AFTERWARDS, OVER, attempt, check_call_id
from ivr.turn import Answer, Awaited, SoFar, Tried, Turn

log = logging.getLogger(__name__)

Call = Held[KeptCall]

_LOOK_AGAIN_S = 0.1
_NOWHERE = ""
"""Name of a call that could not be shared."""

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
        self._ends = ends
        self._clock = clock
        self._patience_s = patience_s
        # What it leaves undone is found by whoever looks after calls left behind.
        self._afterwards = Aside("after_call", most=MOST_AFTERWARDS, tally=ends.tell.tally)
        self._lines: dict[CallId, Call] = {}
        self._answering: set[CallId] = set()
        self._to_forget: set[CallId] = set()
        self._changing = Lock()

    def take(self, turn: Turn, *, now: datetime) -> Answer:
        """As `Calls.take`."""
        check_call_id(turn.call_id)
        with about_turn(turn.call_id), self._alone(turn.call_id):
            call = self._taken(turn, now)
            try:
                return self._answered(call, turn, now)
            except BaseException:
                self._put_back(call)
                raise

    def hand_on(self, turn: Turn, why: str, *, now: datetime) -> Answer:
        """As `Calls.hand_on`."""
        check_call_id(turn.call_id)
        with about_turn(turn.call_id), self._alone(turn.call_id):
            call = self._taken(turn, now)
            try:
                return self._handed_on(call, turn, why, now)
            except BaseException:
                self._put_back(call)
                raise

    def awaited(self, turn: Turn, *, now: datetime) -> Awaited:
        return self._pipeline.awaited(turn, self._so_far(turn.call_id, now), now=now)

    def rehearse(self, turn: Turn) -> Ahead | None:
        line = self._lines.get(turn.call_id)
        return self._pipeline.rehearse(turn, line.kept.so_far if line else SoFar())

    def tried(self, heard: Transcript | Unheard, awaited: Awaited, *, now: datetime) -> Tried:
        return self._pipeline.tried(heard, awaited, now=now)

    def forget(self, call_id: CallId) -> None:
        """As `Calls.forget`; a turn that is being answered has been said all the same."""
        now = self._clock()
        with self._changing:
            if call_id in self._answering:
                self._to_forget.add(call_id)
                return
            call = self._lines.pop(call_id, None)
        call = self._marked(call) if call else self._shared.leave(call_id, now)
        if call is not None:
            self._afterwards.do(partial(self._left, call, now))

    def forget_the_old(self, now: datetime) -> None:
        """Those that are in nobody's hands are looked after by `beat`."""
        old = [
            call
            for call in tuple(self._lines.values())
            if call.place.name == _NOWHERE and now - call.kept.heard_at > IDLE
        ]
        for call in old:
            self.forget(call.call_id)

    def beat(self, now: datetime) -> None:
        """Tell the others that this worker is alive, and look after calls of those that are not.

        Raises:
            StoreUnavailable: it could not be told.
        """
        self._shared.beat(now)
        for call in self._shared.left_behind(now):
            attempt(partial(self._recover, call, now), "a call left behind not looked after")

    def results(self, call_id: CallId) -> tuple[Result, ...]:
        return self._known(call_id).results

    def sound(self, call_id: CallId) -> Waveform:
        prompt = self._known(call_id).prompt
        if prompt is None:
            raise UnknownCall("Nothing was said in this call yet.")
        return prompt

    def ended(self, call_id: CallId) -> Ended | None:
        """As `Elsewhere.ended`."""
        line = self._lines.get(call_id)
        if line is not None:
            return ended_of(line.kept) if line.kept.is_over else None
        seen = self._looked_after(call_id)
        if seen is None:
            return None
        is_lost = not seen.kept.is_over and (seen.is_broken or seen.kept.is_streamed)
        if is_lost or _waits_for_people(seen.kept):
            return self._ended_here(call_id)
        return ended_of(seen.kept) if seen.kept.is_over else None

    def asked(self, call_id: CallId) -> None:
        self._shared.asked(call_id)

    def was_asked(self, call_id: CallId) -> bool:
        seen = self._shared.see(call_id, self._clock())
        return seen is not None and seen.place.was_asked

    def settle(self, call_id: CallId) -> None:
        line = self._lines.pop(call_id, None)
        if line is not None:
            self._shared.give_back(line)

    def closed(self, call_id: CallId) -> None:
        line = self._lines.pop(call_id, None)
        if line is not None:
            self._afterwards.do(partial(self._left, line, self._clock()))

    def close(self) -> None:
        """Finish what is done after calls; no more calls are taken."""
        self._afterwards.close()

    def _taken(self, turn: Turn, now: datetime) -> Call:
        """In hand, and of the number that it began with."""
        call = self._lines.get(turn.call_id) or self._waited_for(turn, now)
        if call.kept.number == turn.number:
            return call
        self._put_back(call)
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
            nowhere = Place(name=_NOWHERE, heard_at=now)
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
            self._finish(call)
            if is_again:
                return again(kept)
            raise CallOver(OVER)
        if call.was_broken:
            answer = self._pipeline.broken_off(turn, kept.so_far)
        else:
            answer = self._pipeline.answer(turn, kept.so_far, now=now)
        self._keep(call, after(kept, turn, answer, now))
        self._ends.tell.count(turn, answer)
        return answer

    def _handed_on(self, call: Call, turn: Turn, why: str, now: datetime) -> Answer:
        kept = call.kept
        if kept.is_over:
            raise CallOver(OVER)
        answer = self._pipeline.handed_on(turn, kept.so_far, why)
        # Nothing failed: what is known of the caller is what was known before.
        answer = replace(answer, moment=kept.told[-1].moment if kept.told else None)
        self._keep(call, after(kept, turn, answer, now))
        self._ends.tell.count(turn, answer)
        return answer

    def _keep(self, call: Call, kept: KeptCall) -> None:
        """First what was answered is kept, then it is acted on: whoever dies between is found."""
        stays = kept.is_streamed or call.place.name == _NOWHERE
        place = self._placed(call, kept, is_free=not (stays or kept.is_over))
        if place is None:
            self._lines.pop(call.call_id, None)
            raise CallBusy("Another worker has gone on with this call.")
        call = replace(call, place=place, kept=kept, was_broken=False)
        if stays:
            self._lines[call.call_id] = call
        if place.has_left:
            self._lines.pop(call.call_id, None)
            self._afterwards.do(partial(self._left, call, self._clock()))
        elif kept.is_over:
            self._finish(call)

    def _finish(self, call: Call) -> None:
        """What is still to be done of a call that is in hand; then it is put back."""
        kept = call.kept
        if _waits_for_people(kept) and not self._is_to_be_forgotten(call):
            self._ends.hand_on(kept)
            kept = replace(kept, is_handed_on=True)
            self._placed(call, kept, is_free=False)
        if kept.is_over and kept.told:
            self._afterwards.do(partial(self._conclude, replace(call, kept=kept)))
        else:
            self._put_back(call)

    def _conclude(self, call: Call) -> None:
        with about_call(call.call_id):
            self._concluded(call)

    def _concluded(self, call: Call) -> None:
        self._ends.write_down(call.kept)
        is_line = call.call_id in self._lines
        kept = concluded(call.kept)
        place = self._placed(call, kept, is_free=not is_line)
        if place is None:
            return
        call = replace(call, kept=kept, place=place)
        if place.has_left:
            self._left(call, self._clock())
            return
        with self._changing:
            if call.call_id in self._lines:
                self._lines[call.call_id] = call

    def _left(self, call: Call, now: datetime) -> None:
        """Kept until it was written down: who dies over it is found by others."""
        with about_call(call.call_id):
            self._ends.ended(call.kept)
            if call.place.has_left and call.kept.is_over:
                self._ends.gone(call.kept, now)
        if call.place.name != _NOWHERE:
            attempt(partial(self._shared.drop, call), "a call that is over is still kept")

    @staticmethod
    def _marked(line: Call) -> Call:
        return replace(line, place=replace(line.place, has_left=True))

    def _recover(self, call: Call, now: datetime) -> None:
        """A call that nobody comes back to."""
        if call.place.has_left or not call.was_broken:
            self._left(call, now)
        elif not call.kept.is_over:
            self._broken_off(call, now)
        elif call.kept.is_streamed and not call.place.was_asked:
            self._lines[call.call_id] = replace(call, was_broken=False)
            self._finish(self._lines[call.call_id])
            self._ends.losses.left(call.call_id)
        else:
            self._finish(replace(call, was_broken=False))

    def _broken_off(self, call: Call, now: datetime) -> None:
        """Whether the caller is still there, nobody knows: a place is kept once that is asked."""
        kept = self._lost(call, now)
        place = self._placed(call, kept, is_free=False)
        if place is not None:
            self._ends.keep_for_people(kept)
            self._ends.write_down(kept)
            self._shared.give_back(replace(call, place=place, was_broken=False))

    def _looked_after(self, call_id: CallId) -> Seen[KeptCall] | None:
        """Whoever hands the caller on, or puts the call back, is waited for."""
        until = monotonic() + self._patience_s
        while True:
            seen = self._shared.see(call_id, self._clock())
            is_done = seen is None or not seen.is_held or not _waits_for_people(seen.kept)
            if is_done or monotonic() > until:
                return seen
            sleep(_LOOK_AGAIN_S)

    def _ended_here(self, call_id: CallId) -> Ended | None:
        """The caller goes to a person, with what the worker knew that is gone."""
        now = self._clock()
        call = self._shared.seize(call_id, now)
        if call is None:
            return None
        kept = call.kept if call.kept.is_over else self._lost(call, now)
        place = self._placed(call, kept, is_free=False)
        if place is not None:
            self._finish(replace(call, place=place, kept=kept, was_broken=False))
            return ended_of(kept)
        seen = self._shared.see(call_id, now)
        return ended_of(seen.kept) if seen is not None and seen.kept.is_over else None

    def _lost(self, call: Call, now: datetime) -> KeptCall:
        kept = call.kept
        spoken = kept.so_far.spoken_in
        turn = Turn(call_id=kept.call_id, number=kept.number, language=spoken)
        answer = self._pipeline.broken_off(turn, kept.so_far)
        so_far = replace(answer.so_far, spoken_in=spoken)
        return after(kept, turn, replace(answer, so_far=so_far), now)

    def _placed(self, call: Call, kept: KeptCall, *, is_free: bool) -> Place | None:
        """None where the call was lost to another worker."""
        if call.place.name == _NOWHERE:
            return call.place
        try:
            return self._shared.keep(call, kept, self._clock(), is_free=is_free)
        except StoreUnavailable:
            log.warning("a call is not shared")
            return call.place

    def _put_back(self, call: Call) -> None:
        if call.call_id in self._lines or call.place.name == _NOWHERE:
            return
        back = self._shared.give_back if call.kept.results or call.was_broken else self._shared.drop
        attempt(partial(back, call), "a call not put back")

    def _is_to_be_forgotten(self, call: Call) -> bool:
        """Nobody waits for a person who hung up while the answer was looked for."""
        with self._changing:
            return call.call_id in self._to_forget

    def _so_far(self, call_id: CallId, now: datetime) -> SoFar:
        line = self._lines.get(call_id)
        if line is not None:
            return line.kept.so_far
        seen = self._shared.see(call_id, now)
        return seen.kept.so_far if seen else SoFar()

    def _known(self, call_id: CallId) -> KeptCall:
        line = self._lines.get(call_id)
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
                is_left = call_id in self._to_forget
                self._to_forget.discard(call_id)
            if is_left:
                attempt(partial(self.forget, call_id), "a hang-up not noted")


def _waits_for_people(kept: KeptCall) -> bool:
    return kept.is_over and kept.goes_to_people and not kept.is_handed_on
