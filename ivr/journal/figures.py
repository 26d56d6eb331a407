"""What questions about calls are answered with."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OverTime:
    """Calls, step by step."""

    starts: tuple[datetime, ...]
    """Beginnings of the steps, UTC; none is left out."""

    lines: Mapping[str, tuple[int, ...]]
    """By code, the most frequent first; one count a step."""

    @property
    def totals(self) -> tuple[int, ...]:
        return tuple(map(sum, zip(*self.lines.values(), strict=True))) or (0,) * len(self.starts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Some of all."""

    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        """0 to 1; None of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def bounds(self) -> tuple[float, float]:
        """Where the rate lies with 95 % certainty (Wilson's interval)."""
        if not self.whole:
            return 0.0, 1.0
        z, n = 1.96, self.whole
        rate, square = self.part / n, z * z
        middle = (rate + square / (2 * n)) / (1 + square / n)
        half = z * math.sqrt(rate * (1 - rate) / n + square / (4 * n * n)) / (1 + square / n)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """Calls that have one code."""

    code: str
    calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How a figure is spread; None where there is none."""

    count: int = 0
    mean: float | None = None
    median: float | None = None
    p90: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contained:
    """Calls that the machine ended by itself, step by step."""

    starts: tuple[datetime, ...]
    shares: tuple[Share, ...]
    overall: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Guessed:
    """Guesses from one kind of event as the reason of a call."""

    kind: str
    offered: int
    right: int
    wrong: int
    """What is neither was not answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How callers who were handed over were served."""

    waited: Spread
    """Seconds in the queue, of those who left too."""

    in_time: Share
    """Taken in less than `answer_within_s`, of all who waited, those who left included."""

    abandoned: Share
    answer_within_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """Seconds that a call took of the machine and of a person."""

    machine: Spread
    person: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """Time that nobody spent on answering questions about who they are."""

    verified: int
    """Calls whose voice was accepted."""

    by_questions_s: int
    """An assumption: what identifying one caller by questions takes."""

    took_s: int
    """From the beginning of those calls until the voice was accepted, though callers say what they
    want meanwhile: the saving is rather more than less."""

    @property
    def saved_s(self) -> int:
        return self.verified * self.by_questions_s - self.took_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Satisfaction:
    """What callers typed when they were asked, 1 to 5."""

    answers: int
    mean: float | None
    marks: tuple[int, int, int, int, int]
    """How many gave 1, 2, 3, 4 and 5."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """How well the recogniser heard in one step."""

    start: datetime
    calls: int
    confidence: float | None
    """Mean over calls, 0 to 1, to the hundredth below."""

    fallbacks: int
    """Turns that another recogniser than the preferred one heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What the people who took the calls say of the machine's part."""

    person: Share
    """It was who we thought."""

    false_accepts: Share
    """Voices that were accepted and were somebody else's, of the accepted ones that were judged."""

    intent: Share
    """It was about what we thought."""

    solved: Share


def spread_of(seconds: Counter[int]) -> Spread:
    """Of figures and how often each occurs."""
    count = seconds.total()
    if not count:
        return Spread()
    mean = sum(value * often for value, often in seconds.items()) / count
    return Spread(count=count, mean=mean, median=quantile(seconds, 0.5), p90=quantile(seconds, 0.9))


def quantile(figures: Counter[int], share: float) -> float:
    """The smallest figure that at least this share does not exceed."""
    below, wanted = 0, share * figures.total()
    for value in sorted(figures):
        below += figures[value]
        if below >= wanted:
            return float(value)
    return math.nan
