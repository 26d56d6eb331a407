"""How the service fares, put together from what the parts of the house tell of themselves."""

import platform
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from importlib.metadata import PackageNotFoundError, version
from time import monotonic

from fastapi import APIRouter

from biometrics import VoiceProblem
from ivr.errors import BadSettings, CallProblem
from ivr.seeing import measures
from ivr.seeing.live_calls import CountedLiveCalls
from ivr.seeing.loop_lag import watched_loop
from ivr.seeing.measure import Reading, Sample
from ivr.seeing.patience import Impatient
from ivr.seeing.prometheus_meter import PrometheusMeter
from ivr.seeing.routes import metrics_route
from ivr.seeing.spans import TracedCalls, Tracer
from ivr.seeing.turns import CountedTurns
from ivr.service.problems import STATUS
from ivr.settings import Settings
from ivr.story import Story
from ivr.turn import Answer, Turn
from ivr.wiring.places import Places

Server = Callable[[], AbstractAsyncContextManager[object]]

_READ_WITHIN_S = 2.0
_READERS = 4


@dataclass(frozen=True)
class Seeing:
    """Figures and spans of one house. Made when first needed."""

    places: Places

    @property
    def settings(self) -> Settings:
        return self.places.settings

    @cached_property
    def known(self) -> dict[str, frozenset[str]]:
        """Values of labels that this house has; more come with its readings."""
        return {
            "code": frozenset(_codes()) | frozenset(STATUS) | {"unexpected", "http_error"},
            "version": frozenset({release()}),
            "python": frozenset({platform.python_version()}),
            "encoder": frozenset({self.settings.encoder}),
        }

    @cached_property
    def meter(self) -> PrometheusMeter:
        meter = PrometheusMeter(measures.MEASURES, self.known)
        meter.read("loads", self._loads)
        return meter

    @cached_property
    def tracer(self) -> Tracer | None:
        """None where spans go nowhere.

        Raises:
            BadSettings: they are to go somewhere, and what sends them is not installed.
        """
        url = self.settings.seeing.traces_url
        if not url:
            return None
        try:
            from ivr.seeing.otel_tracer import OtelTracer, otlp
        except ImportError as err:
            raise BadSettings(
                "IVR_SEEING__TRACES_URL needs OpenTelemetry; install it: pip install rufwerk[otel]"
            ) from err
        if not url.startswith(("http://", "https://")):
            raise BadSettings(
                "IVR_SEEING__TRACES_URL is an address like http://127.0.0.1:4318/v1/traces."
            )
        tracer = OtelTracer(otlp(url), version=release())
        self.places.closing.callback(tracer.close)
        return tracer

    @cached_property
    def live(self) -> CountedLiveCalls:
        return CountedLiveCalls(self.meter, clock=monotonic)

    def answered(self, turn: Turn, answer: Answer) -> None:
        """Told of every turn."""
        self._turns.answered(turn, answer)
        if self._traced is not None:
            self._traced.answered(turn, answer)

    def over(self, story: Story) -> None:
        """Told of every call."""
        self._turns.over(story)
        if self._traced is not None:
            self._traced.over(story)

    def audited(self, kind: str) -> None:
        self.meter.count(measures.AUDITED, kind)

    def store_failed(self) -> None:
        self.meter.count(measures.STORE_FAILURES)

    def claimed(self, is_taken: bool) -> None:  # noqa: FBT001 - told by the room alone
        self.meter.count(measures.CLAIMS, "taken" if is_taken else "refused")

    def read(self, name: str, reading: Reading) -> None:
        """Figures that somebody has to be asked for; who answers late is left out."""
        patient = Impatient(reading, within_s=_READ_WITHIN_S, threads=self._readers)
        self.meter.read(name, patient)

    @property
    def routes(self) -> tuple[APIRouter, ...]:
        """On the service itself, unless figures have a port of their own or are off."""
        told = self.settings.seeing
        here = told.metrics == "on" and not told.metrics_port
        return (metrics_route(self.meter),) if here else ()

    @property
    def servers(self) -> tuple[Server, ...]:
        """What goes on while the service runs."""
        told = self.settings.seeing
        own_port = told.metrics == "on" and bool(told.metrics_port)
        return (partial(watched_loop, self.meter), *((self._on_own_port,) if own_port else ()))

    @asynccontextmanager
    async def _on_own_port(self) -> AsyncIterator[None]:
        with ExitStack() as stack:
            try:
                stack.enter_context(self.meter.serving(self.settings.seeing.metrics_port))
            except OSError as err:
                raise BadSettings("The port of IVR_SEEING__METRICS_PORT is taken.") from err
            yield

    @cached_property
    def _turns(self) -> CountedTurns:
        return CountedTurns(meter=self.meter)

    @cached_property
    def _traced(self) -> TracedCalls | None:
        return TracedCalls(tracer=self.tracer) if self.tracer is not None else None

    @cached_property
    def _readers(self) -> ThreadPoolExecutor:
        readers = ThreadPoolExecutor(_READERS, thread_name_prefix="figures")
        self.places.closing.callback(readers.shutdown, wait=False, cancel_futures=True)
        return readers

    def _loads(self) -> Iterator[Sample]:
        yield Sample(
            of=measures.BUILD,
            value=1,
            labels=(release(), platform.python_version(), self.settings.encoder),
        )
        for model, took_s in tuple(self.places.loads.took_s.items()):
            yield Sample(of=measures.MODEL_LOAD, value=took_s, labels=(model,))


def release() -> str:
    """The version of the package; of a checkout that was not installed nobody knows."""
    try:
        return version("rufwerk")
    except PackageNotFoundError:
        return "unknown"


def _codes() -> Iterator[str]:
    """Of everything that can go wrong."""
    roots: list[type[CallProblem | VoiceProblem]] = [CallProblem, VoiceProblem]
    while roots:
        problem = roots.pop()
        yield problem.code
        roots.extend(problem.__subclasses__())
