"""A store is filled up to each size, and what is looked for is found in it."""

from ivr.evaluate.print_growth import measure_prints


def test_each_size_is_reached_and_the_file_grows() -> None:
    first, second = measure_prints((150, 3_000), people=5, times=10)

    assert (first.prints, second.prints) == (150, 3_000)
    assert second.database_mb > first.database_mb
    assert 0 < first.median_ms <= first.p95_ms
