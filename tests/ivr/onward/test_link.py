"""A link from its making to its end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from ivr.onward.codes import browser_digest
from ivr.onward.link import (
    Link,
    State,
    claimed,
    fits_browser,
    freed,
    is_visited,
    opened,
    revoked,
    state_at,
    tried,
    used,
)

from .conftest import NOON, VISIT

MINE, THEIRS = browser_digest("mine"), browser_digest("theirs")
DAY = timedelta(hours=24)


def tried_times(link: Link, times: int) -> Link:
    for _ in range(times):
        after = tried(link, NOON, most=5)
        assert after is not None
        link = after
    return link


def test_the_fifth_code_locks_it_before_it_is_compared(link: Link) -> None:
    assert tried_times(link, 4).state is State.CREATED

    locked = tried_times(link, 5)

    assert locked.state is State.LOCKED
    assert tried(locked, NOON, most=5) is None


@pytest.mark.parametrize("state", [State.USED, State.LOCKED, State.REVOKED])
def test_nothing_is_tried_where_it_is_over(link: Link, state: State) -> None:
    assert tried(replace(link, state=state), NOON, most=5) is None


def test_it_expires_whether_it_was_opened_or_not(link: Link) -> None:
    later = NOON + DAY
    open_ = opened(link, MINE, NOON + DAY - timedelta(minutes=1), VISIT)

    assert state_at(link, later) is State.EXPIRED
    assert tried(link, later, most=5) is None
    assert state_at(open_, later) is State.EXPIRED
    assert not is_visited(open_, MINE, later)


def test_it_belongs_to_the_browser_that_opened_it(link: Link) -> None:
    open_ = opened(link, MINE, NOON, VISIT)

    assert fits_browser(link, THEIRS)
    assert not fits_browser(open_, THEIRS)
    assert not is_visited(open_, THEIRS, NOON)
    assert not is_visited(open_, "", NOON)
    assert is_visited(open_, MINE, NOON)


def test_a_visit_ends(link: Link) -> None:
    open_ = opened(link, MINE, NOON, VISIT)

    assert is_visited(open_, MINE, NOON + VISIT - timedelta(seconds=1))
    assert not is_visited(open_, MINE, NOON + VISIT)


def test_a_right_code_forgives_the_wrong_ones(link: Link) -> None:
    open_ = opened(tried_times(link, 5), MINE, NOON, VISIT)

    assert (open_.state, open_.wrong) == (State.OPENED, 0)


def test_only_one_errand_is_chosen(link: Link) -> None:
    chosen = claimed(opened(link, MINE, NOON, VISIT), "k-1")

    assert chosen is not None
    assert claimed(chosen, "k-2") is None
    assert claimed(chosen, "k-1") == chosen
    assert claimed(freed(chosen), "k-2") is not None


def test_nothing_is_chosen_where_it_is_not_open(link: Link) -> None:
    open_ = opened(link, MINE, NOON, VISIT)

    for over in (link, used(open_, "done", {}), revoked(open_)):
        assert claimed(over, "k-1") is None


def test_what_came_of_it_is_seen_until_the_visit_ends(link: Link) -> None:
    done = used(opened(link, MINE, NOON, VISIT), "done", {})

    assert is_visited(done, MINE, NOON)
    assert not is_visited(done, MINE, NOON + VISIT)
    assert not is_visited(revoked(done), MINE, NOON)


def test_what_is_revoked_is_not_sent_any_more(link: Link) -> None:
    assert revoked(link).due_at is None
