from datetime import UTC, datetime, timedelta

import pytest

from ivr.lately import Lately

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
KEEP = timedelta(minutes=2)


@pytest.fixture
def clock() -> list[datetime]:
    return [NOON]


@pytest.fixture
def lately(clock: list[datetime]) -> Lately[str, int]:
    return Lately(KEEP, lambda: clock[0], most=2)


def test_what_was_never_there_is_nothing(lately: Lately[str, int]) -> None:
    assert lately.get("a") is None


def test_what_is_too_old_is_not_told(lately: Lately[str, int], clock: list[datetime]) -> None:
    lately.put("a", 1)
    clock[0] += KEEP
    assert lately.get("a") == 1

    clock[0] += timedelta(seconds=1)
    assert lately.get("a") is None


def test_the_oldest_go_first_and_what_is_said_again_is_new(lately: Lately[str, int]) -> None:
    for name in ("a", "b", "a", "c"):
        lately.put(name, ord(name))

    assert [lately.get(name) for name in "abc"] == [97, None, 99]


def test_what_is_old_takes_no_room(lately: Lately[str, int], clock: list[datetime]) -> None:
    lately.put("a", 1)
    clock[0] += KEEP + timedelta(seconds=1)
    lately.put("b", 2)

    assert list(lately._kept) == ["b"]
