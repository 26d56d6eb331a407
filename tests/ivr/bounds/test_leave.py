"""A turn that was given up does nothing more in other systems."""

import pytest

from ivr.bounds.leave import Leave
from ivr.errors import TooLate


def test_nothing_is_done_once_the_turn_was_given_up() -> None:
    leave = Leave()

    assert leave.give_up() is False
    with pytest.raises(TooLate):
        leave.act()
    assert leave.give_up() is False


def test_what_was_begun_before_is_in_doubt() -> None:
    leave = Leave()
    leave.act()

    assert leave.give_up() is True


def test_what_may_be_repeated_leaves_no_doubt() -> None:
    leave = Leave()
    leave.act(leaves_doubt=False)

    assert leave.give_up() is False
