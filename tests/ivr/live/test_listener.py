"""Recognition that is fed from the event loop and done in threads."""

import asyncio
import gc
import weakref
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from fakes.live import FakeHearing

from ivr.live.listener import EarlyWords, Listener
from ivr.live.wire import FRAME_BYTES
from ivr.turn import Tried

T = TypeVar("T")


async def at_once(work: Callable[[], T]) -> T:
    return work()


async def a_moment() -> None:
    """Whatever can happen without waiting happens."""
    for _ in range(100):
        await asyncio.sleep(0)


def test_what_was_heard_goes_with_its_turn_and_waits_for_no_search_for_garbage() -> None:
    async def run() -> None:
        hearing = FakeHearing("ja")
        is_kept = weakref.ref(hearing)
        listener = Listener(
            partial(_given, [hearing]),
            lambda heard: Tried(heard=heard),
            at_once,
            rehearse=lambda _: None,
            early=EarlyWords(are_needed=lambda: False, tell=lambda _: None),
        )
        listener.feed(bytes(10 * FRAME_BYTES), is_speech=True)
        listener.pause()
        del hearing
        await a_moment()
        assert is_kept() is not None
        listener.close()
        del listener
        await a_moment()
        assert is_kept() is None

    gc.disable()
    try:
        asyncio.run(run())
    finally:
        gc.enable()


def _given(hearings: list[FakeHearing]) -> FakeHearing:
    return hearings.pop()


def test_what_is_tried_at_a_pause_ends_with_the_first_frame_of_more_speech() -> None:
    hearing = FakeHearing("ja")

    async def run() -> None:
        listener = Listener(
            lambda: hearing,
            lambda heard: Tried(heard=heard),
            at_once,
            rehearse=lambda _: None,
            early=EarlyWords(are_needed=lambda: False, tell=lambda _: None),
        )
        listener.feed(bytes(10 * FRAME_BYTES), is_speech=True)
        listener.pause()
        await a_moment()
        assert hearing.trial is not None
        listener.feed(bytes(FRAME_BYTES), is_speech=True)
        await a_moment()
        assert hearing.trial is None
        listener.close()

    asyncio.run(run())
