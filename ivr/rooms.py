"""What each room does, as the corridor between them needs it."""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from biometrics import Ahead, Speech, Waveform
from ivr.call import (
    Caller,
    CallerNumber,
    CustomerId,
    Expected,
    Language,
    Line,
    Mood,
    Queue,
    SlotsTold,
    Transcript,
    Understanding,
    Unheard,
    Unknown,
)
from ivr.decide.guess import History
from ivr.decide.moment import Decision, Moment, Trouble
from ivr.errand import Errand, Served
from ivr.sending import Posted, Sending
from ivr.step_up import StepUp
from ivr.understand.baseline import Baseline
from ivr.verify.attempts import Origin
from ivr.verify.evidence import Evidence
from ivr.verify.pins import PinRoom


class Felt(Protocol):
    """How the caller fares, by the words and, where that is on, by the voice."""

    @property
    def mood(self) -> Mood: ...
    @property
    def baseline(self) -> Baseline:
        """How the caller usually sounds, as far as this call has told."""

    @property
    def reasons(self) -> tuple[str, ...]: ...


class Spoken(Protocol):
    """What was said, to read and to hear."""

    @property
    def text(self) -> str: ...
    @property
    def sound(self) -> Waveform:
        """All of it, 8 kHz; may take a while, and fail as `Speak`."""

    @property
    def first(self) -> Waveform:
        """How it begins."""

    @property
    def rest(self) -> tuple[Callable[[], Waveform], ...]:
        """How it goes on; each may take a while, and fail as `Speak`."""


class Speak(Protocol):
    """Lines as sound."""

    def __call__(
        self,
        lines: tuple[Line, ...],
        language: Language,
        attempt: int = 0,
        *,
        is_slow: bool = False,
    ) -> Spoken:
        """`attempt` counts how often the same was asked before."""


class News(Protocol):
    """What has happened that a caller should hear of first."""

    def __call__(
        self,
        caller: Caller | Unknown,
        number: CallerNumber,
        *,
        is_proven: bool,
        told: Collection[str],
        now: datetime,
    ) -> Trouble | None:
        """`told` are the incidents that were told in this call already."""


def _no_time_needed(_: Caller, __: date) -> bool:
    return False


def _no_keys(_: Waveform) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unfelt:
    baseline: Baseline
    mood: Mood = Mood.NEUTRAL
    reasons: tuple[str, ...] = ()


def _unfelt(_: Transcript | Unheard, __: Speech, usual: Baseline) -> Felt:
    return _Unfelt(baseline=usual)


def _no_note(*_: object) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rooms:
    """What each room does, ready for use."""

    listen: Callable[[bytes | Waveform], Speech]
    """Of a file, or of sound that came over a live line."""

    identify: Callable[[CallerNumber], Caller | Unknown]
    verify: Callable[[Caller | Unknown, Speech, Evidence | None, datetime, Origin], Evidence]
    transcribe: Callable[[Speech, Language | None, tuple[str, ...]], Transcript | Unheard]
    """The last are names that are likely to be said."""

    understand: Callable[[Transcript, date], Understanding]
    decide: Callable[[Moment], Decision]
    speak: Speak
    fallback: Queue
    """Where callers go when a room fails."""

    needs_time: Callable[[Caller, date], bool] = _no_time_needed
    """Whether a customer is given longer pauses; that much an impostor may notice."""

    feel: Callable[[Transcript | Unheard, Speech, Baseline], Felt] = _unfelt
    keys_in: Callable[[Waveform], str] = _no_keys
    """Keys whose tones are in the sound of a turn."""

    read: Callable[[Expected, str, Language, date], SlotsTold] | None = None
    """Slots that an answer tells, of those that were expected."""

    serve: Callable[[Errand], Served] | None = None
    """Runs an errand in the business system; without it no policy has tasks."""

    told: Callable[[Moment, Decision, Served], Decision] | None = None
    """What is decided once an errand has an outcome."""

    post: Callable[[Sending, Language, datetime], Posted] | None = None
    """Sends a link to a page; without it no policy lets anything be sent."""

    posted: Callable[[Moment, Decision, Posted], Decision] | None = None
    """What is decided once it is on its way, or is not."""

    news: News | None = None

    recall: Callable[[Caller], History] | None = None
    """What became of earlier guesses about a caller."""

    done_by_link: Callable[[CustomerId], Mapping[str, datetime]] | None = None
    """Requests that a customer had done by a link, and when it was sent."""

    pins: PinRoom | None = None
    """Compares PINs; without it nobody is asked for one."""

    note: Callable[[Moment, Decision], object] = _no_note
    """Told of every turn once it is decided; whatever it does must neither fail nor take long."""

    ahead: Callable[[], AbstractContextManager[Ahead]] | None = None
    """What is heard inside need not be heard again while the answer is held; without it nothing is
    heard before a turn is over."""

    rehearse: Callable[[Speech, Evidence | None], object] = _no_note
    """Hears a turn as `verify` will. Changes nothing, and reads nothing of anybody."""

    step_up: StepUp | None = None
    """Asks to repeat digits; without it no policy may ask for them."""
