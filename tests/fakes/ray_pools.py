"""`ivr pool serve` as a process of its own."""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import ModuleType

from fakes.patience import until
from fakes.process import ROOT, free_port

from ivr.pool.node import ray_environment
from ivr.pool.token import make_token
from ivr.settings import PoolSettings, Settings, UnderstandSettings

_BEGINS_S = 300.0
"""A machine that is busy starts Ray slowly."""

HAS_RAY = importlib.util.find_spec("ray") is not None


@cache
def shared_token() -> Path:
    """One for all pools of these tests: Ray reads it once a process."""
    file = Path(tempfile.mkdtemp(prefix="token-")) / "pool.token"
    make_token(file)
    return file


def ray_pool() -> ModuleType:
    """Imported when the environment is as Ray must find it."""
    os.environ.update(ray_environment(shared_token()))
    return importlib.import_module("ivr.pool.ray_pool")


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """A pool that was begun."""

    process: "subprocess.Popen[bytes]"
    settings: Settings
    """Of a worker that asks it."""

    environment: dict[str, str]
    folder: Path
    """Where Ray keeps what it writes."""

    def ivr(self, *words: str, **changed: str) -> "subprocess.CompletedProcess[str]":
        """A command of somebody on the same machine."""
        return subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "ivr", *words],
            env={**self.environment, **changed},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def end(self) -> int:
        """Its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(120)


@contextmanager
def pooled(home: Path, *, has_whisper: bool, address: str = "") -> Iterator[Pooled]:
    """Ray's sockets need a short path."""
    folder = Path(tempfile.mkdtemp(prefix="pool-", dir="/tmp"))
    settings = Settings(
        home=home,
        models=Settings().models_home,
        understand=replace(UnderstandSettings(), engine="cascade" if has_whisper else "vosk"),
        pool=PoolSettings(
            address=address or f"127.0.0.1:{free_port()}",
            token_file=shared_token(),
            most_waiting=1,
            request_ms=20_000,
        ),
    )
    log = folder / "out"
    environment = _environment(settings, folder)
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "ivr", "pool", "serve"],
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    one = Pooled(process=process, settings=settings, environment=environment, folder=folder)
    try:
        until(lambda: _is_ready(process, log), within_s=_BEGINS_S, every_s=0.1)
        yield one
    finally:
        one.end()
        shutil.rmtree(folder)


def _environment(settings: Settings, folder: Path) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "RAY_TMPDIR": str(folder),
        "IVR_HOME": str(settings.home),
        "IVR_MODELS": str(settings.models),
        "IVR_POOL__TOKEN_FILE": str(settings.pool.token_file),
        "IVR_POOL__ADDRESS": settings.pool.address,
        "IVR_POOL__MOST_WAITING": str(settings.pool.most_waiting),
        "IVR_UNDERSTAND__ENGINE": settings.understand.engine,
    }


def _is_ready(process: "subprocess.Popen[bytes]", log: Path) -> bool:
    assert process.poll() is None, log.read_text()
    return "The pool is ready." in log.read_text()
