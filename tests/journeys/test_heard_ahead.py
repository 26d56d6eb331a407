"""A turn is heard before it is certain that it is over, and nothing shows of that."""

import gc
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from biometrics import Waveform
from ivr.call import CallId, Transcript, Unheard
from ivr.listen.wav import read_wav
from ivr.result import Result, new_call_id
from ivr.turn import Live, Turn
from ivr.wiring import House

CALLS = (
    ("+4989123456", "klaus-flight.wav"),
    ("+4989123456", "impostor-flight.wav"),
    ("+442079460018", "emily-refund.wav"),
    ("+492117654321", "stranger-weather.wav"),
)

Sound = Callable[[str], Waveform]


@pytest.fixture
def sound(house: House, fixtures: Path) -> Sound:
    return lambda name: read_wav((fixtures / name).read_bytes(), house.settings.listen)


def live_turn(house: House, number: str, sound: Waveform) -> Turn:
    def words() -> Transcript | Unheard:
        return Unheard.NOISE

    return Turn(
        call_id=CallId(new_call_id()),
        number=house.read_number(number),
        live=Live(sound=sound, words=words),
    )


def answered(house: House, turn: Turn) -> Result:
    return house.switchboard.take(turn, now=datetime.now(UTC)).result


def rows(house: House) -> dict[str, int]:
    """How much is written down, table by table."""
    engine = house.voices.engine
    with engine.connect() as connection:
        return {
            table: connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one()  # noqa: S608 - the database's own names
            for table in inspect(engine).get_table_names()
        }


@pytest.mark.parametrize(("number", "name"), CALLS)
def test_to_hear_a_turn_ahead_writes_nothing_and_begins_no_call(
    house: House, sound: Sound, number: str, name: str
) -> None:
    turn = live_turn(house, number, sound(name))
    assert answered(house, replace(turn, call_id=CallId(new_call_id()))).verification
    before = rows(house)

    ahead = house.switchboard.rehearse(turn)

    assert ahead is not None
    assert ahead.answers
    assert before == rows(house)
    assert turn.call_id not in house.switchboard._calls


@pytest.mark.parametrize(("number", "name"), CALLS)
def test_a_turn_that_was_heard_ahead_has_the_same_verdict(
    house: House, sound: Sound, number: str, name: str
) -> None:
    heard = sound(name)
    plain = answered(house, live_turn(house, number, heard))
    turn = live_turn(house, number, heard)
    assert turn.live is not None

    ahead = house.switchboard.rehearse(turn)
    quick = answered(house, replace(turn, live=replace(turn.live, ahead=ahead)))

    assert plain.verification == quick.verification


def test_each_turn_is_counted_once_however_often_it_was_heard_ahead(
    house: House, sound: Sound
) -> None:
    heard = sound("impostor-flight.wav")
    turn = live_turn(house, "+4989123456", heard)
    answered(house, live_turn(house, "+4989123456", heard))
    before = rows(house)
    answered(house, live_turn(house, "+4989123456", heard))
    once = rows(house)

    for _ in range(3):
        house.switchboard.rehearse(turn)
    answered(house, turn)

    added = {table: once[table] - before[table] for table in once}
    assert added == {table: count - once[table] for table, count in rows(house).items()}


def test_nothing_that_was_heard_ahead_outlives_its_turn(house: House, sound: Sound) -> None:
    turn = live_turn(house, "+4989123456", sound("klaus-flight.wav"))
    assert turn.live is not None
    turn = replace(turn, live=replace(turn.live, ahead=house.switchboard.rehearse(turn)))
    assert len(house.voices.beforehand) > 0

    answered(house, turn)
    del turn
    gc.collect()

    assert len(house.voices.beforehand) == 0
