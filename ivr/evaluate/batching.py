"""Work that is done in one go against the same work on as many threads, in turns."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from biometrics import Waveform
from biometrics.encoders.batches import voices_in_one_go
from ivr.call import Language
from ivr.settings import UnderstandSettings
from ivr.understand.whisper_model import Whisper

SIZES = (2, 4, 8)
THREADS = 2
_PIECES = 8
"""Of work in a round; every size divides it."""

CARD_SIZES = (1, 2, 4, 8, 16, 32)
_CARD_PIECES = 32

_ROUNDS = 6

_LONGEST_MS = 8_000
"""So much of a turn: up to here the windows of all turns have one length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """So much in one go."""

    size: int
    """1: one by one, on as many threads at the same time."""

    piece_ms: float
    """For one piece of work, in the median of the rounds: 1 / throughput."""

    cpu_ms: float


def voice_batches(folder: Path, *, rounds: int = _ROUNDS) -> tuple[Batch, ...]:
    """Our encoder in `folder`, voices of 3 s."""
    alone = voices_in_one_go(folder, voices=1, threads=1)
    ways: dict[int, Callable[[], object]] = {1: partial(_side_by_side, [alone] * _PIECES)}
    for size in SIZES:
        together = voices_in_one_go(folder, voices=size, threads=THREADS)
        ways[size] = partial(_in_a_row, [together] * (_PIECES // size))
    return _measured(ways, rounds)


def turn_batches(
    folder: Path, sounds: Sequence[Waveform], *, rounds: int = _ROUNDS
) -> tuple[Batch, ...]:
    """The Whisper in `folder`, eight turns."""
    alone = _turns_in_one_go(folder, sounds, UnderstandSettings(threads=1, at_once=THREADS))
    together = _turns_in_one_go(folder, sounds, UnderstandSettings(threads=THREADS, at_once=1))
    every = range(_PIECES)
    ways: dict[int, Callable[[], object]] = {
        1: partial(_side_by_side, [partial(alone, [place]) for place in every])
    }
    for size in SIZES:
        parts = [every[first : first + size] for first in every[::size]]
        ways[size] = partial(_in_a_row, [partial(together, part) for part in parts])
    return _measured(ways, rounds)


def card_batches(
    folder: Path, sounds: Sequence[Waveform], *, rounds: int = _ROUNDS
) -> tuple[Batch, ...]:
    """The Whisper in `folder` on a graphics card, by one thread that gives it all the work."""
    together = _turns_in_one_go(folder, sounds[:_CARD_PIECES], UnderstandSettings(device="cuda"))
    every = range(min(_CARD_PIECES, len(sounds)))
    ways: dict[int, Callable[[], object]] = {}
    for size in CARD_SIZES:
        parts = [every[first : first + size] for first in every[::size]]
        ways[size] = partial(_in_a_row, [partial(together, part) for part in parts])
    return _measured(ways, rounds, pieces=len(every))


def _turns_in_one_go(
    folder: Path, sounds: Sequence[Waveform], settings: UnderstandSettings
) -> Callable[[Sequence[int]], object]:
    """Recognises the sounds at some places together."""
    model = Whisper(folder, settings)
    cut = [sound.cut(0, _LONGEST_MS) for sound in sounds]
    tasks = [model.task(sound, Language.GERMAN, lambda: True) for sound in cut]
    return lambda places: model.answers([tasks[place] for place in places])


def _measured(
    ways: Mapping[int, Callable[[], object]], rounds: int, *, pieces: int = _PIECES
) -> tuple[Batch, ...]:
    took: dict[int, list[tuple[float, float]]] = {size: [] for size in ways}
    for round_ in range(1 + rounds):
        for size, way in ways.items():
            begun, worked = perf_counter(), process_time()
            way()
            if round_:
                took[size].append((perf_counter() - begun, process_time() - worked))
    return tuple(
        Batch(
            size=size,
            piece_ms=1_000 * median(wall for wall, _ in found) / pieces,
            cpu_ms=1_000 * median(cpu for _, cpu in found) / pieces,
        )
        for size, found in took.items()
    )


def _side_by_side(work: Sequence[Callable[[], object]]) -> None:
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(lambda one: one(), work))


def _in_a_row(work: Sequence[Callable[[], object]]) -> None:
    for one in work:
        one()
