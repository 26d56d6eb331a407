"""What a gateway is to be sent, kept until it takes it.

A gateway that reads slowly must hold up neither its call nor any other: of the sound beyond a
second, the oldest goes. Commands are never lost, and go before any sound that waits.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from ivr.live.wire import FRAME_MS

C = TypeVar("C")

MOST_WAITING_MS = 1_000


class Outbox(Generic[C]):
    """Of one call. Never shared. `C` is what the gateway's commands are."""

    def __init__(self) -> None:
        self._sound: deque[bytes] = deque(maxlen=MOST_WAITING_MS // FRAME_MS)
        self._commands: deque[C] = deque()
        self._news = asyncio.Event()
        self._is_held = False
        self._is_closed = False

    def play(self, frame: bytes) -> None:
        """One frame, as the gateway wants it."""
        if not self._is_closed:
            self._sound.append(frame)
            self._news.set()

    def tell(self, command: C) -> None:
        """A command that waits already is not sent twice: who does not read must not cost more."""
        if command not in self._commands:
            self._commands.append(command)
        self._news.set()

    def clear(self) -> None:
        """What was not sent yet is not sent any more."""
        self._sound.clear()

    def hold(self) -> None:
        """The gateway has enough sound for now."""
        self._is_held = True

    def go_on(self) -> None:
        """It wants more."""
        self._is_held = False
        self._news.set()

    def close(self) -> None:
        """Nothing more comes. What waits is still sent, but for sound while the gateway is full."""
        self._is_closed = True
        self._news.set()

    async def empty(self, send: Callable[[bytes | C], Awaitable[None]]) -> None:
        """Send until closed; whatever `send` raises ends it."""
        while True:
            await self._news.wait()
            self._news.clear()
            while (item := self._next()) is not None:
                await send(item)
            if self._is_closed:
                return

    def _next(self) -> bytes | C | None:
        if self._commands:
            return self._commands.popleft()
        if self._sound and not self._is_held:
            return self._sound.popleft()
        return None
