"""`ivr serve` as a process of its own."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from fakes.patience import until

ROOT = Path(__file__).parents[2]
_BEGINS_S = 120.0
"""Models are loaded, and prompts spoken, by a machine that may be busy."""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass(frozen=True, kw_only=True)
class Serving:
    """A service that was begun."""

    process: "subprocess.Popen[str]"
    url: str
    log: Path

    def get(self, path: str) -> httpx2.Response:
        return httpx2.get(self.url + path, timeout=30)

    def ended(self, within_s: float = 60.0) -> int:
        """Its exit code."""
        return self.process.wait(within_s)

    @property
    def told(self) -> str:
        return self.log.read_text("utf-8")


def variables(folder: Path, **settings: str) -> Mapping[str, str]:
    """A database and keys of its own."""
    own = {
        "DATABASE_URL": f"sqlite:///{folder / 'own.db'}",
        "KEYS__DATABASE": f"sqlite:///{folder / 'own-keys.db'}",
        "KEYS__FILE": str(folder / "own.key"),
        **settings,
    }
    return {**os.environ, "PYTHONPATH": str(ROOT), **{f"IVR_{name}": own[name] for name in own}}


@contextmanager
def begun(folder: Path, **settings: str) -> Iterator[Serving]:
    """Whether it gets ready is for whoever asks."""
    port, log = free_port(), folder / "serve.log"
    command = [
        sys.executable,
        "-c",
        "from ivr.cli import main; main()",
        "serve",
        "--port",
        str(port),
    ]
    with log.open("w") as told:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, env=variables(folder, **settings), stdout=told, stderr=told, text=True
        )
    try:
        yield Serving(process=process, url=f"http://127.0.0.1:{port}", log=log)
    finally:
        process.kill()
        process.wait()


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Serving]:
    """Ready to take calls."""
    with begun(folder, **settings) as service:
        until(lambda: _is_ready(service), within_s=_BEGINS_S, every_s=0.1)
        yield service


def _is_ready(service: Serving) -> bool:
    assert service.process.poll() is None, service.told
    try:
        return service.get("/ready").status_code == 200
    except httpx2.TransportError:
        return False
