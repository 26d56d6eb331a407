"""What is made of memory over time."""

import pytest

from ivr.bench.soak import Soak, Soaked, _chart


def soaked(*memory_mb: float, calls: int = 10) -> Soaked:
    minutes = tuple(float(at) for at in range(len(memory_mb)))
    return Soaked(minutes=minutes, memory_mb=memory_mb, turns=3 * calls, calls=calls, refused=0)


def test_memory_that_stays_is_flat_whatever_it_took_to_warm_up() -> None:
    found = soaked(100, 400, 700, 900, 900, 900, 900, 900, 900)

    assert found.slope_mb_h == pytest.approx(0.0, abs=1e-6)


def test_what_grows_is_told_an_hour_and_a_call() -> None:
    found = soaked(900, 901, 902, 903, 904, 905, 906)

    assert found.slope_mb_h == pytest.approx(60)
    assert found.kb_a_call == pytest.approx(600)


def test_too_short_a_time_tells_nothing() -> None:
    assert soaked(900).slope_mb_h == 0.0


def test_the_table_has_a_row_a_look() -> None:
    chart = _chart(soaked(900, 901), Soak(calls=2, minutes=1))

    assert chart.rows == (("0", "900"), ("1", "901"))
    assert "10 calls with 30 turns, 0 refused" in chart.made_by
