"""Figures for Prometheus. Nothing else in this package imports its client."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from threading import Lock

from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
    start_http_server,
)
from prometheus_client import Counter as TotalOf
from prometheus_client import Histogram as TimesOf
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ivr.seeing.measure import (
    Counter,
    Gauge,
    Histogram,
    Known,
    Measure,
    Reading,
    Sample,
    closed,
    series_of,
)
from ivr.seeing.measures import READING_FAILED

_HERE = "127.0.0.1"
_MOST_AT_FIRST = 64
"""Series of one measure that are there before anything has happened."""

# They tell when each series began, and would double the number of all series.
disable_created_metrics()  # type: ignore[no-untyped-call]


class PrometheusMeter:
    """Adds up in a registry of its own. One per process; every thread may use it."""

    def __init__(self, measures: Sequence[Measure], known: Known | None = None) -> None:
        """What is not in `measures` cannot be told."""
        self._known = known or {}
        self._registry = CollectorRegistry()
        self._counters = {
            one: self._counter(one)
            for one in measures
            if isinstance(one, Counter) and not one.is_read
        }
        self._times = {one: self._histogram(one) for one in measures if isinstance(one, Histogram)}
        self._read = _Read(self._known)
        self._registry.register(self._read)
        ProcessCollector(registry=self._registry)
        GCCollector(registry=self._registry)

    def count(self, what: Counter, *labels: str) -> None:
        counter, values = self._counters[what], closed(what, labels, self._known)
        (counter.labels(*values) if values else counter).inc()

    def time(self, what: Histogram, seconds: float, *labels: str) -> None:
        histogram, values = self._times[what], closed(what, labels, self._known)
        (histogram.labels(*values) if values else histogram).observe(seconds)

    def read(self, name: str, reading: Reading) -> None:
        self._read.readings[name] = reading

    def scrape(self) -> bytes:
        return generate_latest(self._registry)

    @contextmanager
    def serving(self, port: int) -> Iterator[int]:
        """Answer on this machine alone, to whoever asks there; the value is the port.

        Raises:
            OSError: the port is taken.
        """
        server, thread = start_http_server(port, addr=_HERE, registry=self._registry)
        try:
            yield server.server_port
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def _counter(self, one: Counter) -> TotalOf:
        counter = TotalOf(one.name, one.help, _names(one), registry=self._registry)
        self._begin(one, counter)
        return counter

    def _histogram(self, one: Histogram) -> TimesOf:
        histogram = TimesOf(
            one.name, one.help, _names(one), buckets=one.buckets, registry=self._registry
        )
        self._begin(one, histogram)
        return histogram

    def _begin(self, one: Measure, kept: TotalOf | TimesOf) -> None:
        if one.labels:
            for values in series_of(one, self._known, most=_MOST_AT_FIRST):
                kept.labels(*values)


class _Read(Collector):
    """Figures that are read when they are asked for."""

    def __init__(self, known: Known) -> None:
        self.readings: dict[str, Reading] = {}
        self._known = known
        self._lock = Lock()

    def collect(self) -> Iterator[Metric]:
        found: dict[Counter | Gauge, dict[tuple[str, ...], float]] = {}
        with self._lock:  # one at a time: each may ask the database
            for name, reading in tuple(self.readings.items()):
                for sample in _samples(name, reading):
                    series = found.setdefault(sample.of, {})
                    labels = closed(sample.of, sample.labels, self._known)
                    # Several that are all told as `other` are told once.
                    series[labels] = max(sample.value, series.get(labels, sample.value))
        yield from (_family(what, series) for what, series in found.items())

    def describe(self) -> Iterable[Metric]:
        """Nothing is read when it is registered."""
        return ()


def _family(
    what: Counter | Gauge, series: dict[tuple[str, ...], float]
) -> CounterMetricFamily | GaugeMetricFamily:
    kind = CounterMetricFamily if isinstance(what, Counter) else GaugeMetricFamily
    family = kind(what.name, what.help, labels=_names(what))
    for labels, value in series.items():
        family.add_metric(labels, value)
    return family


def _samples(name: str, reading: Reading) -> list[Sample]:
    try:
        read = list(reading())
    except Exception:  # noqa: BLE001 - other figures are told all the same
        return [Sample(of=READING_FAILED, value=1, labels=(name,))]
    return [*read, Sample(of=READING_FAILED, value=0, labels=(name,))]


def _names(one: Measure) -> list[str]:
    return [label.name for label in one.labels]
