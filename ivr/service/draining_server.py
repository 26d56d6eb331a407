"""The HTTP server, which takes its leave before it ends."""

import asyncio
import signal
import socket
from types import FrameType

import uvicorn

from ivr.service.drain import Drain

_LAST_ANSWERS_S = 5
"""For answers that are being sent, and streams that have no end, once nobody is left."""


class DrainingServer(uvicorn.Server):
    """SIGTERM drains, and a second one ends at once. Ctrl+C ends without waiting for calls."""

    def __init__(self, config: uvicorn.Config, drain: Drain) -> None:
        super().__init__(config)
        self._drain = drain
        self._loop: asyncio.AbstractEventLoop | None = None
        self._draining: asyncio.Task[None] | None = None
        self._is_told = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal. uvicorn would raise those that it keeps again at the end; this ends with 0."""
        if sig != signal.SIGTERM:
            super().handle_exit(sig, frame)
        elif self._is_told or self._loop is None:
            self.force_exit = self.should_exit = True
        else:
            self._is_told = True
            self._loop.call_soon_threadsafe(self._begin)

    def _begin(self) -> None:
        self._draining = asyncio.create_task(self._drained())

    async def _drained(self) -> None:
        try:
            await self._drain.run()
        finally:
            self.config.timeout_graceful_shutdown = _LAST_ANSWERS_S
            self.should_exit = True
