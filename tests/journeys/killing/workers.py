"""Real `ivr serve` processes that are killed and started again."""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import httpx2

_ROOT = Path(__file__).parents[3]
_SERVE = "from ivr.cli import main; main()"
_LOOK_AGAIN_S = 0.1
_STARTS_WITHIN_S = 120


@dataclass
class Worker:
    """One place where a worker listens, whichever process does."""

    port: int
    process: subprocess.Popen[bytes]
    began_at: float
    is_ready: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@dataclass
class Workers:
    """So many places. A process that dies is replaced."""

    environment: Mapping[str, str]
    log: Path
    count: int
    kills: int = 0
    starts_s: list[float] = field(default_factory=list)
    """How long each start took until calls were taken."""

    died: list[int] = field(default_factory=list)
    """Exit codes of processes that nobody killed."""

    all: list[Worker] = field(default_factory=list)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        self.all = [self._started(_free_port()) for _ in range(self.count)]
        looking = asyncio.create_task(self._look())
        try:
            await self.some_ready(self.count)
            yield
        finally:
            looking.cancel()
            for worker in self.all:
                worker.process.kill()
                worker.process.wait()

    def any_order(self, chance: random.Random) -> list[Worker]:
        """Those that are known to take calls first, as a load balancer asks them."""
        shuffled = chance.sample(self.all, len(self.all))
        return sorted(shuffled, key=lambda worker: not worker.is_ready)

    def kill(self, worker: Worker) -> None:
        """Without a chance to end anything, and start another in its place."""
        worker.process.send_signal(signal.SIGKILL)
        worker.process.wait()
        self.kills += 1
        self._replace(worker)

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
                    if worker.process.poll() is not None:
                        self.died.append(worker.process.returncode)
                        self._replace(worker)
                    elif not worker.is_ready and await _answers(client, worker):
                        worker.is_ready = True
                        self.starts_s.append(monotonic() - worker.began_at)
                await asyncio.sleep(_LOOK_AGAIN_S)

    def _replace(self, worker: Worker) -> None:
        fresh = self._started(worker.port)
        worker.process, worker.began_at, worker.is_ready = fresh.process, fresh.began_at, False

    def _started(self, port: int) -> Worker:
        with self.log.open("ab") as log:
            process = subprocess.Popen(  # noqa: S603 - ours
                [sys.executable, "-c", _SERVE, "serve", "--pack", "bank", "--port", str(port)],
                cwd=_ROOT,
                env={**os.environ, "PYTHONPATH": str(_ROOT), **self.environment},
                stdout=log,
                stderr=log,
            )
        return Worker(port=port, process=process, began_at=monotonic())


async def _answers(client: httpx2.AsyncClient, worker: Worker) -> bool:
    try:
        return (await client.get(f"{worker.url}/health")).status_code == httpx2.codes.OK
    except httpx2.HTTPError:
        return False


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
