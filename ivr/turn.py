"""What a turn brings, what a call remembers, and what a turn leads to."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from biometrics import Ahead, Waveform, joined
from ivr.call import (
    Action,
    CallerNumber,
    CallId,
    Language,
    SlotsTold,
    Transcript,
    Understanding,
    Unheard,
)
from ivr.decide.dialogue import Dialogue
from ivr.decide.moment import Decision, Moment
from ivr.result import Result
from ivr.stopwatch import Times
from ivr.understand.baseline import Baseline
from ivr.verify.challenge import Challenge
from ivr.verify.evidence import Evidence


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Live:
    """A turn that was heard while it was spoken."""

    sound: Waveform
    words: Callable[[], Transcript | Unheard] = field(repr=False)
    """Its words, as soon as they are there."""

    read: tuple[Transcript, Understanding] | None = field(default=None, repr=False)
    """Words that were found on trial, and what they mean: if they are the turn's, nobody has to
    look for their meaning again."""

    ahead: Ahead | None = field(default=None, repr=False)
    """What was heard before it was certain that the turn is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """What to listen for, before anything of a turn has been said."""

    language: Language | None
    """None lets the recogniser find out."""

    names: tuple[str, ...] = field(default=(), repr=False)
    """Likely to be said."""

    dialogue: Dialogue
    needs_time: bool = False
    """The caller is given longer pauses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a turn seems to be that may not be over."""

    heard: Transcript | Unheard
    meaning: Understanding | None = None
    told: SlotsTold = field(default_factory=SlotsTold)
    """Of what was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What the line brought."""

    call_id: CallId
    number: CallerNumber
    audio: bytes = field(default=b"", repr=False)
    """A WAV file; may be empty where keys were typed."""

    keys: str = field(default="", repr=False)
    """Keys that were typed instead of speaking, of 0-9, * and #."""

    live: Live | None = None
    """Instead of a file."""

    said: Transcript | None = None
    """Words that the gateway recognised. There is no voice to verify then."""

    language: Language | None = None
    """What the gateway says the caller speaks."""

    source: str | None = None
    """Where the call came in, such as a gateway's name."""

    gateway: str = ""
    """A code of the way it came, such as twilio or rest."""

    event: str = ""
    """The same for the same turn, however often the gateway sends it; empty where nobody says."""

    began_at: datetime | None = None
    """When the call did, where the gateway streams it; aware."""

    may_answer_in_parts: bool = False
    """The answer can be said while the end of its prompt is still being made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoFar:
    """What is remembered of the call from turn to turn; see `kept_call` for where it may rest."""

    dialogue: Dialogue = field(default_factory=Dialogue)
    evidence: Evidence | None = None
    challenge: Challenge | None = None
    """Digits that the last prompt asked for; the next turn uses them up."""

    usual: Baseline = field(default_factory=Baseline)
    """How the caller usually sounds, in figures."""

    nonce: str = field(default_factory=lambda: secrets.token_hex(8), repr=False)
    """Drawn when the call begins."""

    stale: int = 0
    """Turns in a row in which nothing of the voice was compared."""

    spoken_in: Language | None = None
    """The language of the last prompt, for turns that hold no words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one turn led to."""

    result: Result
    sound: Waveform
    """The prompt, 8 kHz; how it begins, where there is a rest."""

    action: Action
    so_far: SoFar
    rest: tuple[Callable[[], Waveform], ...] = field(default=(), repr=False)
    """How the prompt goes on, in order. Each part may take a while, and raise CallProblem."""

    moment: Moment | None = field(default=None, repr=False)
    """What it was decided from; None where a part of the system failed."""

    decision: Decision | None = field(default=None, repr=False)

    times: Times | None = field(default=None, repr=False)
    """When each room worked on it."""

    failure: str = ""
    """Code of what failed, where this is an apology."""

    def whole(self) -> Waveform:
        """All of the prompt."""
        return self.prompt()

    @property
    def prompt(self) -> Callable[[], Waveform]:
        """All of the prompt, to be made later; it holds nothing else of the answer."""
        return partial(_whole, self.sound, self.rest)


def _whole(sound: Waveform, rest: tuple[Callable[[], Waveform], ...]) -> Waveform:
    parts = [part() for part in rest]
    return joined([sound, *parts]) if parts else sound
