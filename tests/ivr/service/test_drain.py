"""Before the service ends, whoever is there is served or handed on."""

import asyncio
import signal
from collections.abc import Callable

import pytest
import uvicorn
from fastapi import FastAPI

from ivr.bounds.admission import Admission
from ivr.errors import HouseFull
from ivr.service.drain import Drain
from ivr.service.draining_server import DrainingServer
from ivr.settings import LoadSettings

LONG_S = 60.0
AT_ONCE = LoadSettings(drain_least_s=0, drain_s=0, farewell_s=0, questions_s=0)


class FakeCalls:
    """So many calls, which end when they are told to, or not at all."""

    def __init__(self, number: int = 0, *, end: bool = True) -> None:
        self.number, self.end = number, end
        self.told = 0

    def __len__(self) -> int:
        return self.number

    def send_away(self) -> None:
        self.told += 1
        if self.end:
            self.number = 0


def drained(
    calls: FakeCalls, admission: Admission, meanwhile: Callable[[], object] = bool, **times: float
) -> None:
    settings = LoadSettings(
        **{"drain_least_s": 0, "drain_s": 0, "farewell_s": 0, "questions_s": 0, **times}
    )  # type: ignore[arg-type]
    drain = Drain(admission=admission, floor=calls, settings=settings)

    async def run() -> None:
        asyncio.get_running_loop().call_later(0.02, meanwhile)
        await asyncio.wait_for(drain.run(), 20)

    asyncio.run(run())


def test_nobody_comes_in_from_the_first_moment_on() -> None:
    admission = Admission()

    drained(FakeCalls(), admission)

    assert admission.is_draining
    with pytest.raises(HouseFull):
        admission.admit()


def test_an_empty_house_ends_at_once() -> None:
    drained(FakeCalls(), Admission(), drain_s=LONG_S, farewell_s=LONG_S)


def test_turns_and_calls_that_go_on_are_waited_for() -> None:
    admission, calls = Admission(), FakeCalls(1)
    turn = admission.live_turn()
    turn.__enter__()

    def over() -> None:
        calls.number = 0
        turn.__exit__(None, None, None)

    drained(calls, admission, over, drain_s=LONG_S)

    assert admission.turns == 0


def test_callers_who_are_there_at_the_end_are_told_and_waited_for() -> None:
    calls = FakeCalls(2)

    drained(calls, Admission(), farewell_s=LONG_S)

    assert (calls.told, calls.number) == (1, 0)


def test_nobody_is_waited_for_for_ever() -> None:
    calls = FakeCalls(2, end=False)

    drained(calls, Admission(), farewell_s=0.05)

    assert calls.told == 1


def server(calls: FakeCalls, **times: float) -> DrainingServer:
    settings = LoadSettings(
        **{"drain_least_s": 0, "drain_s": LONG_S, "farewell_s": 0, "questions_s": 0, **times}
    )  # type: ignore[arg-type]
    config = uvicorn.Config(FastAPI(), host="127.0.0.1", port=0, log_level="critical")
    return DrainingServer(config, Drain(admission=Admission(), floor=calls, settings=settings))


async def ended(serving: DrainingServer, *signals: signal.Signals) -> None:
    task = asyncio.create_task(serving._serve())
    while not serving.started:  # noqa: ASYNC110 - uvicorn tells nobody
        await asyncio.sleep(0.001)
    for one in signals:
        serving.handle_exit(one, None)
        await asyncio.sleep(0.02)
        still = not task.done()
    assert still
    await asyncio.wait_for(task, 20)


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize(
    ("calls", "signals"),
    [
        (0, [signal.SIGTERM]),
        (1, [signal.SIGTERM, signal.SIGTERM]),
        (1, [signal.SIGINT]),
        (1, [signal.SIGTERM, signal.SIGINT]),
    ],
)
def test_the_server_ends_once_nobody_is_left_or_somebody_insists(
    calls: int, signals: list[signal.Signals]
) -> None:
    serving = server(FakeCalls(calls))

    asyncio.run(ended(serving, *signals))

    kept = [signal.SIGINT] * signals.count(signal.SIGINT)
    assert serving._captured_signals == kept
