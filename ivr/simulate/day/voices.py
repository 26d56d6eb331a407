"""Verdicts on voices that nobody heard: for simulated days, and for nothing else.

Ratios are drawn from plausible distributions in place of a comparison of sounds; everything around
it - who has a voiceprint, failed attempts, lock-outs, signs that take an acceptance away - is what
real calls pass.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from biometrics import (
    EncoderId,
    MemoryStore,
    OptedOut,
    Outcome,
    Sign,
    Speech,
    Standing,
    SubjectId,
    Verdict,
    Voiceprint,
)
from ivr.simulate.day.people import Customer, Print
from ivr.simulate.day.plan import Speaker

_THRESHOLD = 3.9
_REJECTED_BELOW = -1.5
_PER_TURN_MS = 2_600
_SPREAD_OF_TURNS = 1.2
_RATIOS = {
    Speaker.CUSTOMER: (9.0, 3.2),
    Speaker.SOMEBODY_ELSE: (-5.5, 3.0),
    Speaker.RECORDING: (8.0, 2.5),
}
"""Mean and deviation over calls; one turn differs from the next by less."""

_ENCODER = EncoderId("simulated")
_ENROLLED_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""Nothing is made of it: the judge is ours."""

_REPLAY = Sign(
    name="exact_replay",
    risk=0.97,
    is_spoof=True,
    may_gate=True,
    reason="the same sound was heard before",
)


@dataclass(slots=True, kw_only=True)
class SimulatedVoices:
    """Judge and detector in one; whose turn it is to speak is set before each call."""

    draw: np.random.Generator
    store: MemoryStore = field(default_factory=MemoryStore)
    """Who has a voiceprint, which holds nothing, and who refused one."""

    _ratio: float = 0.0
    _speaker: Speaker = Speaker.CUSTOMER

    def know(self, people: Iterable[Customer]) -> None:
        for one in people:
            match one.print:
                case Print.KEPT:
                    self.store.put(_print(one.caller.subject))
                case Print.REFUSED:
                    self.store.opt_out(one.caller.subject)
                case Print.NONE:
                    pass

    def begin(self, speaker: Speaker) -> None:
        """The next call is spoken by this voice."""
        mean, deviation = _RATIOS[speaker]
        self._speaker = speaker
        self._ratio = float(self.draw.normal(mean, deviation))

    def judge(
        self,
        found: Voiceprint | OptedOut | None,
        turn: Speech,
        so_far: Standing | None,
        now: datetime,
    ) -> Standing:
        del now
        if found is None:
            return _undecided(turn, Outcome.NOT_ENROLLED, "there is no voiceprint")
        if isinstance(found, OptedOut):
            return _undecided(turn, Outcome.OPTED_OUT, "the caller refused recognition")
        net_ms = _PER_TURN_MS + (so_far.verdict.net_speech_ms if so_far else 0)
        return Standing(verdict=self._verdict(net_ms), evidence=turn)

    def signs(self, subject: SubjectId, turn: Speech, now: datetime) -> tuple[Sign, ...]:
        del subject, turn, now
        return (_REPLAY,) if self._speaker is Speaker.RECORDING else ()

    def _verdict(self, net_ms: int) -> Verdict:
        ratio = self._ratio + float(self.draw.normal(0, _SPREAD_OF_TURNS))
        outcome, reason = Outcome.INCONCLUSIVE, "too close to call"
        if ratio >= _THRESHOLD:
            outcome, reason = Outcome.ACCEPTED, "the voice is the caller's"
        elif ratio < _REJECTED_BELOW:
            outcome, reason = Outcome.REJECTED, "the voice is somebody else's"
        return Verdict(
            outcome=outcome,
            reasons=(reason,),
            score=float(np.tanh((ratio + 8) / 24)),
            llr=ratio,
            threshold=_THRESHOLD,
            net_speech_ms=net_ms,
            encoder=_ENCODER,
        )


def _print(subject: SubjectId) -> Voiceprint:
    return Voiceprint(
        subject=subject,
        encoder=_ENCODER,
        vector=np.zeros(1, dtype=np.float32),
        net_speech_ms=12_000,
        recordings=3,
        enrolled_at=_ENROLLED_AT,
    )


def _undecided(turn: Speech, outcome: Outcome, reason: str) -> Standing:
    return Standing(verdict=Verdict(outcome=outcome, reasons=(reason,)), evidence=turn)
