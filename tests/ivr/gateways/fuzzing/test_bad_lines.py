"""Streams over bad lines, alike for every adapter: who reads slowly, and who says nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from tests.ivr.gateways.fuzzing.asgi import AsgiSocket, SocketDoor
from tests.ivr.gateways.fuzzing.targets import TARGETS

STREAMS = (
    "asterisk-websocket",
    "audio-fork",
    "audio-stream",
    "jambonz-listen",
    "phone",
    "twilio-media",
)

FRAME = bytes(range(160)) * 2
FRAMES = 1_000
MOST_KEPT = 300
"""Messages, a few seconds of sound: more is not kept for who does not read."""


@asynccontextmanager
async def opened(name: str) -> AsyncIterator[SocketDoor]:
    async with TARGETS[name]() as door:
        assert isinstance(door, SocketDoor)
        yield door


async def accepted(door: SocketDoor) -> AsgiSocket:
    socket = await door.dial()
    assert (await socket.heard())["type"] == "websocket.accept"
    return socket


@pytest.mark.parametrize("name", STREAMS)
def test_who_does_not_read_costs_little_and_holds_nobody_up(name: str) -> None:
    async def run() -> int:
        async with opened(name) as door, asyncio.timeout(5):
            slow = await accepted(door)
            slow.may_read.clear()
            for _ in range(FRAMES):
                slow.say(FRAME)
                await asyncio.sleep(0)
            await door.steady()
            slow.may_read.set()
            await asyncio.sleep(0.05)
            await slow.gone()
            return slow.out.qsize()

    assert asyncio.run(run()) <= MOST_KEPT


@pytest.mark.parametrize("name", STREAMS)
def test_who_vanishes_without_reading_leaves_no_call_behind(name: str) -> None:
    async def run() -> int:
        async with opened(name) as door, asyncio.timeout(5):
            slow = await accepted(door)
            slow.may_read.clear()
            for _ in range(FRAMES // 10):
                slow.say(FRAME)
            await asyncio.sleep(0)
            await slow.gone()
            return door.going_on

    assert asyncio.run(run()) == 0


def test_two_seconds_of_nothing_end_no_call() -> None:
    async def run() -> None:
        async with AsyncExitStack() as doors:
            all_of_them = [await doors.enter_async_context(opened(name)) for name in STREAMS]
            for door in all_of_them:
                await door.steady()
            await asyncio.sleep(2)
            for door in all_of_them:
                await door.steady()

    asyncio.run(run())
