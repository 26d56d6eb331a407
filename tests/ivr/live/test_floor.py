"""Streamed calls that stand still are found; those that must end are told."""

import asyncio
import logging
from dataclasses import dataclass, field

import pytest

from ivr.bounds.tally import Tally
from ivr.call import CallId
from ivr.live.floor import Floor
from ivr.marks import call_mark
from ivr.settings import LoadSettings

SETTINGS = LoadSettings(stuck_call_s=30, longest_call_s=100)


@dataclass
class FakeCall:
    still_s: float = 0.0
    away: list[str] = field(default_factory=list)
    given_up: int = 0

    def stands_still_s(self) -> float:
        return self.still_s

    def send_away(self, why: str) -> None:
        self.away.append(why)

    def give_up(self) -> None:
        self.given_up += 1


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Place:
    tally: Tally = field(default_factory=Tally)
    clock: Clock = field(default_factory=Clock)
    gone: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.floor = Floor(SETTINGS, self.tally, clock=self.clock)

    def enter(self, name: str, call: FakeCall) -> FakeCall:
        self.floor.enter(CallId(name), call, lambda: self.gone.append(name))
        return call


def test_a_call_that_stands_still_is_given_up_and_its_place_with_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    place = Place()
    stuck, moving = place.enter("a", FakeCall(31)), place.enter("b", FakeCall(29))

    place.floor.look()
    place.floor.look()

    assert (stuck.given_up, moving.given_up) == (1, 0)
    assert place.gone == ["a"]
    assert len(place.floor) == 1
    assert place.tally.counts() == {("call_stuck", ""): 1}
    told = [(one.levelno, one.message, vars(one)["call"]) for one in caplog.records]
    assert told == [(logging.ERROR, "a call is stuck", call_mark(CallId("a")))]


def test_a_call_that_goes_on_for_too_long_is_told_once_and_keeps_its_place() -> None:
    place = Place()
    call = place.enter("a", FakeCall())
    place.clock.now = 101

    place.floor.look()
    place.floor.look()

    assert call.away == ["the call went on for too long"]
    assert place.gone == []
    assert place.tally.counts() == {("call_too_long", ""): 1}


def test_everybody_is_told_when_the_service_ends_and_nobody_twice() -> None:
    place = Place()
    calls = [place.enter(name, FakeCall()) for name in "ab"]
    place.enter("c", FakeCall())
    place.floor.leave(CallId("c"))

    place.floor.send_away()
    place.floor.send_away()

    assert [call.away for call in calls] == [["the service ends"]] * 2


def test_somebody_looks_as_long_as_the_service_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.live.floor._LOOK_EVERY_S", 0.001)
    place = Place()
    stuck = place.enter("a", FakeCall(31))

    async def run() -> None:
        async with place.floor.watched():
            while not stuck.given_up:  # noqa: ASYNC110 - nobody there would set an event
                await asyncio.sleep(0.002)

    asyncio.run(run())

    assert place.gone == ["a"]
