"""Processes that work on shards, with functions of the standard library to work with."""

import os
from collections.abc import Iterator
from functools import partial
from operator import itemgetter
from pathlib import Path

import pytest

from ivr.bulk.crew import Job, processes
from ivr.bulk.row import Line
from ivr.errors import WorkerLost


def jobs(count: int, asked: list[int], *, code: str = "") -> Iterator[Job]:
    for number in range(count):
        asked.append(number)
        line = Line(subject=f"s-{number}", file="a.wav", path=Path("a.wav"), code=code)
        yield Job(number=number, lines=(line,))


def test_a_worker_that_is_lost_ends_the_run_with_a_sentence() -> None:
    crew = processes(partial(os._exit, 3), 1)

    with pytest.raises(WorkerLost, match="what was written is kept"):
        list(crew(jobs(3, [])))


def test_what_nobody_foresaw_ends_the_run_too() -> None:
    crew = processes(partial(itemgetter, 0), 1)

    with pytest.raises(TypeError):
        list(crew(jobs(3, [])))


def test_no_more_is_handed_out_than_is_worked_on() -> None:
    asked: list[int] = []
    made = processes(partial(itemgetter, 0), 1)(jobs(50, asked, code="consent_missing"))
    first = next(made)

    assert len(asked) == 2
    assert first.rows[0].code == "consent_missing"
    assert sorted([first.number, *(one.number for one in made)]) == list(range(50))
