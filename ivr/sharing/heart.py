"""A worker's signs of life, on a thread of their own: no turn and no call holds them up."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from threading import Event, Thread

from anyio.to_thread import run_sync

from biometrics import StoreUnavailable

log = logging.getLogger(__name__)

BEATS = 4
"""So often within the time after which a worker counts as gone."""


@asynccontextmanager
async def beating(beat: Callable[[], object], every_s: float) -> AsyncIterator[None]:
    """Call `beat` again and again until left."""
    is_over = Event()
    heart = Thread(target=_go_on, args=(beat, every_s, is_over), name="heart", daemon=True)
    heart.start()
    try:
        yield
    finally:
        is_over.set()
        await run_sync(heart.join)


def _go_on(beat: Callable[[], object], every_s: float, is_over: Event) -> None:
    was_heard = True
    while not is_over.wait(every_s):
        try:
            beat()
        except StoreUnavailable:
            if was_heard:
                log.warning("other workers do not hear of this one")
            was_heard = False
        else:
            was_heard = True
