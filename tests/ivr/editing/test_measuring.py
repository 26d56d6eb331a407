"""What takes long is asked once, and may be asked again where it broke off."""

from collections.abc import Callable

from ivr.editing.measuring import Done, Failed, Measuring, Running
from ivr.errors import EditRefused


def broken() -> int:
    raise EditRefused("No.")


def test_a_measurement_that_breaks_off_can_be_asked_again() -> None:
    waiting: list[Callable[[], None]] = []
    measuring = Measuring[int](start=waiting.append)

    assert measuring.state("a") is None
    measuring.begin("a", broken)
    measuring.begin("a", broken)
    assert measuring.state("a") == Running()
    assert len(waiting) == 1
    waiting.pop()()
    assert measuring.state("a") == Failed(sentence="No.")
    measuring.begin("a", lambda: 7)
    waiting.pop()()
    assert measuring.state("a") == Done(answer=7)
    measuring.begin("a", broken)
    assert waiting == []


def test_a_mistake_of_ours_leaves_nobody_waiting() -> None:
    def mistaken() -> int:
        raise ZeroDivisionError

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except ZeroDivisionError:
            return

    measuring = Measuring[int](start=run)
    measuring.begin("a", mistaken)
    assert isinstance(measuring.state("a"), Failed)
