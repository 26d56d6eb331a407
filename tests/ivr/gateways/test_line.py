"""A call and its line end together, whichever ends first."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from fakes.log_lines import logged

from ivr.gateways.line import carry

Work = Coroutine[Any, Any, None]


class FakeCall:
    """Goes on until it is told to end, or the caller hangs up."""

    def __init__(self, *, ends_by_itself: bool = False, fails: Exception | None = None) -> None:
        self.over = asyncio.Event()
        self.gone = 0
        self.has_left = False
        self.fails = fails
        if ends_by_itself:
            self.over.set()

    async def run(self) -> None:
        await self.over.wait()
        for _ in range(5):
            await asyncio.sleep(0)
        self.has_left = True
        if self.fails is not None:
            raise self.fails

    async def hear(self, sound: bytes) -> None: ...

    async def press(self, keys: str) -> None: ...

    def hang_up(self) -> None:
        self.gone += 1
        self.over.set()


async def forever() -> None:
    await asyncio.Event().wait()


async def at_once() -> None:
    pass


async def raising(err: Exception) -> None:
    raise err


def carried(
    call: FakeCall, *, reading: Work | None = None, sending: Work | None = None
) -> FakeCall:
    async def run() -> None:
        await asyncio.wait_for(
            carry(call, reading=reading or forever(), sending=sending or forever()), 5
        )
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(run())
    return call


@pytest.mark.parametrize("err", [EOFError(), ConnectionResetError(), TimeoutError()])
def test_a_line_that_is_gone_ends_its_call(
    err: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    assert carried(FakeCall(), reading=raising(err)).has_left
    assert carried(FakeCall(), sending=raising(err)).has_left
    assert caplog.records == []


def test_who_hangs_up_ends_the_call() -> None:
    call = carried(FakeCall(), reading=at_once())

    assert call.has_left
    assert call.gone == 1


def test_a_call_that_is_over_ends_its_line() -> None:
    assert carried(FakeCall(ends_by_itself=True)).has_left


@pytest.mark.parametrize("place", ["reading", "sending", "call"])
def test_what_breaks_ends_the_call_and_is_logged_without_its_words(
    place: str, caplog: pytest.LogCaptureFixture
) -> None:
    err = ValueError("+4989123456")
    fails = err if place == "call" else None
    line = {} if place == "call" else {place: raising(err)}

    with caplog.at_level(logging.INFO):
        call = carried(FakeCall(fails=fails, ends_by_itself=place == "call"), **line)

    assert call.has_left
    assert [record.getMessage() for record in caplog.records] == ["a line failed"]
    assert "4989" not in str(logged(caplog.records))


@pytest.mark.parametrize("reading", [forever, at_once])
def test_a_service_that_stops_lets_the_call_take_its_leave(
    reading: Callable[[], Work],
) -> None:
    """Even where it has begun to."""

    async def run() -> FakeCall:
        call = FakeCall()
        carrying = asyncio.create_task(carry(call, reading=reading(), sending=forever()))
        await asyncio.sleep(0)
        if reading is at_once:
            await call.over.wait()
        carrying.cancel()
        with pytest.raises(asyncio.CancelledError):
            await carrying
        assert len(asyncio.all_tasks()) == 1
        return call

    assert asyncio.run(run()).has_left
