"""How late the event loop is: what keeps it busy keeps every live call from its next frame."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from ivr.seeing import measures
from ivr.seeing.measure import Meter

_EVERY_S = 0.25


@asynccontextmanager
async def watched_loop(meter: Meter) -> AsyncIterator[None]:
    """Looks every quarter of a second until left."""
    watching = asyncio.create_task(_watch(meter))
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.wait([watching])


async def _watch(meter: Meter) -> None:
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + _EVERY_S
        await asyncio.sleep(_EVERY_S)
        meter.time(measures.LOOP_LAG, max(loop.time() - due, 0.0))
