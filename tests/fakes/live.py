"""A line, a house and a recogniser that do as they are told, for tests of live calls."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from anyio import CapacityLimiter
from numpy.typing import NDArray

from biometrics import Ahead, Waveform
from ivr.call import Ask, CallId, HangUp, Intent, Language, Line, Transcript, Understanding, Unheard
from ivr.decide.dialogue import Dialogue, Pending
from ivr.errors import HouseFull
from ivr.live.ear import Ear
from ivr.live.happening import Happening, Watch, nobody
from ivr.live.reception import Message, Wait
from ivr.live.talk import Opening
from ivr.live.wire import FRAME_BYTES, Ending, Incoming, Wire
from ivr.result import (
    ActionPart,
    CallerPart,
    IntentPart,
    Result,
    TimingsPart,
    TranscriptPart,
    VerificationPart,
)
from ivr.session import Equipment, Session
from ivr.settings import LiveSettings
from ivr.turn import Answer, Awaited, Live, SoFar, Tried

FRAME_MS = 20


def sound(ms: int, level: float = 0.1) -> Waveform:
    """A prompt of one level."""
    return Waveform(samples=np.full(8 * ms, level, dtype=np.float32), rate_hz=8_000)


def spoken(ms: int, level: int = 1_000) -> bytes:
    """What a caller says: no two pieces of it are alike."""
    generator = np.random.default_rng(ms + level)
    samples = generator.integers(-level, level, 8 * ms) | 64
    return samples.astype("<i2").tobytes()


def quiet(ms: int) -> bytes:
    return bytes(16 * ms)


class FakeSpeech:
    """Whoever is loud speaks."""

    def feed(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.array([1.0 if np.abs(samples).max() > 0.001 else 0.0], dtype=np.float32)


def fake_ear() -> Ear:
    return Ear(FakeSpeech, probability=0.5)


@dataclass
class FakeWire:
    """Keeps what was played."""

    frames: list[bytes] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    cleared: int = 0

    async def play(self, frame: bytes) -> None:
        assert len(frame) == FRAME_BYTES
        self.frames.append(frame)

    async def clear(self) -> None:
        self.cleared += 1

    async def end(self, ending: Ending) -> None:
        self.endings.append(ending)

    @property
    def is_speaking(self) -> list[bool]:
        """Frame by frame."""
        return [any(frame) for frame in self.frames]


class FakeHearing:
    """Hears what it is told to, once somebody has spoken."""

    def __init__(self, words: str, *, partials: Sequence[str] = ()) -> None:
        self._words = words
        self._partials = list(partials)
        self.fed = 0
        self.trial: Future[Transcript | Unheard] | None = None

    def feed(self, sound: Waveform, *, is_speech: bool = True) -> None:
        self.fed += len(sound.samples)
        if is_speech:
            self.trial = None

    def pause(self) -> None:
        if self.trial is None:
            self.trial = Future()
            self.trial.set_result(self.finish())

    def partial(self) -> str:
        return self._partials.pop(0) if self._partials else ""

    def abandon(self) -> None: ...

    def finish(self) -> Transcript | Unheard:
        return transcript(self._words) if self._words else Unheard.NOISE


def transcript(text: str) -> Transcript:
    return Transcript(text=text, language=Language.GERMAN, confidence=0.9, engine="fake")


MEANINGS: Mapping[str, str] = {
    "ja": "affirm",
    "nein": "deny",
    "mitarbeiter": "person",
    "flug umbuchen": "rebook_flight",
}


def understood(heard: Transcript | Unheard) -> Understanding | None:
    if isinstance(heard, Unheard):
        return None
    name = MEANINGS.get(heard.text.lower())
    return Intent(name=name, confidence=0.9) if name else None


class FakeTalk:
    """A house that answers everything with a prompt, and ends the call when it is told to."""

    def __init__(self, words: Sequence[str] = (), *, pending: Pending | None = None) -> None:
        self.words = list(words)
        """Of each turn that is spoken, in order."""

        self.partials: list[Sequence[str]] = []
        self.pending = pending
        self.needs_time = False
        self.lines_lost = 0
        """Of calls that were gone before their end could be told."""

        self.taken: list[tuple[Live | None, str]] = []
        self.heard: list[str] = []
        self.rehearsed: list[Waveform] = []
        self.ahead: list[Ahead] = []
        self.sent_away: list[str] = []
        self.fails_ahead: Exception | None = None
        self.ends_after = 10
        self.wait: Callable[[], object] = lambda: None
        self.prompt = sound(1_000)
        self.rest: tuple[Callable[[], Waveform], ...] = ()
        self.protected, self.question = sound(400), sound(600)
        self.is_gone = 0
        self.fails: Exception | None = None

    def opening(self) -> Opening:
        return Opening(protected=self.protected, question=self.question)

    def awaited(self) -> Awaited:
        return Awaited(
            language=None,
            dialogue=Dialogue(pending=self.pending),
            needs_time=self.needs_time,
        )

    def listen(self, awaited: Awaited) -> FakeHearing:
        words = self.words.pop(0) if self.words else ""
        return FakeHearing(words, partials=self.partials.pop(0) if self.partials else ())

    def tried(self, heard: Transcript | Unheard, awaited: Awaited) -> Tried:
        return Tried(heard=heard, meaning=understood(heard))

    def rehearse(self, sound: Waveform) -> Ahead | None:
        self.rehearsed.append(sound)
        if self.fails_ahead is not None:
            raise self.fails_ahead
        self.ahead.append(Ahead())
        return self.ahead[-1]

    def take(self, live: Live | None, keys: str) -> Answer:
        self.wait()
        self.taken.append((live, keys))
        if self.fails is not None:
            raise self.fails
        heard = live.words() if live else Unheard.SILENCE
        self.heard.append(heard.text if isinstance(heard, Transcript) else heard.value)
        is_last = len(self.taken) >= self.ends_after
        given = answer("hangup" if is_last else "ask", self.prompt, heard)
        return replace(given, rest=self.rest)

    def handed_on(self, why: str) -> Answer:
        self.sent_away.append(why)
        if self.fails is not None:
            raise self.fails
        return answer("queue", self.prompt, Unheard.SILENCE)

    def filler(self) -> Waveform:
        return sound(200, level=0.3)

    def ended(self, given: Answer) -> Ending | None:
        if given.result.action.type == "ask":
            return None
        return Ending(call_id=CallId("call"), type="hangup", language=Language.GERMAN)

    def failed(self) -> Ending:
        return Ending(call_id=CallId("call"), type="queue", language=Language.GERMAN)

    def left(self) -> None:
        self.lines_lost += 1

    def hang_up(self) -> None:
        self.is_gone += 1


def answer(kind: Any, prompt: Waveform, heard: Transcript | Unheard) -> Answer:
    """An answer that says `prompt`."""
    meaning = understood(heard)
    name = meaning.name if isinstance(meaning, Intent) else None
    text = heard.text if isinstance(heard, Transcript) else ""
    line = (Line(key="some"),)
    return Answer(
        result=Result(
            call_id="call",
            caller=CallerPart(number=None, known=False, customer_id=None),
            verification=VerificationPart(
                decision="inconclusive",
                score=None,
                llr=None,
                threshold=None,
                net_speech_ms=0,
                encoder=None,
                reasons=[],
            ),
            transcript=TranscriptPart(text=text, language="de", confidence=0.9, engine="fake"),
            intent=IntentPart(name=name, confidence=0.9, slots={}),
            action=ActionPart(
                type=kind, prompt="some", queue=None, priority=None, context_token=None
            ),
            reasons=[],
            timings_ms=TimingsPart(),
        ),
        sound=prompt,
        action=HangUp(lines=line) if kind == "hangup" else Ask(lines=line),
        so_far=SoFar(),
    )


@dataclass
class Watcher:
    """Keeps what happened."""

    happened: list[Happening] = field(default_factory=list)

    def __call__(self, happening: Happening) -> None:
        self.happened.append(happening)

    @property
    def kinds(self) -> list[str]:
        return [one.kind for one in self.happened]

    def at(self, kind: str, *, after: str = "") -> int:
        """When it happened first, in ms, or first since the first of another kind."""
        begins = self.kinds.index(after) if after else 0
        return next(one.at_ms for one in self.happened[begins:] if one.kind == kind)


class FakeReception:
    """Real sessions in lockstep, with a house behind them that does as it is told."""

    def __init__(self, talk: FakeTalk | None = None) -> None:
        self.talk = talk or FakeTalk()
        self.watch = Watcher()
        self.incoming: list[Incoming] = []
        self.messages: list[Message] = []
        self.forgotten: list[CallId] = []
        self.opened: list[bool] = []
        """Whether a voice is heard of each call that was opened."""

        self.names: tuple[str, ...] = ()
        self.endings: dict[CallId, Ending] = {}
        self.known: dict[CallId, Incoming] = {}
        self.sessions: list[Session] = []
        self.is_full = False
        self.answers: list[Answer] = []
        """Of turns that come one by one, in order; the last one goes on."""

        self.has_whisper = False
        self.rung: list[CallId] = []
        """Who asked to be rung back."""

        self.wait = ""
        """What callers are told who wait."""

        self.fails: Exception | None = None
        self._limiter: CapacityLimiter | None = None

    def answer(
        self,
        incoming: Incoming,
        wire: Wire,
        *,
        watch: Watch = nobody,
        reads_along: bool = False,
    ) -> Session:
        if self.is_full:
            raise HouseFull("As many calls go on here as may.")
        self.incoming.append(incoming)
        settings = LiveSettings(pacing="lockstep")
        equipment = Equipment(settings=settings, ear=fake_ear, limiter=self._threads)
        session = Session(wire, self.talk, equipment, watch=self.watch, reads_along=reads_along)
        self.sessions.append(session)
        return session

    def admit(self) -> None:
        if self.is_full:
            raise HouseFull("As many calls go on here as may.")

    async def take(self, incoming: Incoming, message: Message) -> Answer:
        self.incoming.append(incoming)
        self.messages.append(message)
        if self.fails is not None:
            raise self.fails
        given = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if given.result.action.type not in ("say", "ask"):
            self.endings[incoming.call_id] = ending(given, incoming.call_id)
        return given

    async def waiting(
        self, call_id: CallId, language: Language, *, may_offer: bool = False
    ) -> Wait | None:
        del language
        if not self.wait or call_id not in self.endings:
            return None
        return Wait(text=self.wait, sound=sound(400), offers_call_back=may_offer)

    async def call_back(self, call_id: CallId, language: Language) -> Wait | None:
        del language
        self.rung.append(call_id)
        return Wait(text="Gern.", sound=sound(400)) if self.wait else None

    async def whisper(self, call_id: CallId) -> Waveform | None:
        return sound(400) if self.has_whisper and call_id in self.endings else None

    async def opening(
        self, language: Language | None, *, hears_voice: bool = True
    ) -> tuple[str, Waveform]:
        self.admit()
        self.opened.append(hears_voice)
        return "Guten Tag.", sound(400)

    async def announce(self, incoming: Incoming) -> None:
        self.known[incoming.call_id] = incoming

    async def announced(self, call_id: CallId) -> Incoming | None:
        return self.known.get(call_id)

    async def ending(self, call_id: CallId) -> Ending | None:
        return self.endings.get(call_id)

    async def forget(self, call_id: CallId) -> None:
        self.forgotten.append(call_id)

    tickets = None

    @property
    def fallback(self) -> Ending:
        return Ending(
            call_id=CallId(""), type="queue", queue="agents", priority=50, language=Language.GERMAN
        )

    async def publish(self, sound: Waveform) -> str:
        return "/prompts/0123456789abcdef.wav"

    def _threads(self) -> CapacityLimiter:
        self._limiter = self._limiter or CapacityLimiter(4)
        return self._limiter


def ending(given: Answer, call_id: CallId) -> Ending:
    """What a gateway is to do after an answer that ends a call."""
    action = given.result.action
    kind: Any = action.type
    return Ending(
        call_id=call_id,
        type=kind,
        queue=action.queue,
        priority=action.priority,
        context_token=action.context_token,
        language=Language.GERMAN,
    )


__all__ = [
    "FakeReception",
    "FakeTalk",
    "FakeWire",
    "Watcher",
    "fake_ear",
    "quiet",
    "replace",
    "sound",
    "spoken",
]
