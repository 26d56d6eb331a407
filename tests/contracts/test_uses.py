"""What every record of last uses does, in memory and in a database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.databases import SQL, an_engine

from biometrics import MemoryUses, SubjectId, Uses
from biometrics.records.sql_uses import SqlUses

KLAUS, ERNA = SubjectId("s-klaus"), SubjectId("s-erna")
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(params=["memory", *SQL])
def uses(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Uses]:
    if request.param == "memory":
        yield MemoryUses()
        return
    with an_engine(request, tmp_path) as engine:
        yield SqlUses(engine)


def test_a_voice_that_was_never_used_has_no_last_use(uses: Uses) -> None:
    assert uses.last(KLAUS) is None
    assert uses.idle_since(NOW) == ()


def test_within_a_day_nothing_is_noted_again(uses: Uses) -> None:
    uses.note(KLAUS, NOW)
    uses.note(KLAUS, NOW + DAY / 2)
    assert uses.last(KLAUS) == NOW

    uses.note(KLAUS, NOW + DAY)
    assert uses.last(KLAUS) == NOW + DAY


def test_a_clock_that_was_set_back_shortens_nothing(uses: Uses) -> None:
    uses.note(KLAUS, NOW)
    uses.note(KLAUS, NOW - 5 * DAY)

    assert uses.last(KLAUS) == NOW


def test_idle_are_those_whose_last_use_is_long_ago(uses: Uses) -> None:
    uses.note(KLAUS, NOW)
    uses.note(ERNA, NOW + DAY)

    assert uses.idle_since(NOW - DAY) == ()
    assert uses.idle_since(NOW) == (KLAUS,)
    assert uses.idle_since(NOW + DAY) == (ERNA, KLAUS)


def test_what_is_forgotten_is_gone(uses: Uses) -> None:
    uses.note(KLAUS, NOW)
    uses.forget(KLAUS)
    uses.forget(ERNA)

    assert uses.last(KLAUS) is None
