"""The pool on Ray Serve. Nothing else imports ray.

Requests go by deployment handles, from process to process: no port of HTTP is opened. What is told
in logs is decided here, since Ray would write down every request.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock, Thread
from time import monotonic, sleep
from typing import Any, cast

import ray
from ray import serve
from ray.serve import context
from ray.serve.exceptions import BackPressureError
from ray.serve.schema import LoggingConfig

from biometrics import Vector
from ivr.breaker import Breaker
from ivr.call import Transcript, Unheard
from ivr.errors import PoolBusy, PoolUnavailable
from ivr.pool.face import (
    ENCODER,
    RECOGNISER,
    EncoderFacts,
    RecogniserFacts,
    Refused,
    Voice,
    Words,
)
from ivr.pool.reach import is_reached
from ivr.settings import PoolSettings

log = logging.getLogger(__name__)

# Ray makes the log's records itself once it is imported, and each would hold a time of its own.
logging.setLogRecordFactory(logging.LogRecord)

_FAILURES, _PAUSE_S = 3, 5.0
"""So many failures in a row, and nobody waits for the pool until one has tried again."""

_LOGGING = LoggingConfig(enable_access_log=False, log_level="ERROR")

_RUNNING, _FAILED = "RUNNING", "DEPLOY_FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One model, so many times."""

    name: str
    replica: Callable[..., object]
    load: Callable[[], object]
    """Run where a replica starts; what it holds travels there, so it holds no secrets."""

    replicas: int
    threads: int
    cards: int = 0
    """Graphics cards of each; Ray hides them from whoever does not ask."""

    at_once: int = 1
    """Requests that each works on at the same time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How one model fares."""

    name: str
    is_running: bool
    replicas: int
    """That answer."""


def connect(settings: PoolSettings) -> None:
    """This process becomes one of the cluster's. A node of it must run on this machine.

    Raises:
        PoolUnavailable: nobody is there, or this machine is no part of it.
    """
    if not is_reached(settings.address):
        raise PoolUnavailable(f"Nobody answers at {settings.address}; start `ivr pool serve`.")
    try:
        ray.init(
            address=settings.address,
            log_to_driver=False,
            configure_logging=False,
            logging_level=logging.ERROR,
        )
    except Exception as err:
        # Ray names no root of what it raises.
        raise PoolUnavailable(
            f"The pool at {settings.address} cannot be joined from here: its token is another, or "
            "no Ray node of it runs on this machine (docs/pool.md)."
        ) from err
    logging.getLogger("ray.serve").setLevel(logging.ERROR)


def disconnect() -> None:
    """Leave the cluster, and forget it.

    Serve keeps its controller, and knows a new cluster's from it by the number of the job alone,
    which begins anew there.
    """
    ray.shutdown()
    context._set_global_client(None)  # noqa: SLF001 - Serve has no other way to forget


def deploy(deployments: tuple[Deployment, ...], settings: PoolSettings) -> None:
    """Put the models there, and wait until they answer.

    Raises:
        PoolUnavailable: one does not start in time.
    """
    serve.start(proxy_location="Disabled", logging_config=_LOGGING)
    targets = [_target(one, settings) for one in deployments]
    serve.run_many(targets, wait_for_applications_running=False)
    until = monotonic() + settings.start_s
    for one in deployments:
        _await(one.name, until)


def withdraw(names: tuple[str, ...]) -> None:
    """Take the models away again."""
    for name in names:
        serve.delete(_app(name), _blocking=False)


def states() -> tuple[State, ...]:
    """Of the models that are deployed."""
    found = serve.status().applications
    return tuple(_state(name, found[_app(name)]) for name in _NAMES if _app(name) in found)


class RayPool:
    """Asks replicas by their handles. One per process, after `connect`.

    After failures in a row nobody waits for the pool any more. It is looked for aside, and joined
    again where another one has come up at its address.
    """

    def __init__(self, settings: PoolSettings) -> None:
        self._settings = settings
        self._within_s = settings.request_ms / 1_000
        self._handles: dict[str, Any] = {}
        self._breakers = {name: Breaker(failures=_FAILURES, pause_s=_PAUSE_S) for name in _NAMES}
        self._looking = Lock()

    def encoder(self) -> EncoderFacts:
        return cast("EncoderFacts", self._facts(ENCODER, within_s=self._settings.start_s))

    def recogniser(self) -> RecogniserFacts:
        return cast("RecogniserFacts", self._facts(RECOGNISER, within_s=self._settings.start_s))

    def encode(self, voice: Voice) -> Vector | Refused:
        return cast("Vector | Refused", self._ask(ENCODER, voice))

    def transcribe(self, words: Words) -> Transcript | Unheard | Refused:
        return cast("Transcript | Unheard | Refused", self._ask(RECOGNISER, words))

    def _ask(self, name: str, question: Voice | Words) -> object:
        breaker = self._breakers[name]
        if not breaker.may_ask(monotonic()):
            raise PoolUnavailable(f"The pool's {name} failed again and again and is not asked.")
        if breaker.is_open():
            Thread(target=self._look, args=(name,), name="pool", daemon=True).start()
            raise PoolUnavailable(f"The pool's {name} is being looked for.")
        try:
            answer = self._answer(name, question)
        except PoolBusy:
            raise
        except PoolUnavailable:
            breaker.failed(monotonic())
            raise
        breaker.answered()
        return answer

    def _answer(self, name: str, question: Voice | Words) -> object:
        try:
            response = self._handle(name).answer.remote(question)
            try:
                return response.result(timeout_s=self._within_s)
            except TimeoutError as err:
                response.cancel()
                raise PoolUnavailable(f"The pool's {name} did not answer in time.") from err
        except PoolUnavailable:
            raise
        except BackPressureError as err:
            raise PoolBusy(f"As much is asked of the pool's {name} as may be.") from err
        except Exception as err:
            # Ray names no root of what it raises.
            raise PoolUnavailable(f"The pool's {name} cannot be asked.") from err

    def _look(self, name: str) -> None:
        """Whether it answers again; where nothing of the pool does, another may have come up."""
        with self._looking:
            try:
                self._facts(name, within_s=self._within_s)
            except PoolUnavailable:
                self._join_again()
            else:
                self._breakers[name].answered()

    def _join_again(self) -> None:
        is_lost = all(self._breakers[name].is_open() for name in self._handles)
        if not is_lost or not is_reached(self._settings.address):
            return
        lost = [name for name in _NAMES if self._breakers[name].is_open()]
        disconnect()
        self._handles.clear()
        try:
            connect(self._settings)
            for name in lost:
                self._facts(name, within_s=self._settings.start_s)
        except PoolUnavailable as err:
            log.warning("the pool is not back", extra={"code": err.code})
            return
        log.warning("the pool is back")
        for name in lost:
            self._breakers[name].answered()

    def _facts(self, name: str, *, within_s: float) -> object:
        try:
            return self._handle(name).facts.remote().result(timeout_s=within_s)
        except Exception as err:
            # As above.
            raise PoolUnavailable(f"The pool has no {name} that answers.") from err

    def _handle(self, name: str) -> Any:  # noqa: ANN401 - Ray makes the class of a handle
        if name not in self._handles:
            self._handles[name] = serve.get_app_handle(_app(name))
        return self._handles[name]


_NAMES = (ENCODER, RECOGNISER)


def _app(name: str) -> str:
    return f"rufwerk-{name}"


def _target(one: Deployment, settings: PoolSettings) -> Any:  # noqa: ANN401 - as Ray has it
    made = serve.deployment(
        name=one.name,
        num_replicas=one.replicas,
        max_ongoing_requests=one.at_once,
        max_queued_requests=settings.most_waiting,
        ray_actor_options={"num_cpus": one.threads, "num_gpus": one.cards},
        logging_config=_LOGGING,
    )(one.replica)
    return serve.RunTarget(
        target=made.bind(one.load), name=_app(one.name), route_prefix=None, logging_config=_LOGGING
    )


def _await(name: str, until: float) -> None:
    while monotonic() < until:
        status = serve.status().applications[_app(name)].status
        if status == _RUNNING:
            return
        if status == _FAILED:
            break
        sleep(0.2)
    raise PoolUnavailable(
        f"The pool's {name} did not start. Its models must be on every machine of the pool, and "
        "the pool must have as many cores as its replicas have threads together."
    )


def _state(name: str, app: Any) -> State:  # noqa: ANN401 - as Ray has it
    replicas = app.deployments[name].replica_states if name in app.deployments else {}
    return State(
        name=name,
        is_running=app.status == _RUNNING,
        replicas=sum(count for state, count in replicas.items() if state == _RUNNING),
    )
