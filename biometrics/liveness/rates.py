"""How often machines pass and people are stopped: APCER and BPCER of ISO/IEC 30107-3.

APCER is the share of attacks of one kind that are taken for people; it is told kind by kind, as a
mean would hide the worst. BPCER is the share of people who are taken for machines.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biometrics.errors import TooFewTrials

CONFIDENCE_Z = 1.96
"""Of 95 %, both sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share with its limits, 95 % confidence, trials taken as independent."""

    errors: int
    trials: int

    @property
    def share(self) -> float:
        return self.errors / self.trials

    @property
    def limits(self) -> tuple[float, float]:
        """Wilson, JASA 22 (1927) 209; with no error at all, or nothing else, the rule of three."""
        if self.errors in (0, self.trials):
            three = min(3 / self.trials, 1.0)
            return (0.0, three) if self.errors == 0 else (1.0 - three, 1.0)
        n, z2 = self.trials, CONFIDENCE_Z**2
        middle = (self.share + z2 / (2 * n)) / (1 + z2 / n)
        spread = self.share * (1 - self.share) / n + z2 / (4 * n * n)
        reach = CONFIDENCE_Z * math.sqrt(spread) / (1 + z2 / n)
        return max(middle - reach, 0.0), min(middle + reach, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class LivenessFigures:
    """Errors of one detector at its threshold."""

    bpcer: Rate
    apcer: Mapping[str, Rate]
    """By kind of attack."""
    unanswered: int
    """Recordings too short to be judged: counted nowhere else."""
    eer: float
    """Where both shares would be alike, all attacks together; what no threshold improves."""

    def as_json(self) -> dict[str, object]:
        return {
            "bpcer": _plain(self.bpcer),
            "apcer": {kind: _plain(rate) for kind, rate in self.apcer.items()},
            "worst_apcer": max(rate.share for rate in self.apcer.values()),
            "eer": self.eer,
            "unanswered": self.unanswered,
        }


def liveness_figures(
    people: Sequence[float | None],
    attacks: Mapping[str, Sequence[float | None]],
    *,
    threshold: float,
) -> LivenessFigures:
    """The errors of scores, higher for machines, taken for machines from `threshold` on.

    Raises:
        TooFewTrials: there is no score of people, or none of a kind of attack.
    """
    heard = _answered(people)
    made = {kind: _answered(scores) for kind, scores in attacks.items()}
    if not len(heard) or not made or not all(len(scores) for scores in made.values()):
        raise TooFewTrials("People and every kind of attack need a recording that can be judged.")
    asked = len(people) + sum(len(scores) for scores in attacks.values())
    answered = len(heard) + sum(len(scores) for scores in made.values())
    return LivenessFigures(
        bpcer=Rate(errors=int(np.sum(heard >= threshold)), trials=len(heard)),
        apcer={
            kind: Rate(errors=int(np.sum(scores < threshold)), trials=len(scores))
            for kind, scores in made.items()
        },
        unanswered=asked - answered,
        eer=_eer(heard, np.concatenate(list(made.values()))),
    )


def threshold_at_bpcer(people: Sequence[float], bpcer: float) -> float:
    """The lowest threshold from which on at most `bpcer` of the people are stopped.

    Raises:
        TooFewTrials: there is nobody.
    """
    ordered = np.sort(np.asarray(people, dtype=np.float64))[::-1]
    if not len(ordered):
        raise TooFewTrials("There is nobody to choose a threshold by.")
    allowed = min(int(bpcer * len(ordered) + 1e-9), len(ordered) - 1)
    return float(np.nextafter(ordered[allowed], math.inf))


def _eer(people: NDArray[np.float64], machines: NDArray[np.float64]) -> float:
    thresholds = np.unique(np.concatenate([people, machines]))
    stopped = 1 - np.searchsorted(np.sort(people), thresholds, side="left") / len(people)
    passed = np.searchsorted(np.sort(machines), thresholds, side="left") / len(machines)
    place = int(np.argmin(np.abs(stopped - passed)))
    return float((stopped[place] + passed[place]) / 2)


def _answered(scores: Iterable[float | None]) -> NDArray[np.float64]:
    return np.array([score for score in scores if score is not None], dtype=np.float64)


def _plain(rate: Rate) -> dict[str, object]:
    return {
        "errors": rate.errors,
        "trials": rate.trials,
        "share": rate.share,
        "limits": list(rate.limits),
    }
