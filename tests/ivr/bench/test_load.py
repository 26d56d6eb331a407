"""A service of its own is called by the clock, over real sockets, measured small."""

import asyncio
from pathlib import Path

import pytest

from ivr.bench.lines import Heard, spoken
from ivr.bench.load import ENGLISH, Ladder, Level, _counted, _row, capacity, climb
from ivr.bench.soak import Soak, soaked
from ivr.call import CallId
from ivr.errors import ModelMissing
from ivr.simulate.caller import Caller, Manners, TurnTimes
from ivr.simulate.leg import Door, Line
from ivr.simulate.legs.audiosocket import AudioSocketLeg
from ivr.simulate.own_service import own_service
from ivr.wiring import House

FIXTURES = Path(__file__).parents[3] / "audio_fixtures"


def level(calls: int, *times: int, refused: int = 0) -> Level:
    return Level(calls=calls, answer_ms=times, early=0, unanswered=0, refused=refused)


@pytest.mark.parametrize(
    ("levels", "most"),
    [
        ([], 0),
        ([level(1)], 0),
        ([level(1, 1_200)], 0),
        ([level(1, 400), level(2, 500, refused=1)], 1),
        ([level(1, 400), level(2, 500), level(4, 900, 1_300)], 2),
        ([level(1, 400), level(2, 1_300), level(4, 900)], 1),
    ],
)
def test_the_capacity_is_the_last_level_before_one_is_late(levels: list[Level], most: int) -> None:
    assert capacity(levels, 1_000) == most


def caller(*answers: int | None) -> Caller:
    line = Line(call_id=CallId("c"), number="+49")
    found = Caller(AudioSocketLeg(line, Door(url="http://127.0.0.1:1")), Manners())
    found.turns += [
        TurnTimes(title="t", begins_ms=0, speech_ends_ms=1_000, answer_ms=answer)
        for answer in answers
    ]
    return found


def test_turns_before_all_called_and_those_that_go_on_are_not_counted() -> None:
    begun, pending, left = caller(1_400, 1_500), caller(1_600, None), caller(None, 1_050)
    heard = Heard(callers=[begun, pending, left], going_on=[pending])

    found = _counted(heard, {id(begun): 1}, 3)

    assert found.answer_ms == (500, 600)
    assert (found.early, found.unanswered) == (1, 1)


def test_a_level_is_a_row() -> None:
    assert _row("all", level(2, 400, 500), 1)[:6] == ("all", "2", "2", "450", "585", "no")


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_real_service_is_loaded_and_soaked(tmp_path: Path) -> None:
    house = House.for_rehearsal(tmp_path)
    try:
        _ = house.words.recogniser_of("whisper")
    except ModelMissing as missing:
        pytest.skip(missing.sentence)
    scripts = spoken(house, FIXTURES, [(number, names[:1]) for number, names in ENGLISH])
    seen: list[tuple[float, float]] = []

    with own_service(FIXTURES, engine="whisper") as service:
        (only,) = climb(service, scripts, Ladder(counts=(1,), seconds=24, limit_ms=60_000))
        wish = Soak(calls=1, minutes=0.02, every_s=2)
        found = asyncio.run(soaked(service, scripts, wish, lambda *one: seen.append(one)))

    assert only.refused == 0
    assert len(only.answer_ms) >= 1
    assert only.cores > 0
    assert (found.calls, found.turns, found.refused) == (1, 1, 0)
    assert tuple(zip(found.minutes, found.memory_mb, strict=True)) == tuple(seen)
    assert min(found.memory_mb) > 100
