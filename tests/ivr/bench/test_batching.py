"""Work in one go is told against work one by one."""

from pathlib import Path

from ivr.bench.batching import _rows
from ivr.evaluate.batching import Batch, voice_batches

WEIGHTS = Path(__file__).parents[3] / "biometrics" / "weights" / "telephone-ecapa-1"


def test_throughput_and_processor_time_are_told_against_one_by_one() -> None:
    alone = Batch(size=1, piece_ms=10.0, cpu_ms=8.0)
    four = Batch(size=4, piece_ms=20.0, cpu_ms=4.0)

    assert _rows("voices", [alone, four]) == [
        ("voices", "1", "10.0", "1.00", "8.0", "1.00"),
        ("voices", "4", "20.0", "0.50", "4.0", "0.50"),
    ]


def test_voices_are_really_encoded_in_every_size() -> None:
    found = voice_batches(WEIGHTS, rounds=1)

    assert [one.size for one in found] == [1, 2, 4, 8]
    assert min(one.piece_ms for one in found) > 0
