"""What every store of feedback on guesses does, in memory and in a database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.databases import SQL, an_engine

from biometrics import StoreUnavailable
from biometrics.storage.database import open_engine
from ivr.identify.guesses import Feedback, MemoryFeedback, Tally
from ivr.identify.sql_guesses import SqlFeedback

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
KIND = "flight_cancelled"


@pytest.fixture(params=["memory", *SQL])
def feedback(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Feedback]:
    if request.param == "memory":
        yield MemoryFeedback()
        return
    with an_engine(request, tmp_path) as engine:
        yield SqlFeedback(engine)


def test_nothing_is_known_at_first(feedback: Feedback) -> None:
    assert feedback.counts("airline") == {}
    assert feedback.refused(["m-1"]) == frozenset()
    assert feedback.refused([]) == frozenset()


def test_answers_are_counted_by_business_and_kind(feedback: Feedback) -> None:
    for is_right in (True, True, False):
        feedback.record("airline", KIND, is_right=is_right, at=NOW, mark="m-1")
    feedback.record("airline", "refund_due", is_right=False, at=NOW, mark="m-2")
    feedback.record("bank", "card_declined", is_right=True, at=NOW, mark="m-3")

    assert feedback.counts("airline") == {
        KIND: Tally(right=2, wrong=1),
        "refund_due": Tally(right=0, wrong=1),
    }
    assert feedback.counts("bank") == {"card_declined": Tally(right=1, wrong=0)}


def test_only_a_wrong_guess_leaves_its_mark(feedback: Feedback) -> None:
    feedback.record("airline", KIND, is_right=True, at=NOW, mark="m-1")
    feedback.record("airline", KIND, is_right=False, at=NOW, mark="m-2")
    feedback.record("airline", KIND, is_right=False, at=NOW, mark="m-2")

    assert feedback.refused(["m-1", "m-2", "m-3"]) == {"m-2"}


def test_marks_of_events_that_nobody_guesses_any_more_are_deleted(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'guesses.db'}")
    feedback = SqlFeedback(engine)
    feedback.record("airline", KIND, is_right=False, at=NOW, mark="m-1")
    feedback.record("airline", KIND, is_right=False, at=NOW + timedelta(days=401), mark="m-2")

    assert feedback.refused(["m-1", "m-2"]) == {"m-2"}
    assert feedback.counts("airline") == {KIND: Tally(right=0, wrong=2)}
    engine.dispose()


def test_a_store_that_is_gone_says_so(tmp_path: Path) -> None:
    broken = tmp_path / "guesses.db"
    broken.write_bytes(b"no database " * 1000)
    feedback = SqlFeedback(f"sqlite:///{broken}")

    with pytest.raises(StoreUnavailable):
        feedback.counts("airline")
    with pytest.raises(StoreUnavailable):
        feedback.refused(["m-1"])
    with pytest.raises(StoreUnavailable):
        feedback.record("airline", KIND, is_right=True, at=NOW, mark="m-1")
