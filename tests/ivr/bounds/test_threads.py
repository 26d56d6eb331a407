"""Work that hangs gives its place back."""

import asyncio
from threading import Event

import pytest
from anyio import CapacityLimiter

from ivr.bounds.threads import in_thread
from ivr.errors import TooLate

SOON_S, LONG_S = 0.03, 30


def test_what_hangs_is_given_up_and_its_place_with_it() -> None:
    release = Event()

    async def run() -> str:
        limiter = CapacityLimiter(1)
        with pytest.raises(TooLate):
            await in_thread(release.wait, limiter=limiter, within_s=SOON_S)
        return await in_thread(lambda: "next", limiter=limiter, within_s=LONG_S)

    try:
        assert asyncio.run(run()) == "next"
    finally:
        release.set()


def test_waiting_for_a_place_counts() -> None:
    async def run() -> None:
        limiter = CapacityLimiter(1)
        limiter.acquire_on_behalf_of_nowait("somebody else")
        with pytest.raises(TooLate):
            await in_thread(lambda: None, limiter=limiter, within_s=SOON_S)

    asyncio.run(run())


def test_a_time_that_runs_out_in_the_work_is_its_own() -> None:
    def fail() -> None:
        raise TimeoutError("its own")

    async def run() -> None:
        with pytest.raises(TimeoutError, match="its own"):
            await in_thread(fail, limiter=CapacityLimiter(1), within_s=LONG_S)

    asyncio.run(run())
