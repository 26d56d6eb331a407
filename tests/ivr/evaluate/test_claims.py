"""Callers are taken once, however many desks there are."""

from ivr.evaluate.claims import measure_claims
from ivr.queue.memory_waiting import MemoryWaitingRoom


def test_every_caller_is_taken_once_by_many_desks() -> None:
    found = measure_claims(MemoryWaitingRoom(), round_=1, callers=20, desks=4)

    assert (len(found.joined_ms), len(found.claimed_ms), found.twice) == (20, 20, 0)


def test_claims_a_second() -> None:
    readings = iter(range(1_000))

    found = measure_claims(
        MemoryWaitingRoom(), round_=1, callers=2, desks=1, clock=lambda: float(next(readings))
    )

    # Begin, two claims and the try that finds nobody, two readings each, end.
    assert found.took_s == 7.0
    assert found.per_second == 2 / 7
    assert found.claimed_ms == (1_000.0, 1_000.0)
