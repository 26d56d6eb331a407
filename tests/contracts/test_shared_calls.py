"""What every store of shared calls does, in memory and in databases."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.seals import KEY, seal_of
from sqlalchemy import create_engine, text

from biometrics import StoreUnavailable
from ivr.call import CallId
from ivr.sharing.calls import SharedCalls
from ivr.sharing.memory_calls import MemoryCalls, Shelf
from ivr.sharing.place import Lease
from ivr.sharing.sql_calls import SqlCalls

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
LEASE = Lease(holds=timedelta(seconds=4), idle=timedelta(hours=1))
SOON, LATE, TOMORROW = (
    NOON + timedelta(seconds=3),
    NOON + timedelta(seconds=5),
    NOON + timedelta(days=1),
)
CALL = CallId("+4989123456@sip.example")

Workers = Callable[[str], SharedCalls[str]]


class Words:
    """The call's id, a line, and what was kept."""

    def write(self, call_id: CallId, kept: str) -> bytes:
        return f"{call_id}\n{kept}".encode()

    def read(self, data: bytes) -> tuple[CallId, str]:
        call_id, _, kept = data.decode().partition("\n")
        if kept == "damaged":
            raise StoreUnavailable("It cannot be read.")
        return CallId(call_id), kept


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def workers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workers]:
    if request.param == "memory":
        shelf = Shelf[str]()
        yield lambda name: MemoryCalls(shelf, worker=name, lease=LEASE)
        return
    address = (
        request.getfixturevalue("postgres")
        if request.param == "postgres"
        else f"sqlite:///{tmp_path / 'calls.db'}"
    )
    engine = create_engine(address)
    yield lambda name: SqlCalls(engine, seal_of(KEY), Words(), worker=name, lease=LEASE)
    engine.dispose()


@pytest.fixture
def anna(workers: Workers) -> SharedCalls[str]:
    return workers("anna")


@pytest.fixture
def ben(workers: Workers) -> SharedCalls[str]:
    return workers("ben")


def new() -> str:
    return "new"


def kept(calls: SharedCalls[str], now: datetime = NOON) -> str | None:
    seen = calls.see(CALL, now)
    return seen.kept if seen else None


def test_nobody_takes_a_call_that_somebody_has_in_hand(
    anna: SharedCalls[str], ben: SharedCalls[str]
) -> None:
    held = anna.hold(CALL, NOON, new, turn="t-1")

    assert held is not None
    assert ben.hold(CALL, SOON, new) is None
    assert anna.hold(CALL, SOON, new) is None
    seen = ben.see(CALL, SOON)
    assert seen is not None
    assert (seen.is_held, seen.is_broken, seen.place.turn) == (True, False, "t-1")


def test_who_lost_a_call_changes_nothing_any_more(
    anna: SharedCalls[str], ben: SharedCalls[str]
) -> None:
    lost = anna.hold(CALL, NOON, new)
    assert lost is not None
    assert ben.hold(CALL, LATE, new) is not None

    assert anna.keep(lost, "too late", LATE, is_free=True) is None
    assert not anna.drop(lost)
    anna.give_back(lost)
    assert kept(ben, LATE) == "new"
    assert anna.hold(CALL, LATE, new) is None


def test_who_lost_a_call_and_took_it_again_has_not_kept_the_first_turn(
    anna: SharedCalls[str], ben: SharedCalls[str]
) -> None:
    lost = anna.hold(CALL, NOON, new)
    theirs = ben.hold(CALL, LATE, new)
    assert lost is not None
    assert theirs is not None
    ben.keep(theirs, "of ben", LATE, is_free=True)
    assert anna.hold(CALL, LATE, new) is not None

    assert anna.keep(lost, "too late", LATE, is_free=True) is None
    assert kept(anna, LATE) == "of ben"


def test_a_call_that_is_not_known_is_nowhere(anna: SharedCalls[str]) -> None:
    assert anna.see(CALL, NOON) is None
    assert anna.seize(CALL, NOON) is None
    assert anna.leave(CALL, NOON) is None
    anna.asked(CALL)
    assert anna.left_behind(TOMORROW) == ()


def test_what_one_worker_keeps_another_goes_on_with(
    anna: SharedCalls[str], ben: SharedCalls[str]
) -> None:
    held = anna.hold(CALL, NOON, new)
    assert held is not None
    assert (held.call_id, held.kept, held.was_broken) == (CALL, "new", False)
    assert anna.keep(held, "after one turn", NOON, is_free=True) is not None

    gone_on = ben.hold(CALL, NOON, new)

    assert gone_on is not None
    assert (gone_on.call_id, gone_on.kept) == (CALL, "after one turn")
    assert not gone_on.was_broken


def test_whose_worker_died_over_it_is_told_from_who_was_only_waited_for(
    anna: SharedCalls[str], ben: SharedCalls[str]
) -> None:
    anna.hold(CALL, NOON, new)
    seen = ben.see(CALL, LATE)
    taken = ben.hold(CALL, LATE, new)

    assert seen is not None
    assert seen.is_broken
    assert taken is not None
    assert taken.was_broken


def test_a_worker_that_is_heard_of_keeps_what_it_has_in_hand(
    anna: SharedCalls[str], ben: SharedCalls[str]
) -> None:
    anna.hold(CALL, NOON, new)

    assert ben.beat(SOON) == 0
    assert anna.beat(SOON) == 1
    assert ben.hold(CALL, LATE, new) is None
    assert ben.hold(CALL, LATE + LEASE.holds, new) is not None


def test_what_is_put_back_is_as_it_was_and_a_broken_call_stays_broken(
    anna: SharedCalls[str], ben: SharedCalls[str]
) -> None:
    held = anna.hold(CALL, NOON, new)
    assert held is not None
    anna.give_back(held)
    again = ben.hold(CALL, NOON, new)
    assert again is not None
    assert not again.was_broken
    broken = anna.hold(CALL, LATE, new)
    assert broken is not None
    anna.give_back(broken)

    assert anna.beat(LATE) == 0
    seen = ben.see(CALL, LATE + LEASE.holds)
    assert seen is not None
    assert seen.is_broken


def test_a_line_that_is_gone_takes_its_call_from_whoever_had_it(
    anna: SharedCalls[str], ben: SharedCalls[str]
) -> None:
    line = anna.hold(CALL, NOON, new)
    assert line is not None
    anna.keep(line, "one turn", NOON, is_free=False)

    seized = ben.seize(CALL, SOON)

    assert seized is not None
    assert seized.kept == "one turn"
    assert anna.keep(line, "two turns", SOON, is_free=False) is None


def test_who_hangs_up_while_a_turn_is_answered_is_found_by_who_answers(
    anna: SharedCalls[str], ben: SharedCalls[str]
) -> None:
    held = anna.hold(CALL, NOON, new)
    assert held is not None

    assert ben.leave(CALL, SOON) is None
    place = anna.keep(held, "one turn", SOON, is_free=True)
    assert place is not None
    assert place.has_left


def test_who_hangs_up_between_turns_is_ended_by_who_heard_of_it(
    anna: SharedCalls[str], ben: SharedCalls[str]
) -> None:
    held = anna.hold(CALL, NOON, new)
    assert held is not None
    anna.keep(held, "one turn", NOON, is_free=True)

    left = ben.leave(CALL, SOON)

    assert left is not None
    assert (left.kept, left.place.has_left) == ("one turn", True)
    assert ben.drop(left)
    assert kept(anna, SOON) is None


def test_calls_without_a_worker_are_found_once(
    anna: SharedCalls[str], ben: SharedCalls[str]
) -> None:
    anna.hold(CALL, NOON, new)

    assert ben.left_behind(SOON) == ()
    found = ben.left_behind(LATE)
    assert [(one.call_id, one.was_broken) for one in found] == [(CALL, True)]
    assert anna.left_behind(LATE) == ()


def test_callers_who_left_and_calls_that_fell_silent_are_found_too(
    anna: SharedCalls[str], ben: SharedCalls[str]
) -> None:
    for name in ("left", "silent"):
        held = anna.hold(CallId(name), NOON, new)
        assert held is not None
        if name == "left":
            ben.leave(CallId(name), NOON)
        anna.keep(held, name, NOON, is_free=True)

    assert [one.kept for one in ben.left_behind(SOON)] == ["left"]
    assert {one.kept for one in ben.left_behind(TOMORROW)} == {"left", "silent"}


def test_that_a_gateway_asked_is_known_to_all(
    anna: SharedCalls[str], ben: SharedCalls[str]
) -> None:
    held = anna.hold(CALL, NOON, new)
    assert held is not None
    ben.asked(CALL)
    anna.keep(held, "one turn", NOON, is_free=False)

    seen = anna.see(CALL, NOON)
    assert seen is not None
    assert seen.place.was_asked


def test_nobody_without_the_key_learns_who_calls_or_what_is_said(tmp_path: Path) -> None:
    file = tmp_path / "calls.db"
    engine = create_engine(f"sqlite:///{file}")
    SqlCalls(engine, seal_of(KEY), Words(), worker="anna").hold(CALL, NOON, lambda: "umbuchen")
    engine.dispose()

    raw = file.read_bytes()

    for secret in (b"4989123456", b"umbuchen"):
        assert secret not in raw


def test_a_call_that_was_moved_or_sealed_by_another_is_refused(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'calls.db'}")
    anna = SqlCalls(engine, seal_of(KEY), Words(), worker="anna")
    for name in ("mine", "theirs"):
        anna.hold(CallId(name), NOON, lambda: "kept")
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT name FROM shared_calls")).scalars().all()
        swap = "UPDATE shared_calls SET name = :new WHERE name = :old"
        for old, new_name in ((rows[0], "x"), (rows[1], rows[0]), ("x", rows[1])):
            connection.execute(text(swap), {"old": old, "new": new_name})

    with pytest.raises(StoreUnavailable):
        anna.see(CallId("mine"), NOON)
    engine.dispose()


def test_what_cannot_be_read_is_left_alone_and_forgotten_once_it_is_idle(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'calls.db'}")
    anna = SqlCalls(engine, seal_of(KEY), Words(), worker="anna", lease=LEASE)
    for name in ("damaged", "kept"):
        held = anna.hold(CallId(name), NOON, lambda: "new")
        assert held is not None
        anna.keep(held, name, NOON, is_free=False)

    assert [one.kept for one in anna.left_behind(LATE)] == ["kept"]
    with pytest.raises(StoreUnavailable):
        anna.see(CallId("damaged"), LATE)
    anna.left_behind(TOMORROW)
    assert anna.see(CallId("damaged"), TOMORROW) is None
    engine.dispose()
