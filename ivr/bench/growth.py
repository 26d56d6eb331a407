"""What it costs when there is more of everything: calls at the same time, voiceprints."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from ivr.bench.chart import Chart
from ivr.evaluate.print_growth import SIZES, measure_prints
from ivr.rehearsal import PlannedCall, play, read_script
from ivr.wiring import House

AT_ONCE = (1, 2, 4, 8)
_ROUNDS = 3
_CALLS_A_ROUND = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A round of calls, so many at the same time."""

    turn_ms: tuple[int, ...]
    elapsed_s: float
    cpu_s: float
    """Of all threads of the process."""


def calls_at_once_chart(
    house: House,
    fixtures: Path,
    *,
    counts: Sequence[int] = AT_ONCE,
    rounds: int = _ROUNDS,
    calls: int = _CALLS_A_ROUND,
) -> Chart:
    """The same calls one after the other, two at once and so on, in turns."""
    script = [call for call in read_script(fixtures).calls if _is_spoken(call)]
    paces: dict[int, list[Pace]] = {count: [] for count in counts}
    for round_ in range(1 + rounds):
        for count in counts:
            pace = _pace(house, fixtures, list(islice(cycle(script), calls)), count)
            if round_:
                paces[count].append(pace)
    return Chart(
        title="Cost of a turn: calls at once",
        made_by=f"{calls} fixture calls, whole turns as fast as they can be answered, so many "
        f"calls at the same time in one process; {rounds} rounds in turns after one that is not "
        "counted. Processor time that stays the same tells that calls do not cost each other "
        "anything; what grows is the wait for a free core.",
        columns=(
            *("calls at once", "a turn, ms", "of one", "processor ms a turn", "of one"),
            "turns a second",
        ),
        rows=tuple(_pace_row(count, paces[count], paces[counts[0]]) for count in counts),
    )


def prints_chart(sizes: Sequence[int] = SIZES, *, people: int = 100) -> Chart:
    """Verification compares with one voiceprint, however many there are."""
    found = measure_prints(sizes, people=people)
    return Chart(
        title="Cost of a comparison: voiceprints",
        made_by="To find the voiceprint of one subject, unseal it and compare it with a voice, in "
        "SQLite, among so many. Verification is one to one, so its cost stays flat; what grows "
        "with the number of voices is the search among many (1:N), above.",
        columns=("voiceprints", "median ms", "95 % ms", "of the first", "databases, MB"),
        rows=tuple(
            (
                f"{one.prints:,}",
                f"{one.median_ms:.2f}",
                f"{one.p95_ms:.2f}",
                f"{one.median_ms / found[0].median_ms:.2f}",
                f"{one.database_mb:.0f}",
            )
            for one in found
        ),
    )


def _is_spoken(call: PlannedCall) -> bool:
    return all(turn.error is None for turn in call.turns)


def _pace(house: House, fixtures: Path, calls: Sequence[PlannedCall], count: int) -> Pace:
    begun, worked = perf_counter(), process_time()
    with ThreadPoolExecutor(count) as threads:
        played = list(
            threads.map(
                lambda call: play(call, fixtures, house.switchboard, house.read_number), calls
            )
        )
    results = [turn.result for one in played for turn in one.turns if turn.result]
    return Pace(
        turn_ms=tuple(result.timings_ms.total for result in results),
        elapsed_s=perf_counter() - begun,
        cpu_s=process_time() - worked,
    )


def _pace_row(count: int, paces: Sequence[Pace], first: Sequence[Pace]) -> tuple[str, ...]:
    turns = sum(len(one.turn_ms) for one in paces)
    return (
        f"{count}",
        f"{_turn_ms(paces):.0f}",
        f"{_turn_ms(paces) / _turn_ms(first):.2f}",
        f"{_cpu_ms(paces):.0f}",
        f"{_cpu_ms(paces) / _cpu_ms(first):.2f}",
        f"{turns / sum(one.elapsed_s for one in paces):.2f}",
    )


def _turn_ms(paces: Sequence[Pace]) -> float:
    return median(ms for one in paces for ms in one.turn_ms)


def _cpu_ms(paces: Sequence[Pace]) -> float:
    """A turn's, in the median of the rounds."""
    return median(1_000 * one.cpu_s / len(one.turn_ms) for one in paces)
