"""What a call has told about a voice, from turn to turn."""

import math
from dataclasses import dataclass, field, replace

from biometrics.speech import Speech
from biometrics.verification.verify import Outcome, Verdict
from biometrics.voiceprint import Vector

_DECIDED = (Outcome.ACCEPTED, Outcome.REJECTED, Outcome.SPOOF_SUSPECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ContinuousSettings:
    """How a voice is followed through a call."""

    step_ms: int = 1_000
    """New speech after which a caller who is still speaking is compared again."""

    window_ms: int = 3_000
    """The latest speech, compared by itself."""

    growth: float = 1.25
    """All speech of a voice is compared again when there is so many times as much of it."""

    longest_ms: int = 12_000
    """Speech of a call that is compared; the latest counts."""

    change_llr: float = -math.log(9)
    """Ratio of one voice to two under which the voice has changed: Bayes' threshold for one change
    in ten windows. With telephone-ecapa-0 on mu-law lines and windows of 3 s it notices about nine
    of ten strangers who take over from an enrolled voice, and in one of forty windows a change
    where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Standing:
    """What a call has told about a voice, from turn to turn; in memory only."""

    verdict: Verdict

    evidence: Speech | None = field(default=None, repr=False)
    """Speech of one voice that was compared."""

    voice: Vector | None = field(default=None, repr=False)
    """The voice in it."""

    pieces: Speech | None = field(default=None, repr=False)
    """Speech since then that was too little to compare."""


NOTHING_YET = Standing(verdict=Verdict(outcome=Outcome.INCONCLUSIVE))


def kept(before: Verdict, now: Verdict) -> Verdict:
    """A turn too short to be compared changes nothing that was found in the same call."""
    if before.outcome in _DECIDED:
        return replace(before, reasons=(f"{before.outcome.value} earlier in this call",))
    return now
