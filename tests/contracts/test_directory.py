"""What every directory of customers must do."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from biometrics import SubjectId
from ivr.call import Caller, CustomerId, Event, Language, PhoneNumber, Unknown
from ivr.errors import DirectoryUnavailable
from ivr.identify.directory import Directory, Entry, MemoryDirectory
from ivr.identify.profiles import ProfiledDirectory, Profiles
from ivr.identify.sql_directory import SqlDirectory

NUMBER = PhoneNumber(e164="+4989123456")
OTHER = PhoneNumber(e164="+4989654321")
KLAUS = Caller(
    customer_id=CustomerId("C-1"),
    subject=SubjectId("s-1"),
    name="Klaus",
    language=Language.GERMAN,
    birth_date=date(1981, 5, 14),
    tier="vip",
    is_vulnerable=True,
    events=(
        Event(
            kind="flight_cancelled",
            at=datetime(2026, 3, 1, 12, tzinfo=UTC),
            facts={"flight": "LH815"},
            may_mention=True,
        ),
        Event(kind="payment_reminder", at=datetime(2026, 2, 1, tzinfo=UTC)),
    ),
    preferences={"seat": "aisle", "channel": "email"},
)
ERNA = Caller(customer_id=CustomerId("C-2"), subject=SubjectId("s-2"), name="Erna")


@pytest.fixture(params=["memory", "sqlite", "postgres", "profiled"])
def directory(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Directory]:
    if request.param == "memory":
        yield MemoryDirectory()
        return
    if request.param == "profiled":
        yield ProfiledDirectory(
            Profiles(
                directory=MemoryDirectory(),
                roles={},
                patience_s=0,
                clock=lambda: 0,
                now=lambda: datetime(2026, 11, 26, tzinfo=UTC),
            )
        )
        return
    file = f"sqlite:///{tmp_path / 'directory.db'}"
    sql = SqlDirectory(file if request.param == "sqlite" else request.getfixturevalue("postgres"))
    yield sql
    sql.close()


def test_a_number_nobody_has_is_unknown(directory: Directory) -> None:
    assert Unknown() == directory.find(NUMBER)


def test_a_caller_comes_back_whole(directory: Directory) -> None:
    directory.put([Entry(caller=KLAUS, numbers=(NUMBER, OTHER))])

    assert directory.find(NUMBER) == KLAUS
    assert directory.find(OTHER) == KLAUS


def test_a_customer_put_again_loses_numbers_and_events_of_before(directory: Directory) -> None:
    directory.put([Entry(caller=KLAUS, numbers=(NUMBER, OTHER))])
    directory.put([Entry(caller=ERNA, numbers=())])
    newer = Caller(customer_id=KLAUS.customer_id, subject=KLAUS.subject, name="Klaus")
    directory.put([Entry(caller=newer, numbers=(OTHER,))])

    assert Unknown() == directory.find(NUMBER)
    assert newer == directory.find(OTHER)


def test_a_number_moves_to_its_new_customer(directory: Directory) -> None:
    directory.put([Entry(caller=KLAUS, numbers=(NUMBER,))])
    directory.put([Entry(caller=ERNA, numbers=(NUMBER,))])

    assert directory.find(NUMBER) == ERNA
    assert (Entry(caller=KLAUS, numbers=()), Entry(caller=ERNA, numbers=(NUMBER,))) == (
        directory.all()
    )


def test_of_what_is_put_together_the_last_word_counts(directory: Directory) -> None:
    newer = replace(ERNA, name="Ernestine")
    directory.put(
        [
            Entry(caller=ERNA, numbers=(NUMBER, OTHER)),
            Entry(caller=KLAUS, numbers=(NUMBER,)),
            Entry(caller=newer, numbers=(OTHER,)),
        ]
    )

    assert directory.all() == (
        Entry(caller=KLAUS, numbers=(NUMBER,)),
        Entry(caller=newer, numbers=(OTHER,)),
    )


def test_a_directory_that_is_gone_says_so_and_tells_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "directory.db"
    directory = SqlDirectory(f"sqlite:///{broken}")
    directory.close()
    broken.write_bytes(b"no database " * 1000)

    with pytest.raises(DirectoryUnavailable) as refusal:
        directory.find(NUMBER)
    directory.close()

    assert "+4989" not in str(refusal.value)


def test_a_failed_import_changes_nothing(tmp_path: Path) -> None:
    directory = SqlDirectory(f"sqlite:///{tmp_path / 'directory.db'}")
    nobody = Caller(customer_id=CustomerId("C-3"), subject=SubjectId("s-3"), name=None)  # type: ignore[arg-type]

    with pytest.raises(DirectoryUnavailable):
        directory.put([Entry(caller=ERNA, numbers=(NUMBER,)), Entry(caller=nobody, numbers=())])

    assert directory.all() == ()
    directory.close()


def test_a_directory_from_before_preferences_opens_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "directory.db"
    directory = SqlDirectory(f"sqlite:///{file}")
    directory.put([Entry(caller=ERNA, numbers=(NUMBER,))])
    directory.close()
    with closing(sqlite3.connect(file)) as older:
        older.execute("DROP TABLE customer_preferences")

    directory = SqlDirectory(f"sqlite:///{file}")

    assert directory.find(NUMBER) == ERNA
    directory.put([Entry(caller=KLAUS, numbers=(OTHER,))])
    assert directory.find(OTHER) == KLAUS
    directory.close()
