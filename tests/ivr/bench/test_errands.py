"""An errand is really done while it is timed."""

from pathlib import Path

from ivr.bench.errands import errands
from ivr.wiring import House


def test_questions_changes_and_undoings_are_timed(tmp_path: Path) -> None:
    house = House.for_rehearsal(tmp_path)

    chart = errands(house, times=3)
    house.close()

    assert [row[0] for row in chart.rows] == ["a question", "a change", "its undoing"]
    assert all(0 < float(shown) < 10_000 for row in chart.rows for shown in row[1:])
