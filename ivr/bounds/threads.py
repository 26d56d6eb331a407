"""Work on threads for the event loop, which is left behind where it takes too long."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, fail_after
from anyio.to_thread import run_sync

from ivr.errors import TooLate

T = TypeVar("T")


async def in_thread(work: Callable[[], T], *, limiter: CapacityLimiter, within_s: float) -> T:
    """Wait for a place and for the work; what is given up gives its place back at once.

    Raises:
        TooLate: it took longer, waiting included.
    """
    try:
        with fail_after(within_s) as scope:
            return await run_sync(work, limiter=limiter, abandon_on_cancel=True)
    except TimeoutError as err:
        if not scope.cancelled_caught:  # the work itself ran out of time
            raise
        raise TooLate(f"A turn took longer than {within_s:g} s and was given up.") from err
