"""The end of the process, which nothing that hangs may put off."""

import os
from collections.abc import Callable
from threading import Thread, Timer

_LONGEST_S = 5.0


def end_well(close: Callable[[], object], *, longest_s: float = _LONGEST_S) -> None:
    """Close what is open, and see to it that the process ends whatever hangs in it.

    The interpreter waits for threads that it has begun, those of libraries among them.
    """
    closing = Thread(target=close, name="closing", daemon=True)
    closing.start()
    closing.join(longest_s)
    last = Timer(longest_s, os._exit, (0,))
    last.daemon = True
    last.start()
