"""Memory that is free inside the heap goes back to the system."""

import ctypes
import subprocess
import sys
from textwrap import dedent

import pytest

from ivr.service import memory
from ivr.service.memory import give_back

_STORY = dedent(
    """
    from ivr.service.memory import give_back

    def held_mb():
        with open("/proc/self/status") as lines:
            return next(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1000

    turns = [bytes(2_000) for _ in range(100_000)]
    kept = turns[::50]
    busy = held_mb()
    turns.clear()
    before = held_mb()
    give_back()
    print(busy - before < 20, before - held_mb() > 100, all(one == bytes(2_000) for one in kept))
    """
)


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_trim"), reason="this is not glibc")
def test_what_is_free_between_what_stays_is_given_back() -> None:
    """In a process of its own: others have a heap with other holes."""
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own words
        [sys.executable, "-c", _STORY], capture_output=True, text=True, check=True, timeout=60
    )

    assert done.stdout.split() == ["True"] * 3


def test_without_glibc_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_trim", lambda: None)

    give_back()
