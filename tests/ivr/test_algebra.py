"""Calls share the cores; products of matrices do not take all of them as well."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from ivr.algebra import keep_to_one_thread, on_one_thread
from ivr.settings import Settings
from ivr.wiring import House
from ivr.wiring.pooling import _load_encoder, settings_there

MANY = 2


@pytest.fixture(autouse=True)
def _many_threads() -> Iterator[None]:
    """As on a machine with more cores; the end of a test gives back what was before."""
    with threadpool_limits(MANY, user_api="blas"):
        if blas_threads() != {MANY}:
            pytest.skip("this numpy has no BLAS that can be told")
        yield


def blas_threads() -> set[int]:
    return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}


def test_a_house_keeps_to_one_thread(tmp_path: Path) -> None:
    House(Settings(home=tmp_path))

    assert blas_threads() == {1}


def test_a_replica_of_the_pool_keeps_to_one_thread_for_the_voices_of_all_workers() -> None:
    _load_encoder(settings_there(Settings()))

    assert blas_threads() == {1}


def test_a_process_keeps_to_one_thread() -> None:
    keep_to_one_thread()

    assert blas_threads() == {1}


def test_afterwards_there_are_as_many_as_before() -> None:
    with on_one_thread():
        assert blas_threads() == {1}

    assert blas_threads() == {MANY}
