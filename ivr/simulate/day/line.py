"""The caller's end of the line: what is said or typed becomes a turn, in text or in sound."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from biometrics import SubjectId, Waveform
from ivr.call import Language, Transcript
from ivr.simulate.day.caller import HangsUp, Move, Says, Silent, Types
from ivr.simulate.day.plan import Planned, Speaker
from ivr.simulate.day.words import chance, garbled
from ivr.studio import Timbre
from ivr.turn import Turn

ENGINE = "made-up"

_FALLBACK_SHARE = 0.02
_THINKING = timedelta(milliseconds=700)
_PER_WORD = timedelta(milliseconds=380)
_PER_LETTER = timedelta(milliseconds=62)
"""Of a prompt: about 160 words a minute."""

_RATE_HZ = 8_000
_QUIET = 0.0005
"""A quiet line is not digital zero."""

_ANOTHER = {
    Language.GERMAN: Timbre(engine="pico-de", formants=0.9, pitch=1.2, tempo=1.0),
    Language.ENGLISH: Timbre(engine="hibari", formants=1.25, tempo=1.0),
}
"""Somebody else at the customer's telephone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Of every made-up caller."""

    draw: np.random.Generator
    say: Callable[[str, Timbre], Waveform]
    as_wav: Callable[[Waveform], bytes]
    timbres: Mapping[SubjectId, Timbre]
    """Of those who really speak."""

    def turn(self, call: Planned, move: Says | Types | Silent) -> Turn:
        turn = Turn(call_id=call.id, number=call.number, gateway="simulated", began_at=call.at)
        match move:
            case Types(keys=keys):
                return replace(turn, keys=keys)
            case Silent():
                return replace(turn, audio=self._silence())
            case Says(text=text) if call.is_heard:
                return replace(turn, audio=self.as_wav(self.say(text, self._timbre(call))))
            case Says(text=text):
                return replace(turn, said=self._heard(call, text))

    def _heard(self, call: Planned, text: str) -> Transcript:
        lost = call.temper.lost_words
        sure = float(self.draw.beta(14, 2)) - lost / 2
        is_fallback = chance(self.draw, _FALLBACK_SHARE)
        return Transcript(
            text=garbled(text, self.draw, lost=lost),
            language=call.language,
            confidence=min(1.0, max(0.05, sure)),
            engine=ENGINE,
            fallback="load" if is_fallback else "",
        )

    def _timbre(self, call: Planned) -> Timbre:
        if call.customer is None or call.speaker is Speaker.SOMEBODY_ELSE:
            return _ANOTHER[call.language]
        return self.timbres[call.customer.caller.subject]

    def _silence(self) -> bytes:
        hiss = self.draw.standard_normal(_RATE_HZ * 2) * _QUIET
        return self.as_wav(Waveform(samples=hiss.astype(np.float32), rate_hz=_RATE_HZ))


def takes(move: Move) -> timedelta:
    """How long the caller is at it."""
    match move:
        case Says(text=text):
            return _THINKING + len(text.split()) * _PER_WORD
        case Types(keys=keys):
            return _THINKING + len(keys) * _PER_WORD
        case Silent():
            return timedelta(seconds=4)
        case HangsUp():
            return _THINKING


def lasts(prompt: str) -> timedelta:
    """How long it takes to say."""
    return len(prompt) * _PER_LETTER
