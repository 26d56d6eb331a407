"""A short day of made-up callers through real models, into a real database."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from biometrics.storage.database import open_engine
from ivr.errors import BadDay
from ivr.journal.record import CallRecord, Outcome
from ivr.journal.sql_journal import SqlJournal
from ivr.simulate.day.run import Day, Played, Wanted, play, prepared, simulate
from ivr.simulate.day.stock import stock

WANTED = Wanted(day=date(2026, 11, 20), zone=ZoneInfo("Europe/Berlin"), calls=10, weeks=0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("day")


@pytest.fixture(scope="module")
def day(folder: Path) -> Iterator[Day]:
    day = prepared(WANTED, folder, lambda *_: None)
    # By itself, so that what is in the file is the journal's alone.
    engine = open_engine(f"sqlite:///{folder / 'journal.db'}")
    day.house.__dict__["journal"] = SqlJournal(engine)
    day.house.directory.put(one.entry for one in day.people)
    day.house.serving.demo.stock(stock(day.people, WANTED.day))
    yield day
    day.house.close()
    engine.dispose()


@pytest.fixture(scope="module")
def played(day: Day) -> tuple[Played, ...]:
    return play(day)


@pytest.fixture(scope="module")
def records(day: Day, played: tuple[Played, ...]) -> tuple[CallRecord, ...]:
    scope = day.scope
    return day.house.journal.latest(scope, most=100)


def test_where_something_is_kept_no_day_is_played(tmp_path: Path) -> None:
    (tmp_path / "keys.db").touch()

    with pytest.raises(BadDay, match="holds a database already"):
        simulate(WANTED, tmp_path, lambda *_: None)

    assert [one.name for one in tmp_path.iterdir()] == ["keys.db"]


def test_every_call_is_written_down_at_its_simulated_time(
    day: Day, played: tuple[Played, ...], records: tuple[CallRecord, ...]
) -> None:
    assert [one.refused for one in played] == [""] * len(day.plan)
    assert sorted(one.began_at for one in records) == [one.call.at for one in played]
    assert {one.gateway for one in records} == {"simulated"}
    assert all(one.ended_at > one.began_at for one in records)
    assert Outcome.FAILED not in {one.outcome for one in records}


def test_what_is_decided_is_what_real_calls_are_told(records: tuple[CallRecord, ...]) -> None:
    assert {one.outcome for one in records} >= {Outcome.SERVED, Outcome.HANDED_OVER}
    known = [one for one in records if one.is_known]
    assert all(one.verification for one in known)
    assert all(one.queue and one.token for one in records if one.outcome is Outcome.HANDED_OVER)


def test_nothing_in_the_journal_tells_who_called_or_what_was_said(
    day: Day, folder: Path, records: tuple[CallRecord, ...]
) -> None:
    assert records
    kept = b"".join(file.read_bytes() for file in folder.glob("journal.db*"))
    assert records[0].id.encode() in kept
    text = kept.decode("latin-1")

    for call in day.plan:
        for fact in ("flight", "amount", "order_number", "card_last4"):
            # Digests hold four digits in a row by chance.
            alone = rf"(?<![0-9a-f]){re.escape(call.facts[fact])}(?![0-9a-f])"
            assert re.search(alone, text) is None
        if call.customer:
            entry = call.customer.entry
            assert entry.numbers[0].e164.encode() not in kept
            assert entry.numbers[0].e164.removeprefix("+49").encode() not in kept
            assert entry.caller.customer_id.encode() not in kept
            assert entry.caller.name.encode() not in kept
        assert call.id.encode() not in kept
    for word in (b"Koffer", b"suitcase", b"Maschine", b"plane", b"Guten Tag", b"Hallo"):
        assert word not in kept
