"""What turns that are over leave free, given back to the system."""

import ctypes
from functools import cache


def give_back() -> None:
    """Let go of whole pages that hold nothing; some 5 ms, and nothing where glibc is not there.

    Turns allocate tens of megabytes and free them again, around what stays. glibc keeps all of it
    but for the end of the heap, so a process would always be as large as its busiest moment.
    See malloc_trim(3).
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> "ctypes._NamedFuncPointer | None":
    return getattr(ctypes.CDLL(None), "malloc_trim", None)
