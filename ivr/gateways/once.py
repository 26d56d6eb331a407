"""The same question, asked again, gets the same answer."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """Answers each key once. One per kind of question; of one event loop."""

    def __init__(self, *, keep_s: float = 600, most: int = 2_000) -> None:
        self._keep_s, self._most = keep_s, most
        self._kept: OrderedDict[Hashable, tuple[float, asyncio.Future[T]]] = OrderedDict()

    async def answer(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """Whoever asks while the answer is made waits for it. What failed is made anew."""
        now = time.monotonic()
        while self._kept and next(iter(self._kept.values()))[0] < now - self._keep_s:
            self._kept.popitem(last=False)
        if key not in self._kept:
            task = asyncio.ensure_future(make())
            task.add_done_callback(lambda done: self._judge(key, done))
            self._kept[key] = (now, task)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return await asyncio.shield(self._kept[key][1])

    def _judge(self, key: Hashable, done: "asyncio.Future[T]") -> None:
        if done.cancelled() or done.exception() is not None:
            self._kept.pop(key, None)
