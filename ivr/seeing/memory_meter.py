"""Figures in memory: the twin of those for Prometheus."""

from collections import Counter as Tally
from threading import Lock

from ivr.seeing.measure import Counter, Histogram, Known, Measure, Reading, closed
from ivr.seeing.measures import READING_FAILED

Series = tuple[str, tuple[tuple[str, str], ...]]
"""A measure's name, and its labels with their values."""


class MemoryMeter:
    """Adds up for as long as the process lives. Every thread may use it."""

    def __init__(self, known: Known | None = None) -> None:
        self._known = known or {}
        self._counts: Tally[Series] = Tally()
        self._times: dict[Series, list[float]] = {}
        self._readings: dict[str, Reading] = {}
        self._lock = Lock()

    def count(self, what: Counter, *labels: str) -> None:
        series = self._series(what, labels)
        with self._lock:
            self._counts[series] += 1

    def time(self, what: Histogram, seconds: float, *labels: str) -> None:
        series = self._series(what, labels)
        with self._lock:
            self._times.setdefault(series, []).append(seconds)

    def read(self, name: str, reading: Reading) -> None:
        self._readings[name] = reading

    def scrape(self) -> bytes:
        """One line a series, of a histogram how often and how long in all."""
        with self._lock:
            found: dict[Series, float] = dict(self._counts)
            for (name, labels), took in self._times.items():
                found[f"{name}_count", labels] = len(took)
                found[f"{name}_sum", labels] = sum(took)
        for name, reading in self._readings.items():
            found |= self._read(name, reading)
        return "".join(_line(series, value) for series, value in sorted(found.items())).encode()

    def counted(self, what: Counter, *labels: str) -> int:
        """How often it happened."""
        return self._counts[self._series(what, labels)]

    def timed(self, what: Histogram, *labels: str) -> list[float]:
        """How long it took each time, in seconds."""
        return list(self._times.get(self._series(what, labels), []))

    def _read(self, name: str, reading: Reading) -> dict[Series, float]:
        failed = self._series(READING_FAILED, (name,))
        try:
            samples = list(reading())
        except Exception:  # noqa: BLE001 - other figures are told all the same
            return {failed: 1}
        read: dict[Series, float] = {failed: 0}
        for one in samples:
            series = self._series(one.of, one.labels)
            read[series] = max(one.value, read.get(series, one.value))
        return read

    def _series(self, what: Measure, labels: tuple[str, ...]) -> Series:
        names = (label.name for label in what.labels)
        return what.name, tuple(zip(names, closed(what, labels, self._known), strict=True))


def _line(series: Series, value: float) -> str:
    name, labels = series
    told = ",".join(f'{label}="{of}"' for label, of in labels)
    return f"{name}{{{told}}} {value}\n" if told else f"{name} {value}\n"
