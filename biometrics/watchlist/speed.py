"""`python -m biometrics.watchlist.speed [SIZE ...]`: how long a search among many voices takes.

The product of all voices with one, by numpy, and the plain loop over them, against the index that
calls use. Voices are random directions, the hardest there are for an index: nothing about one tells
where another lies. Each voice that is looked for is a disguised one of the list, so that what the
index misses shows.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from biometrics.voiceprint import SubjectId
from biometrics.watchlist.index import ExactIndex, Index

SIZES = (1_000, 10_000, 100_000, 1_000_000)
DIMENSION = 192

_QUERIES = 100
_LOOPS = 3
"""Searches by the plain loop: with a million voices one takes seconds."""

_COSINE = 0.6
"""Of a voice that is looked for with itself on the list, as after a bad line."""

_AT_ONCE = 10_000
_SEED = 11

Clock = Callable[[], float]
"""Seconds that only count up."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSpeed:
    """One length of list."""

    voices: int
    build_s: float
    index_mb: float
    """Memory of the index by itself; the plain matrix takes 768 bytes a voice."""

    search_ms: float
    """Median of one search for the five nearest."""

    least_ms: float
    """Of all searches: what the machine can do when nobody else is using it."""

    product_ms: float
    """Median of the plain product in the same run, with the search for its largest value."""

    product_least_ms: float

    loop_ms: float
    """Median of the plain loop: voice after voice, each compared by itself."""

    recall: float
    """Share of searches whose nearest is the nearest of all, as the product finds it."""

    @property
    def share_of_product(self) -> float:
        """By the least of both, which other work on the machine disturbs least."""
        return self.least_ms / self.product_least_ms


def measure_search(  # noqa: PLR0913 - what is measured, and how
    size: int,
    make: Callable[[int], Index],
    *,
    queries: int = _QUERIES,
    dimension: int = DIMENSION,
    clock: Clock = perf_counter,
    progress: Progress = lambda _done, _total: None,
) -> SearchSpeed:
    """Build an index of `size` voices and search it and the plain matrix in turns."""
    chance = np.random.default_rng(_SEED)
    voices = _units(chance, size, dimension)
    wanted = _disguised(chance, voices, queries)
    names = [SubjectId(f"s-{place}") for place in range(size)]
    before, begun = _resident_bytes(), clock()
    index = make(dimension)
    for start in range(0, size, _AT_ONCE):
        some = voices[start : start + _AT_ONCE]
        index.add(dict(zip(names[start : start + _AT_ONCE], some, strict=True)))
        progress(min(start + _AT_ONCE, size), size)
    built_s, grown = clock() - begun, _resident_bytes() - before
    searched, multiplied, right = [], [], 0
    for voice in wanted:
        begun = clock()
        found = index.nearest(voice, most=5)
        searched.append(clock() - begun)
        begun = clock()
        nearest = int(np.argmax(voices @ voice))
        multiplied.append(clock() - begun)
        right += bool(found) and found[0].subject == names[nearest]
    return SearchSpeed(
        voices=size,
        build_s=built_s,
        index_mb=max(grown, 0) / 1e6,
        search_ms=1_000 * median(searched),
        least_ms=1_000 * min(searched),
        product_ms=1_000 * median(multiplied),
        product_least_ms=1_000 * min(multiplied),
        loop_ms=1_000 * median(_looped(voices, voice, clock) for voice in wanted[:_LOOPS]),
        recall=right / queries,
    )


def _looped(voices: NDArray[np.float32], wanted: NDArray[np.float32], clock: Clock) -> float:
    """Seconds."""
    begun = clock()
    max(float(voice @ wanted) for voice in voices)
    return clock() - begun


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--index", choices=("usearch", "exact"), default="usearch")
    parser.add_argument("--json", action="store_true", help="figures for machines")
    wish = parser.parse_args(arguments)
    found = []
    for size in wish.sizes:
        speed = measure_search(size, _maker(wish.index), progress=_show)
        found.append(speed)
        if not wish.json:
            sys.stdout.write(_line(speed) + "\n")
    if wish.json:
        sys.stdout.write(json.dumps([asdict(speed) for speed in found]) + "\n")
    return 0


def _maker(name: str) -> Callable[[int], Index]:
    if name == "exact":
        return ExactIndex
    from biometrics.watchlist.usearch_index import UsearchIndex  # noqa: PLC0415 - only when asked

    return UsearchIndex


def _line(speed: SearchSpeed) -> str:
    return (
        f"{speed.voices:>9} voices: {speed.search_ms:.2f} ms (least {speed.least_ms:.2f}), "
        f"product {speed.product_ms:.2f} (least {speed.product_least_ms:.2f}), "
        f"{speed.share_of_product:.2f} of it, loop {speed.loop_ms:.0f}, "
        f"recall {speed.recall:.3f}, built in {speed.build_s:.1f} s, {speed.index_mb:.0f} MB"
    )


def _units(chance: np.random.Generator, count: int, dimension: int) -> NDArray[np.float32]:
    found = chance.standard_normal((count, dimension), dtype=np.float32)
    found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found


def _disguised(
    chance: np.random.Generator, voices: NDArray[np.float32], count: int
) -> NDArray[np.float32]:
    """So many of the voices, each at a cosine of about 0.6 to itself."""
    noise = _units(chance, count, voices.shape[1])
    own = voices[chance.integers(0, len(voices), count)]
    mixed = _COSINE * own + np.sqrt(1 - _COSINE**2) * noise
    return np.asarray(mixed / np.linalg.norm(mixed, axis=1, keepdims=True), dtype=np.float32)


def _resident_bytes() -> int:
    """Memory of this process; 0 where the system does not say."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * 4_096


def _show(done: int, total: int) -> None:
    sys.stderr.write(f"\r{done} of {total}" + ("\n" if done == total else ""))
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
