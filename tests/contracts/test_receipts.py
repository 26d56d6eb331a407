"""What every keeper of receipts does, in memory and in a database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.databases import SQL, an_engine

from biometrics import StoreUnavailable
from biometrics.storage.database import open_engine, reading
from ivr.call import Assurance, CustomerId
from ivr.errand import Errand, Step
from ivr.serve.receipts import MemoryReceipts, Receipt, Receipts, State, name_of
from ivr.serve.sql_receipts import SqlReceipts

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ERRAND = Errand(
    intent="block_card",
    slots={"card_last4": "4417"},
    customer_id=CustomerId("C-1001"),
    assurance=Assurance.VOICE,
    key="k-1",
)
DOING = Receipt(name=name_of(ERRAND), state=State.DOING, at=NOW)


@pytest.fixture(params=["memory", *SQL])
def receipts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Receipts]:
    if request.param == "memory":
        yield MemoryReceipts()
        return
    with an_engine(request, tmp_path) as engine:
        yield SqlReceipts(engine)


def test_there_is_none_before_the_first(receipts: Receipts) -> None:
    assert receipts.find(DOING.name) is None


def test_the_first_of_a_name_is_written_once(receipts: Receipts) -> None:
    assert receipts.replace(None, DOING)
    assert not receipts.replace(None, DOING.now(State.DONE, NOW))

    assert receipts.find(DOING.name) == DOING


def test_whoever_saw_another_state_changes_nothing(receipts: Receipts) -> None:
    receipts.replace(None, DOING)

    assert not receipts.replace(DOING.now(State.DONE, NOW), DOING.now(State.UNDONE, NOW))
    assert not receipts.replace(replace(DOING, times=1), DOING.now(State.DONE, NOW))
    assert receipts.find(DOING.name) == DOING


def test_whoever_saw_it_as_it_stands_may_change_it(receipts: Receipts) -> None:
    receipts.replace(None, DOING)
    done = DOING.now(State.DONE, NOW + timedelta(seconds=1))

    assert receipts.replace(DOING, done)
    assert receipts.find(DOING.name) == done


def test_of_many_at_once_one_writes(receipts: Receipts) -> None:
    with ThreadPoolExecutor(8) as threads:
        written = list(threads.map(lambda _: receipts.replace(None, DOING), range(16)))

    assert written.count(True) == 1


def test_what_is_old_is_forgotten_and_nothing_else(receipts: Receipts) -> None:
    young = Receipt(name=name_of(replace(ERRAND, key="k-2")), state=State.DONE, at=NOW)
    receipts.replace(None, replace(DOING, at=NOW - timedelta(hours=49)))
    receipts.replace(None, young)

    assert receipts.forget(NOW - timedelta(hours=48)) == 1
    assert receipts.find(DOING.name) is None
    assert receipts.find(young.name) == young


def test_every_step_of_an_errand_has_the_same_name() -> None:
    assert name_of(replace(ERRAND, step=Step.UNDO)) == name_of(ERRAND)


@pytest.mark.parametrize(
    "other",
    [
        replace(ERRAND, key="k-2"),
        replace(ERRAND, customer_id=CustomerId("C-1002")),
        replace(ERRAND, intent="unblock_card"),
    ],
)
def test_another_errand_has_another_name(other: Errand) -> None:
    assert name_of(other) != name_of(ERRAND)


def test_nothing_about_a_customer_is_written_down(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'receipts.db'}")
    SqlReceipts(engine).replace(None, DOING)

    with reading(engine) as connection:
        told = str(connection.exec_driver_sql("SELECT * FROM receipts").all())
    engine.dispose()

    assert DOING.name in told
    assert not [word for word in ("C-1001", "4417", "k-1", "block_card") if word in told]


def test_a_database_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    receipts = SqlReceipts(f"sqlite:///{tmp_path / 'nowhere' / 'receipts.db'}")

    with pytest.raises(StoreUnavailable):
        receipts.find(DOING.name)
