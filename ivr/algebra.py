"""Products of matrices on one thread each.

Calls at the same time use all cores already. Where every product takes all of them too, threads
wait for each other: with two turns at the same time on two cores Whisper gave a sixth fewer turns a
second for a fifth more processor time, with sixteen on sixteen cores half as many.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import threadpool_limits


def keep_to_one_thread() -> None:
    """From now on, in this process: numpy's BLAS, and scipy's where it has been imported."""
    threadpool_limits(1, user_api="blas")


@contextmanager
def on_one_thread() -> Iterator[None]:
    """Meanwhile: BLAS of whatever has been imported, and OpenMP."""
    with threadpool_limits(1):
        yield
