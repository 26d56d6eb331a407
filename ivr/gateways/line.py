"""A live call and the line it came over: whichever ends first takes the other with it."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from ivr.live.wire import LiveCall
from ivr.trace import trace

log = logging.getLogger(__name__)

_GONE = (OSError, EOFError)


async def carry(
    call: LiveCall, *, reading: Coroutine[Any, Any, None], sending: Coroutine[Any, Any, None]
) -> None:
    """Run a call until it is over or its line is.

    `reading` brings the caller's sound and keys, `sending` takes ours. Either returns, or raises
    OSError or EOFError, once the line is gone. `reading` goes on while the call takes its leave.
    """
    line = [asyncio.create_task(reading), asyncio.create_task(sending)]
    running = asyncio.create_task(call.run())
    try:
        await asyncio.wait([running, *line], return_when=asyncio.FIRST_COMPLETED)
    finally:
        call.hang_up()
        leaving = asyncio.create_task(_leave(running, line))
        try:
            await asyncio.shield(leaving)
        except asyncio.CancelledError:  # the service stops while the call takes its leave
            await leaving
            raise


async def _leave(running: "asyncio.Task[None]", line: list["asyncio.Task[None]"]) -> None:
    await asyncio.wait([running])
    for task in line:
        task.cancel()
    for came_of_it in await asyncio.gather(*line, running, return_exceptions=True):
        if isinstance(came_of_it, Exception) and not isinstance(came_of_it, _GONE):
            log.error("a line failed", extra=trace(came_of_it))
