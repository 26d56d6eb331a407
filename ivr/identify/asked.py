"""A source as calls ask it: once for all who wait, never longer than they may, remembered."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass
from functools import partial
from threading import Lock

from ivr.breaker import Breaker
from ivr.identify.fact import Answer, Failed, Why
from ivr.identify.kept import KeptAnswers
from ivr.identify.source import Source
from ivr.marks import carried
from ivr.trace import trace

log = logging.getLogger(__name__)

_WAITING_PER_THREAD = 4
"""Questions that may wait for each one that is being asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flight:
    """A question that is on its way."""

    answer: Future[Answer]
    begun: float
    """In seconds of the even clock."""


class AskedSource:
    """One source, its threads, its memory and its breaker. Every thread may ask it."""

    def __init__(  # noqa: PLR0913 - everything that stands between calls and a source
        self,
        name: str,
        source: Source,
        kept: KeptAnswers,
        breaker: Breaker,
        *,
        at_once: int,
        clock: Callable[[], float],
    ) -> None:
        """`clock` runs evenly, in seconds. Most `at_once` questions are asked at a time."""
        self.name = name
        self._source = source
        self._kept = kept
        self._breaker = breaker
        self._clock = clock
        self._most_flights = at_once * (1 + _WAITING_PER_THREAD)
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix=f"source-{name}")
        self._flights: dict[str, Flight] = {}
        self._lock = Lock()

    def begin(self, key: str) -> Answer | Flight:
        """An answer that may be used, or the question on its way. Waits for nothing.

        A stale answer is used, and asked for anew behind the caller's back.
        """
        now = self._clock()
        with self._lock:
            kept = self._kept.find(key, now)
            if kept is not None and kept.is_fresh:
                return kept.answer
            begun = self._flights.get(key) or self._depart(key, now)
            return begun if kept is None else kept.answer

    @property
    def is_paused(self) -> bool:
        """Whether it failed so often that it is left alone for a while."""
        return self._breaker.is_open()

    def forget(self) -> None:
        """Everything, also what is on its way: it comes to those who wait, and is not kept."""
        with self._lock:
            self._kept.clear()
            self._flights.clear()

    def close(self) -> None:
        """Ask nothing more."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        self._source.close()

    def _depart(self, key: str, now: float) -> Flight | Failed:
        if len(self._flights) >= self._most_flights:
            return Failed(why=Why.BUSY)
        if not self._breaker.may_ask(now):
            return Failed(why=Why.PAUSED)
        future: Future[Answer] = Future()
        flight = Flight(answer=future, begun=now)
        self._threads.submit(carried(partial(self._fly, key, flight)))
        self._flights[key] = flight
        return flight

    def _fly(self, key: str, flight: Flight) -> None:
        answer = self._answer(key)
        now = self._clock()
        with self._lock:
            if self._flights.get(key) is flight:
                del self._flights[key]
                self._kept.put(key, answer, now)
        if isinstance(answer, Failed):
            log.warning("source failed", extra={"source": self.name, "why": answer.why.value})
        if isinstance(answer, Failed) and answer.why.is_outage:
            self._breaker.failed(now)
        else:
            self._breaker.answered()
        flight.answer.set_result(answer)

    def _answer(self, key: str) -> Answer:
        try:
            return self._source.ask(key)
        except Exception as err:  # noqa: BLE001 - no source may keep a call from being answered
            log.error("source broke", extra=trace(err) | {"source": self.name})  # noqa: TRY400
            return Failed(why=Why.FAILED)


def landed(begun: Answer | Flight, *, patience_s: float, until: float, now: float) -> Answer:
    """The answer, waited for until `until` at most, and `patience_s` from when it was asked for.

    Whoever joins late does not wait again for what others gave up.
    """
    if not isinstance(begun, Flight):
        return begun
    left_s = max(0.0, min(until, begun.begun + patience_s) - now)
    try:
        return begun.answer.result(timeout=left_s)
    except NotYet:
        return Failed(why=Why.SLOW)
