"""What only a count that many share has to stand."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from biometrics import StoreUnavailable, SubjectId
from ivr.settings import AttemptSettings
from ivr.verify.attempts import AttemptKeys, Kind, Locked, Whose
from ivr.verify.sql_attempts import SqlAttempts

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
KLAUS = AttemptKeys(subject=SubjectId("s-klaus"), number="+4989123456", source="gateway")
WHOSE = Whose(kind=Kind.SUBJECT, value="s-klaus")


def attempts(folder: Path, key: bytes = b"k" * 32) -> SqlAttempts:
    address = f"sqlite:///{folder / 'attempts.db'}"
    return SqlAttempts(address, key=key, settings=AttemptSettings())


def test_without_its_database_nothing_may_be_tried(tmp_path: Path) -> None:
    gone = SqlAttempts(
        f"sqlite:///{tmp_path / 'no' / 'attempts.db'}", key=b"k", settings=AttemptSettings()
    )

    for ask in (gone.may_try, gone.failed, gone.succeeded):
        with pytest.raises(StoreUnavailable):
            ask(KLAUS, NOW)


def test_no_failure_is_lost_when_many_come_at_once(tmp_path: Path) -> None:
    processes = [attempts(tmp_path) for _ in range(4)]
    attempts(tmp_path).may_try(KLAUS, NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda each: [each.failed(KLAUS, NOW) for _ in range(5)], processes))

    (standing,) = attempts(tmp_path).standing(WHOSE, NOW)
    assert standing.failures == 20


def test_a_lock_outlives_the_process(tmp_path: Path) -> None:
    before = attempts(tmp_path)
    for _ in range(5):
        before.failed(KLAUS, NOW)

    assert isinstance(attempts(tmp_path).may_try(KLAUS, NOW), Locked)


def test_with_another_key_nobody_is_recognised_in_the_table(tmp_path: Path) -> None:
    attempts(tmp_path).failed(KLAUS, NOW)

    assert attempts(tmp_path, key=b"another").standing(WHOSE, NOW) == ()


def test_an_engine_that_others_use_too_is_taken_as_it_is(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'attempts.db'}")

    SqlAttempts(engine, key=b"k" * 32, settings=AttemptSettings()).failed(KLAUS, NOW)

    (standing,) = attempts(tmp_path).standing(WHOSE, NOW)
    assert standing.failures == 1
    engine.dispose()
