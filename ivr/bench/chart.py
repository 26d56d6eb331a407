"""One table of figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from statistics import quantiles
from typing import Self


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One table of figures."""

    title: str
    made_by: str
    """What was measured, and the command that measures it on anything else."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    is_headline: bool = False
    """Shown in the README too."""

    short: Self | None = None
    """What the README shows of it, where the whole of it is too long for that."""

    def markdown(self, level: str) -> str:
        head = f"| {' | '.join(self.columns)} |\n|{'---|' * len(self.columns)}\n"
        body = "".join(f"| {' | '.join(row)} |\n" for row in self.rows)
        return f"{level} {self.title}\n\n{self.made_by}\n\n{head}{body}"


def percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %"


def at_most(events: int, trials: int) -> float:
    """The share above which so few events would be seen in 5 of 100 cases (Clopper-Pearson)."""
    if events >= trials:
        return 1.0
    low, high = events / trials, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        if _so_few(events, trials, middle) > 0.05:  # noqa: PLR2004 - see above
            low = middle
        else:
            high = middle
    return high


def _so_few(events: int, trials: int, share: float) -> float:
    """Chance of at most so many events."""
    return sum(
        comb(trials, seen) * share**seen * (1 - share) ** (trials - seen)
        for seen in range(events + 1)
    )


def pooled(shares: Sequence[float | None], counts: Sequence[int]) -> float:
    """The share of all, from shares of so many each."""
    parts = zip(shares, counts, strict=True)
    return sum((share or 0.0) * count for share, count in parts) / max(sum(counts), 1)


def p95(values: Sequence[float]) -> float:
    """The 95th percentile; of fewer than two values the largest, of none 0."""
    if len(values) < 2:  # noqa: PLR2004 - a quantile needs two
        return float(max(values, default=0.0))
    return quantiles(values, n=20)[-1]
