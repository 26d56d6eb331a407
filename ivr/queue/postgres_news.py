"""Changes of the queue that other workers make, as PostgreSQL tells them (LISTEN), by psycopg."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from threading import Event, Thread

import psycopg
from anyio.to_thread import run_sync

from biometrics.storage.database import Engine
from ivr.queue.waiting_table import CHANNEL

log = logging.getLogger(__name__)

_LOOKS_S = 0.5
"""So long a listener needs at most to notice that it is to stop."""

_AGAIN_S = (0.5, 1.0, 2.0, 5.0)
"""Pauses between tries to reach a database that is gone."""


class PostgresNews:
    """One listener a worker, on a connection of its own."""

    def __init__(self, engine: Engine, told: Callable[[], object]) -> None:
        """`told` is called from a thread, whenever something may have changed."""
        self._engine = engine
        self._told = told
        self._is_over = Event()
        self._failures = 0
        self.is_heard = False
        """Changes are told at once; else whoever wants to know has to look."""

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Until left."""
        thread = Thread(target=self._go_on, name="news", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            await run_sync(thread.join)

    def _go_on(self) -> None:
        while not self._is_over.is_set():
            try:
                self._listen()
            except psycopg.Error as err:
                if self.is_heard or not self._failures:
                    log.warning("changes are looked for", extra={"code": type(err).__name__})
                self.is_heard = False
                self._is_over.wait(_AGAIN_S[min(self._failures, len(_AGAIN_S) - 1)])
                self._failures += 1

    def _listen(self) -> None:
        _, where = self._engine.dialect.create_connect_args(self._engine.url)
        with psycopg.connect(**where, autocommit=True) as connection:
            connection.execute(f"LISTEN {CHANNEL}")
            self.is_heard, self._failures = True, 0
            self._told()  # what changed while nobody listened
            while not self._is_over.is_set():
                if [*connection.notifies(timeout=_LOOKS_S, stop_after=1)]:
                    self._told()
