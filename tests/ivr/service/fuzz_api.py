"""A service with everything switched on and a database of its own, and Schemathesis against it.

`scripts/fuzz-api` begins it. It fails where the service answers what its document does not say,
where a door opens without a token, and where the log tells of an error that was not foreseen.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ivr.settings import Settings

_LONGEST_START_S = 300
_MANY = "1000000"

_NOT_ASKED = "positive_data_acceptance"
"""A body of the right shape may well be refused: bytes that are no sound, a hook nobody signed."""


@contextmanager
def service(home: Path, token: str) -> Iterator[tuple[str, Path]]:
    """Its address and its log, until left."""
    port, log = _free_port(), home / "service.log"
    command = [sys.executable, "-m", "ivr", "serve", "--port", str(port)]
    with log.open("w") as out:
        process = subprocess.Popen(  # noqa: S603 - our own code
            command, env=_environment(home, token), stdout=out, stderr=subprocess.STDOUT
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, process)
        yield address, log
        if process.poll() is not None:
            raise AssertionError("The service has ended.")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _environment(home: Path, token: str) -> Mapping[str, str]:
    """Limits out of the way; every gateway with a secret."""
    limits = ("REQUESTS_PER_S", "REQUESTS_BURST", "CALLS_PER_S", "CALLS_BURST", "FAILURES_BURST")
    return {
        **os.environ,
        "IVR_HOME": str(home),
        "IVR_MODELS": str(Settings().models_home),
        "IVR_SERVICE__TOKEN": token,
        **{f"IVR_LIMITS__{name}": _MANY for name in limits},
        "IVR_GATEWAYS__PUBLIC_URL": "https://ivr.example.com",
        "IVR_GATEWAYS__TWILIO__TOKENS": secrets.token_hex(16),
        "IVR_GATEWAYS__JAMBONZ__SECRETS": secrets.token_hex(16),
        "IVR_GATEWAYS__FREESWITCH__SECRET": secrets.token_hex(16),
    }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _LONGEST_START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/ready", timeout=5):  # noqa: S310 - our own
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError("The service does not start.")


def main(tool: str, *options: str) -> int:
    """What Schemathesis says, or 1 where the service's own log tells more."""
    with tempfile.TemporaryDirectory() as folder:
        home, token = Path(folder), secrets.token_hex(24)
        learned = Settings().home / "intents"
        if learned.is_dir():
            shutil.copytree(learned, home / "intents")
        with service(home, token) as (address, log):
            where = (f"{address}/openapi.json", "--header", f"Authorization: Bearer {token}")
            asked = ("--exclude-checks", _NOT_ASKED, "--continue-on-failure", *options)
            done = subprocess.run([tool, "run", *where, *asked], check=False)  # noqa: S603
            unforeseen = [line for line in log.read_text().splitlines() if " ERROR " in line]
    for line in unforeseen[:20]:
        sys.stderr.write(f"{line}\n")
    return done.returncode or bool(unforeseen)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
