"""The room as desks see it, read by one task of a process for all of them."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace

from anyio.to_thread import run_sync

from biometrics import StoreUnavailable
from ivr.queue.entry import Entry

log = logging.getLogger(__name__)

EVERY_S = 0.5
TOLD_EVERY_S = 5.0
"""Claims lapse and places move by time alone, and of that nobody tells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Who waits, first to go first, and who is being served."""

    waiting: tuple[Entry, ...] = ()
    claimed: tuple[Entry, ...] = ()
    is_fresh: bool = True
    """False where the room cannot be read; then it is as it was."""

    def told(self) -> tuple[object, ...]:
        """What desks need be told of: not every sign of life of somebody who talks."""
        places = [(one.id, one.version) for one in (*self.waiting, *self.claimed)]
        return (tuple(places), len(self.waiting), self.is_fresh)


@dataclass(eq=False)
class Watcher:
    """One open desk."""

    _board: "Board"
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        self._news.set()

    async def next(self, *, patience_s: float) -> Snapshot:
        """As soon as something changed, and after `patience_s` anyway."""
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await self._news.wait()
        self._news.clear()
        return self._board.latest


_MOST_WATCHERS = 1_000
"""Windows of all desks; who comes beyond that asks again in a while."""


class Board:
    """Reads while anybody watches. For one event loop."""

    def __init__(
        self,
        read: Callable[[], Snapshot],
        *,
        every_s: float = EVERY_S,
        is_told: Callable[[], bool] = lambda: False,
    ) -> None:
        """`read` is called in a thread, and may raise StoreUnavailable.

        While it `is_told` of changes the board need not look for them by itself.
        """
        self._read = read
        self._every_s = every_s
        self._is_told = is_told
        self._watchers: set[Watcher] = set()
        self._task: asyncio.Task[None] | None = None
        self._begun = self._ended = 0
        self._looked = asyncio.Condition()
        self._hurry = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.latest = Snapshot()

    @property
    def is_crowded(self) -> bool:
        """As many watch as may."""
        return len(self._watchers) >= _MOST_WATCHERS

    def hurry(self) -> None:
        """Something has just changed: look at once. From any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._hurry.set)

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[Watcher]:
        """Begins with a look that was not begun before: no desk is told what it has done away."""
        watcher = Watcher(self)
        self._watchers.add(watcher)
        if self._task is None or self._task.done():
            self._loop = asyncio.get_running_loop()
            self._task = asyncio.create_task(self._go_on())
        try:
            await self._next_look()
            watcher.wake()
            yield watcher
        finally:
            self._watchers.discard(watcher)

    async def _next_look(self) -> None:
        wanted = self._begun + 1
        async with self._looked:
            await self._looked.wait_for(lambda: self._ended >= wanted)

    async def _go_on(self) -> None:
        while self._watchers:
            self._begun += 1
            try:
                await self._look()
            finally:
                self._ended = self._begun
                async with self._looked:
                    self._looked.notify_all()
            with suppress(TimeoutError):
                every_s = TOLD_EVERY_S if self._is_told() else self._every_s
                async with asyncio.timeout(every_s):
                    await self._hurry.wait()
            self._hurry.clear()

    async def _look(self) -> None:
        before = self.latest
        try:
            self.latest = await run_sync(self._read)
        except StoreUnavailable as err:
            self.latest = replace(before, is_fresh=False)
            if before.is_fresh:
                log.warning("the queue cannot be read", extra={"code": err.code})
        if self.latest.told() != before.told():
            for watcher in self._watchers:
                watcher.wake()
