"""The calls that are going on: each turn finds what its call has been told before."""

import logging
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Lock

from biometrics import Ahead, Waveform
from ivr.bounds.aside import Aside
from ivr.bounds.tally import Tally
from ivr.call import CallerNumber, CallId, Queue, Transcript, Transfer, Unheard
from ivr.decide.dialogue import Dialogue
from ivr.errors import BadCallId, CallBusy, CallOver, OtherCaller, UnknownCall
from ivr.marks import about_call, about_turn
from ivr.pipeline import Pipeline
from ivr.result import Result
from ivr.story import Story, Told, known_before, told_of
from ivr.trace import trace
from ivr.turn import Answer, Awaited, SoFar, Tried, Turn
from ivr.verify.evidence import Evidence

log = logging.getLogger(__name__)

_CALL_ID = re.compile(r"[A-Za-z0-9._:@+-]{1,128}")
"""SIP Call-IDs, Asterisk's unique ids, UUIDs and Twilio's SIDs all fit."""

MOST_AFTERWARDS = 1_000
"""Calls that are over and were neither learned from nor written down yet."""

OVER = "This call was handed on or has ended; a new call needs a new id."
BUSY = "The earlier turn of this call is still being answered; wait for it."

IDLE = timedelta(hours=1)
"""A call that is silent for so long has ended without telling us."""


@dataclass(slots=True, kw_only=True)
class _Live:
    call_id: CallId
    number: CallerNumber
    heard_at: datetime
    began_at: datetime
    gateway: str = ""
    so_far: SoFar = field(default_factory=SoFar)
    results: list[Result] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    """Until the call is over and was written down."""

    prompt: Callable[[], Waveform] | None = None
    """What was said last, where the gateway may fetch it: not where it was streamed."""

    turn: Lock = field(default_factory=Lock)


HungUp = Callable[[Dialogue], object]
"""What is done when a caller hangs up in the middle of a conversation."""

AfterCall = Callable[[Evidence | None, datetime], object]
"""What is done with a call's evidence once it is over, and when its last turn was."""

HandOver = Callable[[Story], object]
"""What is done before a caller is handed on; must not take long. What fails stops no caller."""

Chronicle = Callable[[Story], object]
"""What is written down of a call once it is over."""


Answered = Callable[[Turn, Answer], object]
"""Told of every turn once it was answered; must not take long. What fails stops no caller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnesses:
    """Who is told of calls beside their callers."""

    after_call: AfterCall | None = None
    hung_up: HungUp | None = None
    hand_over: HandOver | None = None
    chronicle: Chronicle | None = None
    tally: Tally | None = None
    """What was left undone after calls is counted there."""

    answered: Answered | None = None

    def count(self, turn: Turn, answer: Answer) -> None:
        """A turn was answered."""
        if self.answered is not None:
            attempt(partial(self.answered, turn, answer), "turn not counted")


class Switchboard:
    """Keeps live calls in memory, the latest `capacity` of them; words and voices never rest."""

    def __init__(
        self,
        pipeline: Pipeline,
        *,
        capacity: int,
        witnesses: Witnesses | None = None,
    ) -> None:
        self._pipeline = pipeline
        self._capacity = capacity
        self._tell = witnesses or Witnesses()
        self._afterwards = Aside("after_call", most=MOST_AFTERWARDS, tally=self._tell.tally)
        self._calls: OrderedDict[CallId, _Live] = OrderedDict()
        self._changing = Lock()

    def take(self, turn: Turn, *, now: datetime) -> Answer:
        """Answer one turn of its call, which begins with its first turn.

        Raises:
            BadCallId: the id is empty, too long or holds odd characters.
            OtherCaller: the call began with another number.
            CallBusy: another turn of this call is being answered.
            CallOver: the caller was handed on or said goodbye.
            CallProblem: the audio cannot be used; the call is as it was.
        """
        with self._in_hand(turn, now) as live:
            return self._answered(live, turn, now)

    def hand_on(self, turn: Turn, why: str, *, now: datetime) -> Answer:
        """A person goes on with a call in which nothing new was said; `turn` tells which it is.

        Raises:
            CallProblem: as `take`.
        """
        with self._in_hand(turn, now) as live:
            return self._handed_on(live, turn, why, now)

    def awaited(self, turn: Turn, *, now: datetime) -> Awaited:
        """What to listen for in the next turn of a call, which need not have begun.

        `turn` tells what is known of it: the call, the number and the language.
        """
        return self._pipeline.awaited(turn, self._so_far(turn.call_id), now=now)

    def rehearse(self, turn: Turn) -> Ahead | None:
        """Hear a live turn that may be over. What is held makes its answer quicker, not another."""
        return self._pipeline.rehearse(turn, self._so_far(turn.call_id))

    def tried(self, heard: Transcript | Unheard, awaited: Awaited, *, now: datetime) -> Tried:
        """What words that were found on trial would mean. Changes nothing."""
        return self._pipeline.tried(heard, awaited, now=now)

    def forget(self, call_id: CallId) -> None:
        """The caller has hung up: nothing of the call is kept. Unknown calls are forgotten too."""
        with self._changing:
            live = self._calls.pop(call_id, None)
        if live is None:
            return
        dialogue = live.so_far.dialogue
        if dialogue.is_over:  # it was ended when it was over
            return
        if self._tell.hung_up is not None and live.results:
            self._tell.hung_up(dialogue)
        self._end(live)

    def close(self) -> None:
        """Finish what is done after calls; no more calls are taken."""
        self._afterwards.close()

    def forget_the_old(self, now: datetime) -> None:
        """Let go of calls that ended without telling us."""
        with self._changing:
            old = [key for key, live in self._calls.items() if now - live.heard_at > IDLE]
            gone = [self._calls.pop(key) for key in old]
        for live in gone:
            if not live.so_far.dialogue.is_over:
                self._end(live)

    def results(self, call_id: CallId) -> tuple[Result, ...]:
        """Every turn so far.

        Raises:
            UnknownCall: no such call, or it was too long ago.
        """
        return tuple(self._known(call_id).results)

    def sound(self, call_id: CallId) -> Waveform:
        """The latest prompt.

        Raises:
            UnknownCall: no such call, or nothing was said in it.
            CallProblem: it was not made whole before, and cannot be now.
        """
        prompt = self._known(call_id).prompt
        if prompt is None:
            raise UnknownCall("Nothing was said in this call yet.")
        return prompt()

    @contextmanager
    def _in_hand(self, turn: Turn, now: datetime) -> Iterator[_Live]:
        """One turn of a call at a time; a call in which nothing was answered is not kept."""
        live = self._live(turn, now)
        if not live.turn.acquire(blocking=False):
            raise CallBusy(BUSY)
        try:
            with about_turn(turn.call_id):
                yield live
        finally:
            live.turn.release()
            if not live.results:
                self.forget(turn.call_id)

    def _answered(self, live: _Live, turn: Turn, now: datetime) -> Answer:
        self._refuse_if_over(live)
        answer = self._pipeline.answer(turn, live.so_far, now=now)
        return self._noted(live, turn, answer, now)

    def _handed_on(self, live: _Live, turn: Turn, why: str, now: datetime) -> Answer:
        self._refuse_if_over(live)
        answer = self._pipeline.handed_on(turn, live.so_far, why)
        return self._noted(live, turn, known_before(answer, live.told), now)

    @staticmethod
    def _refuse_if_over(live: _Live) -> None:
        if live.so_far.dialogue.is_over:
            raise CallOver(OVER)

    def _noted(self, live: _Live, turn: Turn, answer: Answer, now: datetime) -> Answer:
        over = answer.so_far.dialogue.is_over
        live.so_far = answer.so_far
        live.results.append(answer.result)
        live.told.append(told_of(answer, now))
        live.prompt = None if turn.may_answer_in_parts else answer.prompt
        self._tell.count(turn, answer)
        if isinstance(answer.action, Queue | Transfer) and self._is_here(live):
            self._hand_on(_story(live))
        if over:
            self._end(live)
        return answer

    def _is_here(self, live: _Live) -> bool:
        """Nobody waits for a person who hung up while the answer was looked for."""
        with self._changing:
            return self._calls.get(live.call_id) is live

    def _hand_on(self, story: Story) -> None:
        """Whoever takes the call finds it known; where that fails, the caller goes on as well."""
        if self._tell.hand_over is not None:
            attempt(partial(self._tell.hand_over, story), "hand-over failed")

    def _end(self, live: _Live) -> None:
        """Nobody needs the voice and the words of a call that has ended, once it taught us."""
        is_told = self._tell.after_call is not None or self._tell.chronicle is not None
        if not is_told or not self._afterwards.do(partial(self._conclude, live)):
            live.so_far = SoFar(dialogue=live.so_far.dialogue)
            live.told.clear()

    def _conclude(self, live: _Live) -> None:
        with about_call(live.call_id):
            self._concluded(live)

    def _concluded(self, live: _Live) -> None:
        # Who hangs up while a turn is being answered has said what is in it all the same.
        with live.turn:
            story = _story(live) if live.told else None
            evidence, live.so_far = live.so_far.evidence, SoFar(dialogue=live.so_far.dialogue)
            live.told.clear()
        if self._tell.after_call is not None:
            attempt(partial(self._tell.after_call, evidence, live.heard_at), "after-call failed")
        if self._tell.chronicle is not None and story is not None:
            attempt(partial(self._tell.chronicle, story), "call not written down")

    def _live(self, turn: Turn, now: datetime) -> _Live:
        check_call_id(turn.call_id)
        self.forget_the_old(now)
        with self._changing:
            live = self._calls.setdefault(turn.call_id, _begun(turn, now))
            if live.number != turn.number:
                raise OtherCaller("This call id belongs to a call from another number.")
            live.heard_at = now
            self._calls.move_to_end(turn.call_id)
            self._make_room()
            return live

    def _make_room(self) -> None:
        """The oldest go first, but none that is being answered."""
        idle = [key for key, live in self._calls.items() if not live.turn.locked()]
        for key in idle[: max(len(self._calls) - self._capacity, 0)]:
            live = self._calls.pop(key)
            if not live.so_far.dialogue.is_over:
                self._end(live)

    def _so_far(self, call_id: CallId) -> SoFar:
        with self._changing:
            live = self._calls.get(call_id)
        return live.so_far if live else SoFar()

    def _known(self, call_id: CallId) -> _Live:
        with self._changing:
            live = self._calls.get(call_id)
        if live is None or not live.results:
            raise UnknownCall("No call of this id is known here.")
        return live


def attempt(work: Callable[[], object], failure: str) -> None:
    """A call that is over must not end the others."""
    try:
        work()
    except Exception as err:  # noqa: BLE001 - as the docstring says
        log.error(failure, extra=trace(err))  # noqa: TRY400 - messages can hold words


def check_call_id(call_id: CallId) -> None:
    """Raises BadCallId."""
    if not _CALL_ID.fullmatch(call_id):
        raise BadCallId("A call id has 1 to 128 letters, digits or ._:@+- and nothing else.")


def _begun(turn: Turn, now: datetime) -> _Live:
    return _Live(
        call_id=turn.call_id,
        number=turn.number,
        heard_at=now,
        began_at=turn.began_at or now,
        gateway=turn.gateway,
    )


def _story(live: _Live) -> Story:
    return Story(
        call_id=live.call_id,
        number=live.number,
        gateway=live.gateway,
        began_at=live.began_at,
        turns=tuple(live.told),
        dialogue=live.so_far.dialogue,
    )
