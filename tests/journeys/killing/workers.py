"""Real `ivr serve` processes that are killed and started again."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep

import httpx2
from fakes.process import free_port

_ROOT = Path(__file__).parents[3]
_LOOK_AGAIN_S = 0.1
_STARTS_WITHIN_S = 180
_DIES_WITHIN_S = 10


@dataclass
class Worker:
    """One place where a worker listens, whichever process does."""

    port: int
    line_port: int
    """Of AudioSocket."""

    pid: int = 0
    began_at: float = 0.0
    is_ready: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_alive(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """Until it is dead: its ports are wanted again."""
        os.kill(self.pid, signal.SIGKILL)
        until = monotonic() + _DIES_WITHIN_S
        while self.is_alive and monotonic() < until:
            sleep(0.001)


@dataclass
class Workers:
    """So many places. A process that dies is replaced."""

    environment: Mapping[str, str]
    log: Path
    count: int
    kills: int = 0
    starts_s: list[float] = field(default_factory=list)
    """How long each start took until calls were taken."""

    died: int = 0
    """Processes that nobody killed."""

    all: list[Worker] = field(default_factory=list)
    _nursery: subprocess.Popen[str] | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        with self.log.open("a") as log:
            self._nursery = self._opened(log.fileno())
        self._answer()
        self.all = [Worker(port=free_port(), line_port=free_port()) for _ in range(self.count)]
        for worker in self.all:
            self._start(worker)
        looking = asyncio.create_task(self._look())
        try:
            await self.some_ready(self.count)
            yield
        finally:
            looking.cancel()
            await asyncio.wait([looking])
            for worker in self.all:
                with suppress(ProcessLookupError):
                    worker.kill()
            self._nursery.communicate()

    def any_order(self, chance: random.Random) -> list[Worker]:
        """Those that are known to take calls first, as a load balancer asks them."""
        shuffled = chance.sample(self.all, len(self.all))
        return sorted(shuffled, key=lambda worker: not worker.is_ready)

    def kill(self, worker: Worker) -> None:
        """Without a chance to end anything, and start another in its place."""
        worker.kill()
        self.kills += 1
        self._start(worker)

    async def some_ready(self, count: int = 1) -> None:
        until = monotonic() + _STARTS_WITHIN_S
        while sum(worker.is_ready for worker in self.all) < count:
            if monotonic() > until:
                raise TimeoutError(self.log.read_text("utf-8")[-2_000:])
            await asyncio.sleep(_LOOK_AGAIN_S)

    async def _look(self) -> None:
        async with httpx2.AsyncClient(trust_env=False, timeout=2) as client:
            while True:
                for worker in self.all:
                    if not worker.is_alive:
                        self.died += 1
                        self._start(worker)
                    elif not worker.is_ready and await _answers(client, worker):
                        worker.is_ready = True
                        self.starts_s.append(monotonic() - worker.began_at)
                await asyncio.sleep(_LOOK_AGAIN_S)

    def _start(self, worker: Worker) -> None:
        if self._nursery is None or self._nursery.stdin is None:
            raise RuntimeError("The nursery is not open.")
        worker.is_ready, worker.began_at = False, monotonic()
        self._nursery.stdin.write(f"{worker.port} {worker.line_port}\n")
        self._nursery.stdin.flush()
        worker.pid = int(self._answer())

    def _opened(self, log: int) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.journeys.killing.nursery"],
            cwd=_ROOT,
            env={**os.environ, "PYTHONPATH": f"{_ROOT}:{_ROOT / 'tests'}", **self.environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )

    def _answer(self) -> str:
        if self._nursery is None or self._nursery.stdout is None:
            raise RuntimeError("The nursery is not open.")
        return self._nursery.stdout.readline().strip()


async def _answers(client: httpx2.AsyncClient, worker: Worker) -> bool:
    try:
        return (await client.get(f"{worker.url}/health")).status_code == httpx2.codes.OK
    except httpx2.HTTPError:
        return False
