"""Memory that starts as zeros, for a library that reads what it never wrote."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_M_PERTURB = -6
"""glibc fills memory it hands out with the complement of this parameter's byte: mallopt(3)."""

_ZEROS, _AS_IT_IS = 0xFF, 0

_ONE_AT_A_TIME = Lock()
"""The parameter belongs to the whole process: nobody may switch it off under somebody else."""

_mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if os.name == "posix" else None


@contextmanager
def cleared_memory() -> Iterator[None]:
    """What C code allocates in here is zero; as it comes where the C library is not glibc."""
    with _ONE_AT_A_TIME:
        if _mallopt is not None:
            _mallopt(_M_PERTURB, _ZEROS)
        try:
            yield
        finally:
            if _mallopt is not None:
                _mallopt(_M_PERTURB, _AS_IT_IS)
