"""The demo back end, run beside the house or as a service of its own."""

import asyncio
import secrets
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path

from ivr.errors import NoBusinessSystem
from ivr.serve.demo.backend import Conduct, create_backend
from ivr.serve.demo.books import Books, Thing

_START_S = 10
_LOOK_AGAIN_S = 0.01


class DemoBackend:
    """Runs on a thread of its own and listens where only this user can reach it."""

    def __init__(self, conduct: Conduct | None = None) -> None:
        """Its books are new, and vanish with it.

        Raises:
            NoBusinessSystem: it does not start.
        """
        import uvicorn

        # The address of a socket may have about 100 bytes, fewer than many a folder's.
        self._folder = tempfile.TemporaryDirectory(prefix="rufwerk-")
        self.socket = Path(self._folder.name) / "backend"
        self.token = secrets.token_urlsafe(24)
        self.conduct = conduct or Conduct()
        """How it behaves from now on."""

        file = Path(self._folder.name) / "books.db"
        app = create_backend(file, token=self.token, conduct=lambda: self.conduct)
        self._books = Books(file)
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                uds=str(self.socket),
                http=_without_access_log(),
                log_config=None,
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=1,
            )
        )
        self._thread = threading.Thread(target=self._server.run, name="demo back end", daemon=True)
        self._thread.start()
        self._wait_until_started()

    def done(self) -> list[dict[str, str]]:
        """What was done and not taken back: action and customer, in order."""
        return self._books.done()

    def stock(self, things: Iterable[tuple[str, str, str, Thing]]) -> None:
        """Put more into its books: kind, customer, name and content of each."""
        with self._books.writing() as (page, _):
            for kind, customer, name, thing in things:
                page.put(kind, customer, name, thing)

    def close(self) -> None:
        """Stop it."""
        self._server.should_exit = True
        self._thread.join(_START_S)
        self._folder.cleanup()

    def _wait_until_started(self) -> None:
        deadline = time.monotonic() + _START_S
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > deadline:
                self.close()
                raise NoBusinessSystem("The demo back end does not start.")
            time.sleep(_LOOK_AGAIN_S)


def _without_access_log() -> type[asyncio.Protocol]:
    """Never logs what was asked for: the paths hold customer numbers.

    `access_log=False` alone only detaches a logger that belongs to the whole process, so that
    anyone who sets up logging later turns it on again.
    """
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Unlogged(H11Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.access_log = False
            super().connection_made(transport)  # type: ignore[arg-type]

    return Unlogged


def serve_demo_backend(file: Path, *, token: str, port: int) -> None:
    """Answer on this machine until stopped."""
    import uvicorn

    app = create_backend(file, token=token)
    uvicorn.run(
        app,
        host="127.0.0.1",
        port=port,
        http=_without_access_log(),
        access_log=False,
        lifespan="off",
    )
