"""The first Ray node of a pool, as a process of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from time import monotonic, sleep

from ivr.errors import PoolUnavailable
from ivr.pool.reach import is_reached

_SOUNDS_BYTES = 200_000_000
"""Shared memory for what is on its way: a turn of 30 s at 16 kHz takes 2 MB."""

_NO_SPILLING = '{"automatic_object_spilling_enabled": false}'
"""Sound is never written to a disk. Ray heeds no variable for this; nodes that join follow."""

_START_S = 120.0
"""Takes two seconds, and much longer on a machine that is busy."""
_END_S = 10.0

_FOREVER_S = "2000000"


def ray_environment(token_file: Path) -> dict[str, str]:
    """What Ray reads when it is imported or started, in workers and in the pool alike."""
    return {
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN_PATH": str(token_file),
        "RAY_USAGE_STATS_ENABLED": "0",
        # A worker that loses the pool takes its calls on; Ray would end its process.
        "RAY_gcs_rpc_server_reconnect_timeout_s": _FOREVER_S,
        "RAY_GRACEFUL_SHUTDOWN_DRAIN_TIMEOUT_S": "0",
    }


class Node:
    """Runs until it is ended, or this process is."""

    def __init__(self, address: str, *, cores: int, environment: Mapping[str, str]) -> None:
        """Raises PoolUnavailable: it does not start."""
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, Ray's own module
            [sys.executable, "-m", "ray.scripts.scripts", *_arguments(address, cores)],
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            self._await(address)
        except BaseException:
            self.end()
            raise

    @property
    def has_ended(self) -> bool:
        return self._process.poll() is not None

    def end(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _await(self, address: str) -> None:
        until = monotonic() + _START_S
        while not is_reached(address):
            if self.has_ended or monotonic() > until:
                raise PoolUnavailable(
                    f"Ray did not start at {address}: the host must be an address of this machine, "
                    "and the port free."
                )
            sleep(0.1)


def _arguments(address: str, cores: int) -> list[str]:
    host, _, port = address.rpartition(":")
    options = {
        "--node-ip-address": host,
        "--port": port,
        "--num-cpus": str(cores),
        "--object-store-memory": str(_SOUNDS_BYTES),
        "--include-dashboard": "false",
        "--include-log-monitor": "false",
        "--system-config": _NO_SPILLING,
        # Any that is free: the usual range would take the address's own.
        "--min-worker-port": "0",
        "--max-worker-port": "0",
    }
    given = [part for option in options.items() for part in option]
    return ["start", "--head", "--block", "--disable-usage-stats", *given]
