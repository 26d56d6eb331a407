"""Where every gateway brings its calls: live ones, and those that come turn by turn."""

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol, TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync as to_thread

from biometrics import Ahead, Outcome, SpeechStream, StoreUnavailable, Waveform
from ivr.admitted import Admitted
from ivr.apology import FULL
from ivr.bounds.admission import Admission
from ivr.bounds.aside import Aside
from ivr.bounds.later import Later
from ivr.bounds.tally import Tally
from ivr.bounds.threads import in_thread
from ivr.call import CallerNumber, CallId, Language, Line, Queue, Transcript, Unheard
from ivr.calls import Calls, Elsewhere, is_new
from ivr.errors import CallBusy, HouseFull
from ivr.lately import Lately, Remembered
from ivr.live.ear import Ear
from ivr.live.floor import Floor
from ivr.live.happening import Happening, Watch, nobody
from ivr.live.reception import Message, SharedTickets, Wait
from ivr.live.recorder import Recorder
from ivr.live.recordings import recording_name
from ivr.live.talk import Opening
from ivr.live.utterance import nothing_said
from ivr.live.wire import Ending, Incoming, Wire
from ivr.plain_text import plain
from ivr.result import Result
from ivr.rooms import Spoken
from ivr.session import Equipment, Session
from ivr.settings import LiveSettings
from ivr.turn import Answer, Awaited, Live, Tried, Turn
from ivr.understand.recogniser import LiveHearing

log = logging.getLogger(__name__)

T = TypeVar("T")

_NOTICES = (Line(key="greet.neutral"), Line(key="notice.machine"))
_REQUEST = (Line(key="ask.request"),)
_QUESTION = (Line(key="notice.voice"), *_REQUEST)
_MOMENT = (Line(key="tell.moment"),)
_OFFER = "queue.call_back_offer"

_SENDERS, _SENT_ON_S = 2, 5.0
"""Callers who are sent on at a time because there is too much to do, and how long that may take."""

_REMEMBERED = 2_000
_ANNOUNCED_FOR = timedelta(minutes=2)
_ENDED_FOR = timedelta(minutes=30)


Observer = Callable[[CallId, Happening], object]


class Listen(Protocol):
    """Begins to hear a turn while it is spoken."""

    def __call__(self, language: Language | None, names: tuple[str, ...]) -> LiveHearing: ...


class Waits(Protocol):
    """Callers who wait for a person."""

    def told(self, token: str, now: datetime) -> tuple[Line, ...]:
        """What the caller hears next; nothing where nothing is known, or the store is gone."""

    def left(self, token: str, now: datetime) -> None:
        """The caller hung up. Never fails."""

    def call_back(self, token: str) -> tuple[Line, ...]:
        """The caller is to be rung, and hears so; nothing where that is too late.

        Raises:
            StoreUnavailable: it cannot be kept; nothing has changed.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What the front desk needs from the rest of the house."""

    settings: LiveSettings
    switchboard: Calls
    read_number: Callable[[str | None], CallerNumber]
    listen: Listen
    speech: Callable[[], SpeechStream]
    speech_probability: float
    say: Callable[[tuple[Line, ...], Language], Spoken]
    publish: Callable[[Waveform], str]
    clock: Callable[[], datetime]
    default_language: Language
    fallback: Queue
    workers: int
    """Turns that are worked on at the same time."""

    admission: Admission = field(default_factory=Admission)
    """How many turns there may be."""

    tally: Tally = field(default_factory=Tally)
    """What was left undone is counted there."""

    floor: Floor = field(default_factory=Floor)
    """Where streamed calls are watched over."""

    names: tuple[str, ...] = ()
    """Products and places that callers name, for gateways that listen by themselves."""

    waits: Waits | None = None
    """Without it callers are told nothing of ours while they wait."""

    asked_within_s: float = 30.0
    """A gateway whose line to us is gone asks so soon how a call goes on, if it does."""

    elsewhere: Elsewhere | None = None
    """Where calls are shared: those that other workers answered."""

    announced: Remembered[CallId, Incoming] | None = None
    """Calls that were announced; None remembers those of this process."""

    tickets: SharedTickets | None = None
    """Of streams; likewise."""

    whisper: Callable[[str, datetime], Waveform | None] = lambda _token, _now: None
    """What a person is told of the call with this token. Raises StoreUnavailable."""


class FrontDesk:
    """Takes calls. One per process, shared by every adapter."""

    def __init__(self, behind: Behind) -> None:
        self._behind = behind
        self._limiter: CapacityLimiter | None = None
        self._senders_limiter: CapacityLimiter | None = None
        self._going_on: set[CallId] = set()
        self._announced: Remembered[CallId, Incoming] = behind.announced or Lately(
            _ANNOUNCED_FOR, behind.clock, most=_REMEMBERED
        )
        self._endings = Lately[CallId, Ending](_ENDED_FOR, behind.clock, most=_REMEMBERED)
        self._asked = Lately[CallId, bool](_ENDED_FOR, behind.clock, most=_REMEMBERED)
        self._observers: list[Observer] = []
        self._reads_along = False
        self._aside = Aside("waits", most=_REMEMBERED, tally=behind.tally)
        self._later = Later("waits", most=_REMEMBERED)
        self.late_frames = 0
        """Of all calls so far: frames of prompts that could not be sent in time."""

        self._equipment = Equipment(
            settings=behind.settings,
            ear=lambda: Ear(behind.speech, probability=behind.speech_probability),
            limiter=self._threads,
            late=self._note_late,
            turn=behind.admission.live_turn,
        )

    def answer(
        self,
        incoming: Incoming,
        wire: Wire,
        *,
        watch: Watch = nobody,
        reads_along: bool = False,
    ) -> Session:
        """A call whose sound is streamed. Nothing happens before its `run`.

        `reads_along`: whoever watches wants the words while they are spoken, at the cost of a
        second recognition.

        Raises:
            HouseFull: as many calls go on as may, or turns, or the service ends.
            CallBusy: a call of this id goes on already.
        """
        self.admit()
        if incoming.call_id in self._going_on:
            raise CallBusy("A call of this id goes on already; another one needs another id.")
        if len(self._going_on) >= self._behind.settings.most_calls:
            raise HouseFull("As many calls go on here as may; send this one to people.")
        self._going_on.add(incoming.call_id)
        talk = self._talk(incoming)
        recorder = self._recorder(incoming)
        observed = self._observed(incoming, watch) if self._observers else watch
        session = Session(
            wire,
            talk,
            self._equipment,
            watch=observed,
            reads_along=reads_along or self._reads_along,
            recorder=recorder,
            call_id=incoming.call_id,
        )
        self._behind.floor.enter(incoming.call_id, session, partial(self._gone, incoming.call_id))
        return session

    def observe(self, observer: Observer, *, reads_along: bool = False) -> None:
        """Tell what happens in every live call from now on; must neither fail nor take long."""
        self._observers.append(observer)
        self._reads_along |= reads_along

    def _observed(self, incoming: Incoming, watch: Watch) -> Watch:
        def tell(happening: Happening) -> None:
            watch(happening)
            for observer in self._observers:
                observer(incoming.call_id, happening)

        return tell

    async def take(self, incoming: Incoming, message: Message) -> Answer:
        """One turn of a call that comes turn by turn."""
        behind, call_id = self._behind, incoming.call_id
        admitted = Admitted(calls=behind.switchboard, admission=behind.admission)
        take = partial(self._talk(incoming).take_message, message)
        try:
            return await admitted.take(
                take, call_id, limiter=self._threads(), where=incoming.gateway
            )
        except HouseFull as full:
            return await self._sent_on(incoming, full)

    async def _sent_on(self, incoming: Incoming, full: HouseFull) -> Answer:
        """Who has talked with us already is not left with nothing: a person knows of it."""
        if await to_thread(is_new, self._behind.switchboard, incoming.call_id):
            raise full
        work = partial(self._talk(incoming).handed_on, FULL)
        return await in_thread(work, limiter=self._senders, within_s=_SENT_ON_S)

    async def opening(
        self, language: Language | None, *, hears_voice: bool = True
    ) -> tuple[str, Waveform]:
        """What is said when a call comes in, to read and to hear.

        Raises:
            HouseFull: as `admit`.
        """
        self.admit()
        chosen = language or self._behind.default_language
        lines = (*_NOTICES, *(_QUESTION if hears_voice else _REQUEST))
        spoken = await self._in_thread(lambda: self._behind.say(lines, chosen))
        return spoken.text, spoken.sound

    def admit(self) -> None:
        """A call is about to come in.

        Raises:
            HouseFull: it is not to.
        """
        self._behind.admission.admit()

    @property
    def names(self) -> tuple[str, ...]:
        return self._behind.names

    @property
    def going_on(self) -> int:
        """How many streamed calls go on."""
        return len(self._going_on)

    @property
    def limiter(self) -> CapacityLimiter | None:
        """Of the threads that work on turns; None before there was one."""
        return self._limiter

    async def announce(self, incoming: Incoming) -> None:
        """Remember what is known of a call whose sound comes over another wire."""
        await to_thread(partial(self._announced.put, incoming.call_id, incoming))

    async def announced(self, call_id: CallId) -> Incoming | None:
        return await to_thread(partial(self._announced.get, call_id))

    async def ending(self, call_id: CallId) -> Ending | None:
        self._asked.put(call_id, True)
        return await to_thread(partial(self._asked_for, call_id))

    async def forget(self, call_id: CallId) -> None:
        """The caller hung up."""
        ending, waits = self._endings.get(call_id), self._behind.waits
        token = ending.context_token if ending else None
        if waits is not None and token:
            # The store may make it wait, and this is asked for where nobody may.
            self._aside.do(partial(waits.left, token, self._behind.clock()))
        await to_thread(partial(self._behind.switchboard.forget, call_id))

    async def whisper(self, call_id: CallId) -> Waveform | None:
        """What the person hears before this caller is put through."""
        token, behind = await self._token(call_id), self._behind
        if not token:
            return None
        tell = partial(behind.whisper, token, behind.clock())
        try:
            return await self._in_thread(tell)
        except StoreUnavailable:
            log.warning("nothing whispered")
            return None

    async def waiting(
        self, call_id: CallId, language: Language, *, may_offer: bool = False
    ) -> Wait | None:
        """What a caller is told who waits for a person."""
        token, waits = await self._token(call_id), self._behind.waits
        if waits is None or not token:
            return None
        lines = await self._in_thread(partial(waits.told, token, self._behind.clock()))
        told = tuple(line for line in lines if may_offer or line.key != _OFFER)
        return await self._wait(told, language)

    async def call_back(self, call_id: CallId, language: Language) -> Wait | None:
        """The caller keeps the place and hangs up."""
        token, waits = await self._token(call_id), self._behind.waits
        if waits is None or not token:
            return None
        try:
            lines = await self._in_thread(partial(waits.call_back, token))
        except StoreUnavailable:
            log.warning("call-back not noted")
            return None
        return await self._wait(lines, language)

    async def _wait(self, lines: tuple[Line, ...], language: Language) -> Wait | None:
        if not lines:
            return None
        spoken = await self._in_thread(partial(self._behind.say, lines, language))
        offers = any(line.key == _OFFER for line in lines)
        return Wait(text=spoken.text, sound=spoken.sound, offers_call_back=offers)

    async def _token(self, call_id: CallId) -> str:
        """Of a call that was handed on; empty where it was not."""
        ending = await to_thread(partial(self._ended, call_id))
        return (ending.context_token or "") if ending else ""

    def _asked_for(self, call_id: CallId) -> Ending | None:
        if self._behind.elsewhere is not None:
            with suppress(StoreUnavailable):
                self._behind.elsewhere.asked(call_id)
        return self._ended(call_id)

    def _ended(self, call_id: CallId) -> Ending | None:
        """Here, or at another worker."""
        known, elsewhere = self._endings.get(call_id), self._behind.elsewhere
        if known is not None or elsewhere is None:
            return known
        try:
            ended = elsewhere.ended(call_id)
        except StoreUnavailable:
            log.warning("nobody knows how a call ended")
            return None
        if ended is None:
            return None
        return _ending(ended.result, ended.language or self._behind.default_language)

    @property
    def tickets(self) -> SharedTickets | None:
        return self._behind.tickets

    @property
    def fallback(self) -> Ending:
        return _fallback(CallId(""), self._behind)

    async def publish(self, sound: Waveform) -> str:
        return await to_thread(partial(self._behind.publish, sound))

    def _note_late(self, frames: int) -> None:
        self.late_frames += frames

    def left(self, call_id: CallId) -> None:
        """Who hung up waits for nobody. Where a line only broke, the gateway asks what is next."""
        self._later.after(self._behind.asked_within_s, partial(self._leave_unless_asked, call_id))

    def _leave_unless_asked(self, call_id: CallId) -> None:
        ending, waits = self._ended(call_id), self._behind.waits
        token = ending.context_token if ending else None
        with suppress(StoreUnavailable):
            if waits is not None and token and not self._was_asked(call_id):
                waits.left(token, self._behind.clock())
            if self._behind.elsewhere is not None:
                self._behind.elsewhere.settle(call_id)

    def _was_asked(self, call_id: CallId) -> bool:
        elsewhere = self._behind.elsewhere
        is_known = bool(self._asked.get(call_id))
        return is_known or bool(elsewhere and elsewhere.was_asked(call_id))

    def _talk(self, incoming: Incoming) -> "_Talk":
        return _Talk(
            incoming, self._behind, ended=self._endings.put, gone=self._gone, left=self.left
        )

    def _gone(self, call_id: CallId) -> None:
        self._going_on.discard(call_id)
        self._behind.floor.leave(call_id)

    def _recorder(self, incoming: Incoming) -> Recorder | None:
        """Only where recordings are switched on and both sides agreed."""
        folder = self._behind.settings.record_into
        if not folder or not incoming.may_record:
            return None
        try:
            return Recorder(Path(folder) / recording_name(self._behind.clock()))
        except OSError as err:
            log.error("a call is not recorded", extra={"errno": err.errno})  # noqa: TRY400 - a path
            return None

    def _threads(self) -> CapacityLimiter:
        if self._limiter is None:
            # Partial words and trials wait for no turn that is being answered.
            self._limiter = CapacityLimiter(self._behind.workers + 2)
        return self._limiter

    @property
    def _senders(self) -> CapacityLimiter:
        """Beside the turns of which there are too many."""
        if self._senders_limiter is None:
            self._senders_limiter = CapacityLimiter(_SENDERS)
        return self._senders_limiter

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """Raises TooLate: it hangs."""
        within_s = self._behind.admission.longest_turn_s
        return await in_thread(work, limiter=self._threads(), within_s=within_s)


class _Talk:
    """One call's side of the house."""

    def __init__(
        self,
        incoming: Incoming,
        behind: Behind,
        *,
        ended: Callable[[CallId, Ending], object],
        gone: Callable[[CallId], object],
        left: Callable[[CallId], object],
    ) -> None:
        self._incoming = incoming
        self._behind = behind
        self._note_ending = ended
        self._note_gone = gone
        self._note_left = left
        self._language = incoming.language or behind.default_language
        self._turn = Turn(
            call_id=incoming.call_id,
            number=behind.read_number(incoming.caller_id),
            language=incoming.language,
            source=incoming.source,
            gateway=incoming.gateway,
            began_at=behind.clock(),
        )
        self._is_ended = False
        self._has_left = False

    def opening(self) -> Opening:
        say = self._behind.say
        return Opening(
            protected=say(_NOTICES, self._language).sound,
            question=say(_QUESTION, self._language).sound,
        )

    def awaited(self) -> Awaited:
        return self._behind.switchboard.awaited(self._turn, now=self._behind.clock())

    def listen(self, awaited: Awaited) -> LiveHearing:
        return self._behind.listen(awaited.language, awaited.names)

    def tried(self, heard: Transcript | Unheard, awaited: Awaited) -> Tried:
        return self._behind.switchboard.tried(heard, awaited, now=self._behind.clock())

    def rehearse(self, sound: Waveform) -> Ahead | None:
        live = Live(sound=sound, words=nothing_said().words)
        return self._behind.switchboard.rehearse(replace(self._turn, live=live))

    def take(self, live: Live | None, keys: str) -> Answer:
        return self._taken(replace(self._turn, live=live, keys=keys, may_answer_in_parts=True))

    def take_message(self, message: Message) -> Answer:
        """A turn that the gateway heard by itself, or recorded."""
        turn = replace(self._turn, event=message.event)
        if message.audio or message.keys:
            return self._taken(replace(turn, audio=message.audio, keys=message.keys))
        if not message.said.strip():
            return self._taken(replace(turn, live=nothing_said()))
        heard = Transcript(
            text=plain(message.said),
            language=self.awaited().language or self._language,
            confidence=message.confidence,
            engine="gateway",
        )
        return self._taken(replace(turn, said=heard))

    def handed_on(self, why: str) -> Answer:
        switchboard, now = self._behind.switchboard, self._behind.clock()
        answer = switchboard.hand_on(self._turn, why, now=now)
        self.ended(answer)
        return answer

    def filler(self) -> Waveform:
        return self._behind.say(_MOMENT, self._language).sound

    def ended(self, answer: Answer) -> Ending | None:
        ending = _ending(answer.result, self._language)
        if ending is not None:
            self._is_ended = True
            self._note_ending(self._incoming.call_id, ending)
        return ending

    def failed(self) -> Ending:
        ending = _fallback(self._incoming.call_id, self._behind)
        self._note_ending(self._incoming.call_id, ending)
        return ending

    def left(self) -> None:
        if self._is_ended:
            self._has_left = True
            self._note_left(self._incoming.call_id)

    def hang_up(self) -> None:
        call_id, elsewhere = self._incoming.call_id, self._behind.elsewhere
        self._note_gone(call_id)
        if self._is_ended:  # what became of a call that was handed on is asked for later
            if elsewhere is not None and not self._has_left:
                elsewhere.settle(call_id)
        elif elsewhere is not None:
            elsewhere.closed(call_id)
        else:
            self._behind.switchboard.forget(call_id)

    def _taken(self, turn: Turn) -> Answer:
        answer = self._behind.switchboard.take(turn, now=self._behind.clock())
        self._language = answer.so_far.spoken_in or self._language
        self.ended(answer)
        return answer


def _ending(result: Result, language: Language) -> Ending | None:
    action = result.action
    if action.type == "say" or action.type == "ask":  # noqa: PLR1714 - so that mypy knows
        return None
    return Ending(
        call_id=CallId(result.call_id),
        type=action.type,
        queue=action.queue,
        priority=action.priority,
        context_token=action.context_token,
        language=language,
        is_verified=result.verification.decision == Outcome.ACCEPTED.value,
    )


def _fallback(call_id: CallId, behind: Behind) -> Ending:
    return Ending(
        call_id=call_id,
        type="queue",
        queue=behind.fallback.queue,
        priority=behind.fallback.priority,
        language=behind.default_language,
    )
