"""How sure we are of a caller, as a picture and in words."""

from dataclasses import dataclass
from math import exp
from typing import Final

from ivr.handover.context import Evidence

_WIDEST: Final = 10.0
"""Of llrs; beyond it the mark stands at the edge."""

_MOST_TIMES: Final = 1_000
"""What lies beyond was never measured on so many people."""

TONES: Final = {
    "accepted": "info",
    "rejected": "bad",
    "spoof_suspected": "bad",
    "inconclusive": "warn",
    "expired": "warn",
}
"""Of badges; accepted is no green light."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Where the score lies, from 0 (somebody else) to 100 (the customer)."""

    score: float
    threshold: float
    is_above: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How many times better the voice fits the one than the other."""

    number: int
    fits_customer: bool
    is_more: bool
    """Than the number; nothing finer can be said."""


def scale(evidence: Evidence) -> Scale | None:
    """None where no voice was compared."""
    if evidence.llr is None or evidence.threshold is None:
        return None
    return Scale(
        score=_place(evidence.llr),
        threshold=_place(evidence.threshold),
        is_above=evidence.llr >= evidence.threshold,
    )


def times(evidence: Evidence) -> Times | None:
    if evidence.llr is None:
        return None
    ratio = exp(min(abs(evidence.llr), _WIDEST))
    return Times(
        number=_rounded(min(ratio, _MOST_TIMES)),
        fits_customer=evidence.llr >= 0,
        is_more=ratio > _MOST_TIMES,
    )


def _place(llr: float) -> float:
    held = max(-_WIDEST, min(_WIDEST, llr))
    return round((held + _WIDEST) / (2 * _WIDEST) * 100, 1)


def _rounded(number: float) -> int:
    """To one digit that means something: 487 is no better known than 500."""
    digits = len(str(int(number))) - 1
    return int(round(number / 10**digits) * 10**digits)
