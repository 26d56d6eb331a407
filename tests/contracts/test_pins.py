"""What every store of PINs does, in memory and in a database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from fakes.databases import SQL, an_engine
from sqlalchemy import create_engine

from biometrics import SubjectId
from ivr.verify.attempts import Locked
from ivr.verify.memory_pins import MemoryPins
from ivr.verify.pin import Cost, PinRecord
from ivr.verify.pins import Kept, Pins, Try
from ivr.verify.sql_pins import SqlPins

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
KLAUS, ERNA = SubjectId("s-klaus"), SubjectId("s-erna")
RECORD = PinRecord(salt=b"s" * 16, digest=b"d" * 32, cost=Cost(n=16, r=1, p=2))
OTHER = PinRecord(salt=b"t" * 16, digest=b"e" * 32, cost=Cost())


@pytest.fixture(params=["memory", *SQL])
def pins(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pins]:
    if request.param == "memory":
        yield MemoryPins()
        return
    with an_engine(request, tmp_path) as engine:
        yield SqlPins(engine, key=b"k" * 32)


def test_where_no_pin_is_set_there_is_nothing_to_try_or_reset(pins: Pins) -> None:
    assert pins.standing(KLAUS) is None
    assert pins.take_try(KLAUS, most_wrong=3) is None
    assert not pins.forgive(KLAUS)
    assert not pins.remove(KLAUS)


def test_a_try_counts_before_anything_is_compared(pins: Pins) -> None:
    pins.put(KLAUS, RECORD, NOW)

    assert pins.take_try(KLAUS, most_wrong=3) == Try(record=RECORD, is_last=False)
    assert pins.standing(KLAUS) == Kept(set_at=NOW, wrong=1)


def test_after_the_last_try_none_is_left_whatever_time_it_is(pins: Pins) -> None:
    pins.put(KLAUS, RECORD, NOW)

    tries = [pins.take_try(KLAUS, most_wrong=3) for _ in range(5)]

    assert tries == [
        Try(record=RECORD, is_last=False),
        Try(record=RECORD, is_last=False),
        Try(record=RECORD, is_last=True),
        Locked(until=None),
        Locked(until=None),
    ]
    assert pins.standing(KLAUS) == Kept(set_at=NOW, wrong=3)


def test_each_subject_has_a_count_of_its_own(pins: Pins) -> None:
    pins.put(KLAUS, RECORD, NOW)
    pins.put(ERNA, OTHER, NOW)
    for _ in range(3):
        pins.take_try(KLAUS, most_wrong=3)

    assert pins.take_try(ERNA, most_wrong=3) == Try(record=OTHER, is_last=False)


def test_counting_anew_gives_every_try_back(pins: Pins) -> None:
    pins.put(KLAUS, RECORD, NOW)
    for _ in range(3):
        pins.take_try(KLAUS, most_wrong=3)

    assert pins.forgive(KLAUS)
    assert pins.take_try(KLAUS, most_wrong=3) == Try(record=RECORD, is_last=False)


def test_a_new_pin_takes_the_place_of_the_old_one_and_of_its_count(pins: Pins) -> None:
    pins.put(KLAUS, RECORD, NOW)
    pins.take_try(KLAUS, most_wrong=3)
    later = NOW + timedelta(days=1)

    pins.put(KLAUS, OTHER, later)

    assert pins.standing(KLAUS) == Kept(set_at=later, wrong=0)
    assert pins.take_try(KLAUS, most_wrong=3) == Try(record=OTHER, is_last=False)


def test_what_is_removed_is_gone(pins: Pins) -> None:
    pins.put(KLAUS, RECORD, NOW)

    assert pins.remove(KLAUS)
    assert pins.standing(KLAUS) is None
    assert not pins.remove(KLAUS)


def test_calls_side_by_side_have_no_more_tries_than_one(pins: Pins) -> None:
    pins.put(KLAUS, RECORD, NOW)
    taken: list[object] = []
    calls = [
        Thread(target=lambda: taken.append(pins.take_try(KLAUS, most_wrong=3))) for _ in range(8)
    ]
    for call in calls:
        call.start()
    for call in calls:
        call.join()

    assert sum(isinstance(one, Try) for one in taken) == 3
    assert taken.count(Locked(until=None)) == 5


def test_the_table_names_nobody(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'pins.db'}")
    SqlPins(engine, key=b"k" * 32).put(KLAUS, RECORD, NOW)
    engine.dispose()

    assert b"s-klaus" not in (tmp_path / "pins.db").read_bytes()
