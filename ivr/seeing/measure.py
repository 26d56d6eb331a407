"""What can be measured, and the port to whoever adds it up.

A label's value is one of a closed set, and everything else is told as `other`: however odd the
values are that come, there are never more series, and none of them names anybody.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Protocol

OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """By what a measure is told apart."""

    name: str
    values: frozenset[str] = frozenset()
    """Those that are the same in every house. A house may know more, such as its queues."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """Something that happens; its sum only grows. Its name ends with `_total`."""

    name: str
    help: str
    labels: tuple[Label, ...] = ()
    is_read: bool = False
    """The sum is kept elsewhere, and read when it is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """How long something takes. Its name ends with `_seconds`."""

    name: str
    help: str
    buckets: tuple[float, ...]
    """Upper bounds, in seconds, growing."""

    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gauge:
    """How something stands when it is asked for."""

    name: str
    help: str
    labels: tuple[Label, ...] = ()


Measure = Counter | Histogram | Gauge

Known = Mapping[str, frozenset[str]]
"""Values of labels that this house has beside those of every house, by the label's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One figure, read when it is asked for."""

    of: Counter | Gauge
    value: float
    labels: tuple[str, ...] = ()
    """In the order of the measure's labels."""


Reading = Callable[[], Iterable[Sample]]
"""Reads what is not told by itself. What it raises costs its own figures, and nothing else."""


class Meter(Protocol):
    """Adds up. One per process; every thread may use it."""

    def count(self, what: Counter, *labels: str) -> None:
        """It happened once more. `labels` in the order of the measure's."""

    def time(self, what: Histogram, seconds: float, *labels: str) -> None:
        """It took so long."""

    def read(self, name: str, reading: Reading) -> None:
        """Ask `reading` whenever figures are asked for; `name` says which one failed."""

    def scrape(self) -> bytes:
        """All figures, in the text format of Prometheus. May take a while."""


def series_of(what: Measure, known: Known, *, most: int) -> Iterator[tuple[str, ...]]:
    """Every series that there can be but for `other`, or none where they are more than `most`.

    A rate can be told of a series that was there before anything happened.
    """
    values = [sorted(label.values | known.get(label.name, frozenset())) for label in what.labels]
    if prod(map(len, values)) <= most:
        yield from product(*values)


def closed(what: Measure, values: tuple[str, ...], known: Known) -> tuple[str, ...]:
    """The values of the labels as they may be told.

    Raises:
        ValueError: there are more or fewer values than labels.
    """
    pairs = zip(what.labels, values, strict=True)
    return tuple(_closed(label, value, known) for label, value in pairs)


def _closed(label: Label, value: str, known: Known) -> str:
    is_known = value in label.values or value in known.get(label.name, frozenset())
    return value if is_known else OTHER
