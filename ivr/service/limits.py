"""How much one source may ask for at a time, counted in a memory that does not grow."""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from ivr.settings import LimitSettings

_REMEMBERED = 8
"""Credentials, as digests, that one source has shown rightly, and as many that were wrong."""

_AT_ONCE_S = 1.0
"""After this time something that goes on may be over."""


class Kind(StrEnum):
    """What is counted, each by itself."""

    REQUEST = "request"
    CALL = "call"
    HANDSHAKE = "handshake"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A bucket of `burst` tokens into which `per_s` fall every second."""

    per_s: float
    burst: float


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at_s: float

    def wait_s(self, rate: Rate, now_s: float) -> float:
        """How long until a token is there; 0 is now."""
        self.tokens = min(rate.burst, self.tokens + (now_s - self.at_s) * rate.per_s)
        self.at_s = now_s
        if self.tokens >= 1:
            return 0.0
        return (1 - self.tokens) / rate.per_s if rate.per_s > 0 else float("inf")


@dataclass(slots=True)
class _Source:
    buckets: dict[Kind, _Bucket] = field(default_factory=dict)
    known: OrderedDict[bytes, None] = field(default_factory=OrderedDict)
    wrong: OrderedDict[bytes, None] = field(default_factory=OrderedDict)


class Limits:
    """Of the latest `settings.sources` sources. For one event loop."""

    def __init__(self, settings: LimitSettings, *, clock: Callable[[], float]) -> None:
        """`clock` counts seconds and never goes back."""
        self._settings = settings
        self._clock = clock
        self._sources: OrderedDict[str, _Source] = OrderedDict()
        self._open: Counter[str] = Counter()
        self._rates = {
            Kind.REQUEST: Rate(per_s=settings.requests_per_s, burst=settings.requests_burst),
            Kind.CALL: Rate(per_s=settings.calls_per_s, burst=settings.calls_burst),
            Kind.HANDSHAKE: Rate(per_s=settings.handshakes_per_s, burst=settings.handshakes_burst),
            Kind.FAILURE: Rate(per_s=1 / settings.forgive_failure_s, burst=settings.failures_burst),
        }

    def enter(self, source: str, kinds: Iterable[Kind]) -> float:
        """0 where it may, and then `leave` follows; otherwise seconds to wait, nothing taken."""
        if self._open[source] >= self._settings.at_once:
            return _AT_ONCE_S
        buckets = [(self._rates[kind], self._bucket(source, kind)) for kind in kinds]
        now_s = self._clock()
        wait_s = max((bucket.wait_s(rate, now_s) for rate, bucket in buckets), default=0.0)
        if wait_s == 0:
            for _, bucket in buckets:
                bucket.tokens -= 1
            self._open[source] += 1
        return wait_s

    def leave(self, source: str) -> None:
        """What entered is over."""
        self._open[source] -= 1
        if self._open[source] <= 0:
            del self._open[source]

    def closed_s(self, source: str, credential: bytes) -> float:
        """Seconds for which a source that failed too often may show nothing new; 0 is open.

        What it has shown before may be shown again: it is no guess, and a tool with a stale key
        neither stops the calls from there nor is told anything but that.
        """
        seen = self._source(source)
        if credential in seen.known or credential in seen.wrong:
            return 0.0
        return self._bucket(source, Kind.FAILURE).wait_s(self._rates[Kind.FAILURE], self._clock())

    def failed(self, source: str, credential: bytes) -> None:
        """It showed something that opens nothing; the same again is no other guess."""
        seen = self._source(source)
        if credential not in seen.wrong:
            self._bucket(source, Kind.FAILURE).tokens -= 1
        seen.known.pop(credential, None)
        _remember(seen.wrong, credential)

    def succeeded(self, source: str, credential: bytes) -> None:
        """It showed something that is valid."""
        seen = self._source(source)
        seen.wrong.pop(credential, None)
        _remember(seen.known, credential)

    def _bucket(self, source: str, kind: Kind) -> _Bucket:
        buckets = self._source(source).buckets
        if kind not in buckets:
            buckets[kind] = _Bucket(self._rates[kind].burst, self._clock())
        return buckets[kind]

    def _source(self, name: str) -> _Source:
        source = self._sources.setdefault(name, _Source())
        self._sources.move_to_end(name)
        while len(self._sources) > self._settings.sources:
            self._sources.popitem(last=False)
        return source


def _remember(seen: OrderedDict[bytes, None], credential: bytes) -> None:
    seen[credential] = None
    seen.move_to_end(credential)
    if len(seen) > _REMEMBERED:
        seen.popitem(last=False)
