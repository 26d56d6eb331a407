"""Round figures for axes, and which labels there is room for."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_STEPS = (1, 2, 2.5, 5, 10)
_LINES = 4
"""Beside the one at the bottom, about so many lines are drawn across."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """From a value to its share of the height."""

    low: float
    high: float
    ticks: tuple[float, ...]

    def share(self, value: float) -> float:
        """0 at the bottom, 1 at the top; what lies outside stays at the edge."""
        return min(max((value - self.low) / (self.high - self.low), 0.0), 1.0)

    def times(self, unit: float) -> "Scale":
        """The same in a smaller unit."""
        ticks = tuple(tick * unit for tick in self.ticks)
        return Scale(low=self.low * unit, high=self.high * unit, ticks=ticks)


def unit_of_time(most_s: float) -> float:
    """Seconds, minutes or hours, in seconds, for a scale up to so many seconds."""
    return 1.0 if most_s < 2 * 60 else 60.0 if most_s < 2 * 3_600 else 3_600.0


def scale_of(values: Sequence[float], *, high: float | None = None, is_whole: bool = True) -> Scale:
    """From 0, or from the least where that is below 0, up to a round figure or to `high`."""
    least = min(values, default=0.0)
    most = max(values, default=0.0) if high is None else high
    step = round_step((most - min(least, 0.0)) / _LINES)
    if is_whole:
        step = max(1.0, step)
    low = math.floor(min(least, 0.0) / step) * step
    top = high if high is not None else max(math.ceil(most / step), 1) * step
    count = round((top - low) / step)
    return Scale(low=low, high=top, ticks=tuple(low + step * line for line in range(count + 1)))


def round_step(least: float) -> float:
    """The next of 1, 2, 2.5, 5 and 10, and their tenfold and tenth."""
    if least <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return power * next(step for step in _STEPS if step * power >= least * (1 - 1e-9))


def shown(labels: Sequence[str], *, most: int) -> Iterator[int]:
    """Places of labels there is room for, evenly apart."""
    apart = max(1, math.ceil(len(labels) / most))
    return iter(range(apart // 2 if len(labels) > most else 0, len(labels), apart))


def spread(places: Sequence[float], *, apart: float, low: float, high: float) -> list[float]:
    """The same places, moved so that no two are nearer than `apart`, as little as that takes."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved = list(places)
    floor = low
    for index in order:
        moved[index] = floor = max(moved[index], floor)
        floor += apart
    ceiling = high
    for index in reversed(order):
        moved[index] = ceiling = min(moved[index], ceiling)
        ceiling -= apart
    return moved
