"""Searches are timed against the plain product, fairly."""

import json
from collections.abc import Iterator

import pytest

from biometrics.watchlist import ExactIndex
from biometrics.watchlist.speed import main, measure_search


def ticks(seconds: list[float]) -> Iterator[float]:
    """A clock's readings: each span begins at zero."""
    for one in seconds:
        yield from (0.0, one)


def test_building_searching_and_multiplying_are_told_apart() -> None:
    readings = ticks([2.0, 0.001, 0.004, 0.003, 0.008, 0.002, 0.006, 0.5, 0.7, 0.6])

    found = measure_search(50, ExactIndex, queries=3, dimension=16, clock=lambda: next(readings))

    assert (found.voices, found.build_s) == (50, 2.0)
    assert (found.search_ms, found.least_ms) == (2.0, 1.0)
    assert (found.product_ms, found.product_least_ms) == (6.0, 4.0)
    assert found.share_of_product == 0.25
    assert found.loop_ms == 600.0


def test_what_an_index_misses_shows() -> None:
    class Blind(ExactIndex):
        def nearest(self, voice: object, *, most: int) -> tuple[()]:
            return ()

    assert measure_search(50, ExactIndex, queries=5, dimension=16).recall == 1.0
    assert measure_search(50, Blind, queries=5, dimension=16).recall == 0.0


@pytest.mark.parametrize("index", ["exact", "usearch"])
def test_every_length_is_measured_with_either_index(
    index: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--index", index, "--json", "20", "40"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert [(one["voices"], one["recall"]) for one in found] == [(20, 1.0), (40, 1.0)]


def test_people_read_a_line_a_length(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--index", "exact", "20"]) == 0

    assert "20 voices" in capsys.readouterr().out
