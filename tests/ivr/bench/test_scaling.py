"""Needs are computed from costs, and costs from what was measured."""

import pytest

from ivr.bench.load import Level
from ivr.bench.scaling import CallCost, TurnCost, call_cost, need_of

COST = CallCost(cores=0.06, process_mb=1_000, call_mb=5, turns_a_minute=6, rows_a_turn=2)


@pytest.mark.parametrize(
    ("calls", "cores", "processes", "memory_gb", "rows", "mbit_s"),
    [
        (1, 1, 1, 1.005, 0.2, 0.0872),
        (10, 1, 1, 1.05, 2, 0.872),
        (1_000, 100, 7, 12, 200, 87.2),
        (100_000, 10_000, 625, 1_125, 20_000, 8_720),
    ],
)
def test_needs(  # noqa: PLR0913, PLR0917 - a column each
    calls: int, cores: int, processes: int, memory_gb: float, rows: float, mbit_s: float
) -> None:
    found = need_of(calls, COST)

    assert (found.cores, found.processes) == (cores, processes)
    assert (found.memory_gb, found.rows_a_second, found.mbit_s) == pytest.approx(
        (memory_gb, rows, mbit_s)
    )


def level(calls: int, turns: int) -> Level:
    return Level(
        calls=calls,
        answer_ms=(400,) * turns,
        early=0,
        unanswered=0,
        refused=0,
        cores=0.02 + 0.05 * calls,
        memory_mb=900 + 4 * calls,
    )


def test_a_call_costs_what_grows_with_calls() -> None:
    found = call_cost([level(1, 6), level(4, 24)], rows=60, seconds=60)

    assert (found.cores, found.process_mb, found.call_mb) == pytest.approx((0.05, 900, 4))
    assert (found.turns_a_minute, found.rows_a_turn) == (6, 2)


def test_what_is_left_of_a_turn_is_never_less_than_nothing() -> None:
    assert TurnCost(whole=300, recognise=200, verify=20).others == 80
    assert TurnCost(whole=200, recognise=210, verify=20).others == 0
