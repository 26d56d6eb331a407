"""Scripted rooms, for tests of what lies around them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from biometrics import Outcome, Span, Speech, Verdict, Waveform, joined
from ivr.call import (
    Intent,
    Language,
    Line,
    Queue,
    Say,
    Transcript,
    Unknown,
)
from ivr.decide.moment import Decision, Moment, decided
from ivr.rooms import Rooms
from ivr.verify.evidence import Evidence

SOUND = Waveform(samples=np.zeros(800, dtype=np.float32), rate_hz=8000)
HEARD = Transcript(text="ein Wort", language=Language.GERMAN, confidence=0.9, engine="fake")
SPEECH = Speech(waveform=SOUND, spans=(Span(start_ms=0, end_ms=100),))


@dataclass(frozen=True)
class FakeSpoken:
    text: str
    first: Waveform = SOUND
    rest: tuple[Callable[[], Waveform], ...] = ()

    @property
    def sound(self) -> Waveform:
        return joined([self.first, *(part() for part in self.rest)]) if self.rest else self.first


def say_done(moment: Moment) -> Decision:
    return decided(moment, Say(lines=(Line(key="tell.done"),)), "a reason")


def scripted_rooms(**changes: Callable[..., object]) -> Rooms:
    """Rooms that agree to everything; name the ones that do not."""
    usual: dict[str, object] = {
        "listen": lambda _audio: SPEECH,
        "identify": lambda _number: Unknown(),
        "verify": lambda *_: Evidence(subject=None, verdict=Verdict(outcome=Outcome.NOT_ENROLLED)),
        "transcribe": lambda *_: HEARD,
        "understand": lambda *_: Intent(name="go", confidence=0.9),
        "decide": say_done,
        "speak": lambda lines, *_, **__: FakeSpoken(text=" ".join(line.key for line in lines)),
        "fallback": Queue(lines=(Line(key="tell.apology"),), queue="agents", priority=50),
    }
    return Rooms(**{**usual, **changes})  # type: ignore[arg-type]
