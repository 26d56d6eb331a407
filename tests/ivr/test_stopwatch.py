import pytest

from ivr.stopwatch import Stopwatch


def test_rooms_that_work_twice_are_added_up() -> None:
    watch = Stopwatch()
    for _ in range(2):
        assert watch.time("speak", lambda words: words, "x") == "x"
    times = watch.times()

    assert [lap.room for lap in times.laps] == ["speak", "speak"]
    assert set(watch.rooms_ms()) == {"speak"}
    assert times.laps[1].began_ns >= times.laps[0].began_ns + times.laps[0].took_ns
    assert times.total_ns >= sum(lap.took_ns for lap in times.laps)


def test_a_room_that_breaks_took_its_time_too() -> None:
    watch = Stopwatch()
    with pytest.raises(ZeroDivisionError):
        watch.time("decide", lambda: 1 // 0)

    assert [lap.room for lap in watch.times().laps] == ["decide"]
