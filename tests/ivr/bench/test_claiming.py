"""Both databases side by side; the one that is not here is said."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from ivr.bench import claiming
from ivr.bench.claiming import claims_chart
from ivr.errors import ModelMissing


@contextmanager
def _none() -> Iterator[str]:
    raise ModelMissing("psycopg is not installed.")
    yield ""


def test_a_database_that_cannot_be_had_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claiming, "own_postgres", _none)

    chart = claims_chart(rounds=1, callers=4, desks=(2,))

    assert [row[0] for row in chart.rows] == ["SQLite", "PostgreSQL"]
    assert chart.rows[1][1] == "psycopg is not installed."
    assert {len(row) for row in chart.rows} == {len(chart.columns)}


def test_both_are_measured_where_they_are_here(
    postgres_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", postgres_server)

    chart = claims_chart(rounds=1, callers=4, desks=(1, 2))

    assert [row[:2] for row in chart.rows] == [
        ("SQLite", "1"),
        ("PostgreSQL", "1"),
        ("SQLite", "2"),
        ("PostgreSQL", "2"),
    ]
    assert {row[-1] for row in chart.rows} == {"0"}
