"""What is loaded is left out of searches for garbage; what calls leave is found soon."""

import subprocess
import sys
from textwrap import dedent

_STORY = dedent(
    """
    import gc, weakref
    from ivr.service.loaded import keep_what_is_loaded

    class Turn:
        def __init__(self):
            self.itself = self

    loaded = [[number] for number in range(1_000_000)]
    keep_what_is_loaded() if FREEZES else gc.collect()
    turn = Turn()
    is_kept = weakref.ref(turn)
    gc.collect(1)  # it has lived through a search, as every turn has
    del turn
    others = [[number] for number in range(150_000)]
    print(is_kept() is not None, len(loaded))
    """
)


def _story(*, freezes: bool) -> str:
    """In a process of its own: what is left out stays left out until its end."""
    told = _STORY.replace("FREEZES", str(freezes))
    done = subprocess.run(  # noqa: S603 - our own interpreter, our own words
        [sys.executable, "-c", told], capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def test_a_turn_that_refers_to_itself_is_not_kept_for_long() -> None:
    assert _story(freezes=True) == "False 1000000"


def test_without_it_a_turn_waits_for_many_others() -> None:
    assert _story(freezes=False) == "True 1000000"
