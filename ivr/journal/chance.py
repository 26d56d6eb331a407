"""How likely a count is by chance, where counts vary more than Poisson's do."""

import math
from collections.abc import Sequence

_NEGLIGIBLE = 1e-12


def at_least(count: int, *, mean: float, variance: float) -> float:
    """Probability of `count` or more of a negative binomial; Poisson where the two are equal."""
    size = mean * mean / (variance - mean) if variance > mean else math.inf
    if count <= mean:
        return 1.0 - _below(count, mean, size)
    term, total, value = math.exp(_log_probability(count, mean, size)), 0.0, count
    while term > total * _NEGLIGIBLE:  # beyond the mean every term is smaller than the one before
        total += term
        term *= _next_ratio(value, mean, size)
        value += 1
    return total


def discoveries(chances: Sequence[float], *, false_share: float) -> list[bool]:
    """Which to believe so that about this share of those is false (Benjamini and Hochberg 1995)."""
    ranked = sorted(chances)
    allowed = [
        chance
        for rank, chance in enumerate(ranked, start=1)
        if chance <= false_share * rank / len(ranked)
    ]
    bound = max(allowed, default=-1.0)
    return [chance <= bound for chance in chances]


def _below(count: int, mean: float, size: float) -> float:
    if count <= 0:
        return 0.0
    value = count - 1
    term, total = math.exp(_log_probability(value, mean, size)), 0.0
    while value >= 0 and term > total * _NEGLIGIBLE:
        total += term
        term = term / _next_ratio(value - 1, mean, size) if value else 0.0
        value -= 1
    return total


def _log_probability(count: int, mean: float, size: float) -> float:
    if math.isinf(size):
        return count * math.log(mean) - mean - math.lgamma(count + 1)
    return (
        math.lgamma(size + count)
        - math.lgamma(size)
        - math.lgamma(count + 1)
        + size * math.log(size / (size + mean))
        + count * math.log(mean / (size + mean))
    )


def _next_ratio(value: int, mean: float, size: float) -> float:
    """Of the probability of `value` + 1 to that of `value`."""
    if math.isinf(size):
        return mean / (value + 1)
    return (size + value) / (value + 1) * mean / (size + mean)
