"""What every room of callers who wait does, in memory and in a database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from biometrics import StoreUnavailable
from biometrics.storage.database import open_engine
from ivr.call import CallId, Language
from ivr.queue.changes import Lease
from ivr.queue.entry import AgentId, ContextToken, Entry, EntryId, State, digest
from ivr.queue.memory_waiting import MemoryWaitingRoom
from ivr.queue.order import Ageing
from ivr.queue.sql_waiting import SqlWaitingRoom
from ivr.queue.waiting import Able, WaitingRoom

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
ANNA, BERT = AgentId("anna"), AgentId("bert")
ABLE = Able(agent=ANNA, queues=None, languages=frozenset(Language))


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def room(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[WaitingRoom]:
    if request.param == "memory":
        yield MemoryWaitingRoom()
        return
    is_postgres = request.param == "postgresql"
    address = (
        request.getfixturevalue("postgres") if is_postgres else f"sqlite:///{tmp_path / 'q.db'}"
    )
    engine = open_engine(address)
    yield SqlWaitingRoom(engine)
    engine.dispose()


def entry(name: str, priority: int = 50, at: datetime = NOW, queue: str = "agents") -> Entry:
    return Entry(
        id=EntryId(f"e-{name}"),
        call_id=CallId(f"call-{name}"),
        token=ContextToken(f"token-{name}"),
        queue=queue,
        language=Language.GERMAN,
        priority=priority,
        reasons=("age 65 or older",),
        intent="refund",
        joined_at=at,
    )


def joined(room: WaitingRoom, *entries: Entry) -> None:
    for one in entries:
        room.join(one)


def order(room: WaitingRoom, now: datetime = NOW) -> list[str]:
    return [one.id.removeprefix("e-") for one in room.waiting(now=now)]


def test_at_first_nobody_waits(room: WaitingRoom) -> None:
    assert room.waiting(now=NOW) == ()
    assert room.claimed() == ()
    assert room.claim_next(ABLE, NOW) is None
    assert room.claim(EntryId("e-a"), ANNA, NOW) is None
    assert room.find(EntryId("e-a")) is None
    assert room.of_token(ContextToken("token-a")) is None
    assert room.leave(ContextToken("token-a"), NOW) is None
    assert room.call_back(ContextToken("token-a")) is None
    assert room.move(EntryId("e-a"), queue="x", priority=1, reason="r") is None


def test_nobody_takes_what_they_are_not_able_to_take(room: WaitingRoom) -> None:
    joined(room, replace(entry("a"), skills=frozenset({"loans", "mortgages"})))

    assert room.claim_next(replace(ABLE, queues=frozenset()), NOW) is None
    assert room.claim_next(replace(ABLE, queues=frozenset({"vip"})), NOW) is None
    assert room.claim_next(replace(ABLE, languages=frozenset({Language.ENGLISH})), NOW) is None
    assert room.claim_next(ABLE, NOW) is None
    assert room.claim_next(replace(ABLE, skills=frozenset({"loans"})), NOW) is None
    skilled = frozenset({"mortgages", "cards", "loans"})
    taken = room.claim_next(replace(ABLE, queues=frozenset({"agents"}), skills=skilled), NOW)
    assert taken is not None
    assert taken.skills == {"loans", "mortgages"}


def test_one_skill_is_not_a_part_of_another(room: WaitingRoom) -> None:
    joined(room, replace(entry("a"), skills=frozenset({"loans_abroad"})))

    assert room.claim_next(replace(ABLE, skills=frozenset({"loans", "abroad", "_"})), NOW) is None


def test_a_caller_comes_back_whole_but_for_the_token(room: WaitingRoom) -> None:
    whole = replace(entry("a"), skills=frozenset({"b", "a"}), joined_at=NOW + SECOND / 7)
    kept = replace(whole, token=ContextToken(""), token_digest=digest(whole.token))
    brought = room.join(whole)

    assert brought == replace(kept, token=whole.token)
    assert room.find(whole.id) == kept
    assert room.of_token(whole.token) == kept
    assert room.waiting(now=NOW) == (kept,)


def test_no_token_stands_in_the_database(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'q.db'}")
    SqlWaitingRoom(engine).join(entry("a"))
    engine.dispose()

    assert b"token-a" not in (tmp_path / "q.db").read_bytes()
    assert "token-a" not in repr(entry("a"))


def test_a_call_joins_once(room: WaitingRoom) -> None:
    joined(room, entry("a"))
    again = room.join(replace(entry("a"), id=EntryId("e-z"), token=ContextToken("other")))

    assert again.id == EntryId("e-a")
    assert again.token == ""
    assert order(room) == ["a"]
    assert room.join(entry("a")).token == "token-a"


def test_a_call_that_is_over_does_not_wait_again(room: WaitingRoom) -> None:
    """Gateways send the same news twice, and the second may come after the end."""
    joined(room, entry("a"))
    room.leave(ContextToken("token-a"), NOW)

    assert room.join(entry("a")).state is State.ABANDONED
    assert order(room) == []


def test_another_call_may_have_the_id_of_one_that_is_over(room: WaitingRoom) -> None:
    """A gateway that counts from 1 again must not lose its callers."""
    joined(room, entry("a"))
    room.leave(ContextToken("token-a"), NOW)
    other = room.join(replace(entry("a"), id=EntryId("e-b"), token=ContextToken("token-b")))

    assert (other.id, other.state) == ("e-b", State.WAITING)
    assert order(room) == ["b"]
    assert room.of_token(ContextToken("token-a")) is not None


@pytest.mark.parametrize(
    "twice", [{"id": EntryId("e-a")}, {"token": ContextToken("token-a")}], ids=["id", "token"]
)
def test_ids_and_tokens_belong_to_one_call(room: WaitingRoom, twice: dict[str, str]) -> None:
    joined(room, entry("a"))

    with pytest.raises(ValueError, match="already"):
        room.join(replace(entry("b"), **twice))
    assert order(room) == ["a"]


def test_many_that_let_the_same_call_wait_let_it_wait_once(room: WaitingRoom) -> None:
    attempts = [replace(entry("a"), id=EntryId(f"e-{n}")) for n in range(8)]
    with ThreadPoolExecutor(8) as threads:
        there = list(threads.map(room.join, attempts))

    assert len({one.id for one in there}) == 1
    assert len(room.waiting(now=NOW)) == 1


def test_higher_priority_goes_first_and_the_oldest_among_equals(room: WaitingRoom) -> None:
    joined(room, entry("late", at=NOW + SECOND), entry("early"), entry("vip", 85), entry("low", 10))

    assert order(room) == ["vip", "early", "late", "low"]


def test_whoever_waited_long_passes_a_higher_priority(room: WaitingRoom) -> None:
    """Two points a minute: 50 that came 20 minutes ago is as far as 90 that came now."""
    joined(
        room,
        entry("90", 90),
        entry("50, longer", 50, NOW - 20 * MINUTE - SECOND),
        entry("50, shorter", 50, NOW - 20 * MINUTE + SECOND),
        entry("0, an hour", 0, NOW - 60 * MINUTE),
    )

    assert order(room) == ["0, an hour", "50, longer", "90", "50, shorter"]


def test_only_named_queues_are_looked_at(room: WaitingRoom) -> None:
    joined(room, entry("a"), entry("b", queue="vip"), entry("c", queue="cards"))

    found = room.waiting(("vip", "cards"), now=NOW)
    assert [one.queue for one in found] == ["vip", "cards"]


def test_a_caller_is_claimed_once(room: WaitingRoom) -> None:
    joined(room, entry("a"))

    with ThreadPoolExecutor(8) as threads:
        agents = [replace(ABLE, agent=AgentId(f"agent-{n}")) for n in range(16)]
        claims = list(threads.map(lambda able: room.claim_next(able, NOW), agents))

    taken = [one for one in claims if one is not None]
    assert [one.id for one in taken] == ["e-a"]
    assert room.claimed() == (taken[0],)
    assert taken[0].state is State.CLAIMED
    assert (taken[0].claimed_at, taken[0].heard_at, taken[0].version) == (NOW, NOW, 1)


def test_this_one_is_for_one_alone_who_may_ask_again(room: WaitingRoom) -> None:
    joined(room, entry("a"))
    first = room.claim(EntryId("e-a"), ANNA, NOW)

    assert room.claim(EntryId("e-a"), BERT, NOW) is None
    assert room.claim(EntryId("e-a"), ANNA, NOW) == first
    assert order(room) == []


def test_what_belongs_to_somebody_else_stays_so(room: WaitingRoom) -> None:
    joined(room, entry("a"))
    room.claim(EntryId("e-a"), ANNA, NOW)

    assert room.finish(EntryId("e-a"), BERT, NOW) is None
    assert room.release(EntryId("e-a"), BERT) is None
    assert room.connected(EntryId("e-a"), BERT, NOW) is None
    assert room.heard_of(BERT, NOW) == 0
    assert [one.claimed_by for one in room.claimed()] == [ANNA]


def test_nothing_happens_to_whoever_waits_by_a_persons_end(room: WaitingRoom) -> None:
    joined(room, entry("a"))

    assert room.finish(EntryId("e-a"), ANNA, NOW) is None
    assert room.release(EntryId("e-a"), ANNA) is None
    assert order(room) == ["a"]


def test_a_finished_call_is_over_and_may_be_finished_again(room: WaitingRoom) -> None:
    joined(room, entry("a"))
    room.claim(EntryId("e-a"), ANNA, NOW)
    done = room.finish(EntryId("e-a"), ANNA, NOW + MINUTE)

    assert done is not None
    assert (done.state, done.left_at) == (State.FINISHED, NOW + MINUTE)
    assert room.finish(EntryId("e-a"), ANNA, NOW + 2 * MINUTE) == done
    assert room.finish(EntryId("e-a"), BERT, NOW) is None
    assert room.claim(EntryId("e-a"), ANNA, NOW) is None
    assert room.move(EntryId("e-a"), queue="vip", priority=90, reason="r") is None
    assert room.claimed() == ()


def test_a_released_call_is_back_where_it_was(room: WaitingRoom) -> None:
    joined(room, entry("a"), entry("b", at=NOW + SECOND))
    room.claim_next(ABLE, NOW)
    back = room.release(EntryId("e-a"), ANNA)

    assert back is not None
    assert (back.claimed_by, back.claimed_at, back.heard_at) == (None, None, None)
    assert order(room) == ["a", "b"]


def test_a_moved_call_keeps_its_beginning(room: WaitingRoom) -> None:
    joined(room, entry("a"), entry("b", 60, NOW + MINUTE))
    loans = frozenset({"loans"})
    there = room.move(EntryId("e-a"), queue="vip", priority=90, reason="waited", skills=loans)

    assert there is not None
    assert there.skills == loans
    assert (there.queue, there.priority, there.joined_at) == ("vip", 90, NOW)
    assert there.reasons == ("age 65 or older", "waited")
    assert order(room) == ["a", "b"]
    assert room.find(there.id) == there


def test_a_moved_call_that_was_taken_is_free(room: WaitingRoom) -> None:
    joined(room, entry("a"))
    room.claim_next(ABLE, NOW)
    there = room.move(EntryId("e-a"), queue="cards", priority=50, reason="transferred by a person")

    assert there is not None
    assert (there.state, there.claimed_by) == (State.WAITING, None)
    assert room.claim(EntryId("e-a"), BERT, NOW) is not None


def test_what_was_moved_on_sight_is_not_taken_from_whoever_claimed_it(room: WaitingRoom) -> None:
    seen = room.join(entry("a"))
    room.claim_next(ABLE, NOW)

    there = room.move(seen.id, queue="cards", priority=50, reason="overflow", seen=seen.version)
    assert there is None
    assert [one.queue for one in room.claimed(ANNA)] == ["agents"]


def test_a_call_is_passed_on_by_whoever_has_it_and_is_nobody_elses_in_between(
    room: WaitingRoom,
) -> None:
    joined(room, entry("a"))
    assert room.pass_on(EntryId("e-a"), ANNA, BERT, NOW) is None
    room.claim(EntryId("e-a"), ANNA, NOW)
    room.connected(EntryId("e-a"), ANNA, NOW)

    assert room.pass_on(EntryId("e-a"), BERT, BERT, NOW) is None
    there = room.pass_on(EntryId("e-a"), ANNA, BERT, NOW + SECOND)
    assert there is not None
    assert (there.claimed_by, there.claimed_at, there.is_connected) == (BERT, NOW + SECOND, False)
    assert room.pass_on(EntryId("e-a"), ANNA, BERT, NOW) is None
    room.leave(ContextToken("token-a"), NOW + MINUTE)
    assert room.pass_on(EntryId("e-a"), BERT, ANNA, NOW + MINUTE) is None
    assert [one.claimed_by for one in room.claimed()] == [BERT]


def test_whoever_hangs_up_has_abandoned(room: WaitingRoom) -> None:
    joined(room, entry("a"))
    gone = room.leave(ContextToken("token-a"), NOW + MINUTE)

    assert gone is not None
    assert (gone.state, gone.left_at) == (State.ABANDONED, NOW + MINUTE)
    assert room.leave(ContextToken("token-a"), NOW + 2 * MINUTE) == gone
    assert room.claim(EntryId("e-a"), ANNA, NOW) is None
    assert order(room) == []


def test_whoever_hangs_up_after_a_person_took_the_call_stays_taken(room: WaitingRoom) -> None:
    joined(room, entry("a"))
    room.claim_next(ABLE, NOW)
    gone = room.leave(ContextToken("token-a"), NOW + MINUTE)

    assert gone is not None
    assert (gone.state, gone.hung_up_at) == (State.CLAIMED, NOW + MINUTE)
    done = room.finish(EntryId("e-a"), ANNA, NOW + 2 * MINUTE)
    assert done is not None
    assert done.state is State.FINISHED


@pytest.mark.parametrize("how", ["released", "moved", "lapsed"])
def test_nobody_is_sent_to_a_caller_who_has_hung_up(room: WaitingRoom, how: str) -> None:
    joined(room, entry("a"))
    room.claim_next(ABLE, NOW)
    room.leave(ContextToken("token-a"), NOW + SECOND)

    if how == "moved":
        assert room.move(EntryId("e-a"), queue="x", priority=1, reason="r") is None
        assert [one.claimed_by for one in room.claimed()] == [ANNA]
        return
    if how == "released":
        room.release(EntryId("e-a"), ANNA)
    assert order(room, NOW + 10 * MINUTE) == []
    gone = room.find(EntryId("e-a"))
    assert gone is not None
    assert (gone.state, gone.left_at) == (State.ABANDONED, NOW + SECOND)


def test_whoever_is_to_be_rung_back_keeps_the_place(room: WaitingRoom) -> None:
    joined(room, entry("a"), entry("b", at=NOW + SECOND))
    kept = room.call_back(ContextToken("token-a"))
    room.leave(ContextToken("token-a"), NOW + MINUTE)

    assert kept is not None
    assert (kept.state, kept.is_call_back) == (State.CALL_BACK, True)
    assert room.find(kept.id) == kept
    assert order(room) == ["a", "b"]
    taken = room.claim_next(ABLE, NOW)
    assert taken is not None
    assert (taken.id, taken.is_call_back) == (kept.id, True)
    room.leave(ContextToken("token-a"), NOW + MINUTE)
    back = room.release(kept.id, ANNA)
    assert back is not None
    assert back.state is State.CALL_BACK


def test_whoever_was_taken_is_not_to_be_rung_back(room: WaitingRoom) -> None:
    joined(room, entry("a"))
    taken = room.claim_next(ABLE, NOW)

    assert room.call_back(ContextToken("token-a")) == taken


def test_a_claim_lapses_when_nobody_hears_of_the_claimant(room: WaitingRoom) -> None:
    joined(room, entry("a"), entry("b", at=NOW + SECOND))
    room.claim_next(ABLE, NOW)

    assert order(room, NOW + 2 * MINUTE) == ["b"]
    assert order(room, NOW + 2 * MINUTE + SECOND) == ["a", "b"]
    assert room.finish(EntryId("e-a"), ANNA, NOW + 3 * MINUTE) is None
    bert = replace(ABLE, agent=BERT)
    taken = room.claim_next(bert, NOW + 3 * MINUTE)
    assert taken is not None
    assert (taken.id, taken.claimed_by) == ("e-a", BERT)


@pytest.mark.parametrize("looks", ["claim", "claimed", "claim_next", "heard_of"])
def test_whoever_looks_next_finds_a_lapsed_claim_free(room: WaitingRoom, looks: str) -> None:
    joined(room, entry("a"))
    room.claim_next(ABLE, NOW)
    later = NOW + 3 * MINUTE

    match looks:
        case "claim":
            assert room.claim(EntryId("e-a"), BERT, later) is not None
        case "claimed":
            assert room.claimed(now=later) == ()
        case "claim_next":
            assert room.claim_next(replace(ABLE, agent=BERT), later) is not None
        case _:
            assert room.heard_of(ANNA, later) == 0


def test_a_claim_holds_while_the_claimant_is_heard_of(room: WaitingRoom) -> None:
    joined(room, entry("a"))
    room.claim_next(ABLE, NOW)
    for minute in range(1, 10):
        assert room.heard_of(ANNA, NOW + minute * MINUTE) == 1

    assert order(room, NOW + 11 * MINUTE) == []
    assert order(room, NOW + 12 * MINUTE) == ["a"]


def test_a_desk_that_tells_of_itself_all_the_time_is_written_down_now_and_then(
    room: WaitingRoom,
) -> None:
    joined(room, entry("a"))
    room.claim_next(ABLE, NOW)
    heard = []
    for second in range(40):
        room.heard_of(ANNA, NOW + second * SECOND)
        heard += [one.heard_at for one in room.claimed()]

    assert sorted({at - NOW for at in heard if at}) == [0 * SECOND, 15 * SECOND, 30 * SECOND]


def test_a_call_that_is_connected_is_not_given_to_anybody_else(room: WaitingRoom) -> None:
    """A desk's computer may fail; caller and agent go on talking."""
    joined(room, entry("a"))
    room.claim_next(ABLE, NOW)
    room.connected(EntryId("e-a"), ANNA, NOW)

    assert order(room, NOW + 60 * MINUTE) == []
    room.leave(ContextToken("token-a"), NOW + 60 * MINUTE)
    assert room.claimed(now=NOW + 61 * MINUTE) != ()
    assert room.claimed(now=NOW + 63 * MINUTE) == ()
    over = room.find(EntryId("e-a"))
    assert over is not None
    assert (over.state, over.claimed_by, over.left_at) == (
        State.FINISHED,
        ANNA,
        NOW + 60 * MINUTE,
    )


def test_a_call_whose_end_nobody_tells_does_not_go_on_for_ever(room: WaitingRoom) -> None:
    joined(room, entry("a"))
    room.claim_next(ABLE, NOW)
    room.connected(EntryId("e-a"), ANNA, NOW)

    assert room.waiting(now=NOW + timedelta(hours=5)) == ()
    over = room.find(EntryId("e-a"))
    assert over is not None
    assert over.state is State.FINISHED


def test_what_is_over_is_told_and_forgotten(room: WaitingRoom) -> None:
    joined(room, *(entry(name) for name in "abc"))
    room.claim(EntryId("e-b"), ANNA, NOW)
    room.finish(EntryId("e-b"), ANNA, NOW + MINUTE)
    room.leave(ContextToken("token-a"), NOW + 2 * MINUTE)

    assert [one.id for one in room.over_since(NOW)] == ["e-b", "e-a"]
    assert [one.id for one in room.over_since(NOW + 2 * MINUTE)] == ["e-a"]
    assert room.forget_before(NOW + 2 * MINUTE) == 1
    assert room.find(EntryId("e-b")) is None
    assert room.forget_before(NOW + timedelta(days=9)) == 1
    assert order(room) == ["c"]


def test_reasons_do_not_grow_for_ever(room: WaitingRoom) -> None:
    joined(room, entry("a"))
    for n in range(25):
        room.move(EntryId("e-a"), queue="agents", priority=50, reason=f"moved {n}")

    kept = room.find(EntryId("e-a"))
    assert kept is not None
    assert len(kept.reasons) == 20
    assert kept.reasons[-1] == "moved 24"
    assert kept.version == 25


def test_another_worth_of_waiting_holds_for_whoever_waits_already(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'q.db'}")
    joined(
        SqlWaitingRoom(engine),
        entry("90", 90),
        entry("50", 50, NOW - 5 * MINUTE),
    )
    assert order(SqlWaitingRoom(engine)) == ["90", "50"]
    assert order(SqlWaitingRoom(engine, Ageing(points_per_minute=10))) == ["50", "90"]
    engine.dispose()


def test_the_order_is_read_from_an_index(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'q.db'}")
    joined(SqlWaitingRoom(engine), entry("a"))
    with engine.connect() as connection:
        plan = connection.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT * FROM queue_entries WHERE is_live IS 1 AND skills = ''"
                " ORDER BY rank, joined_at, id LIMIT 1"
            )
        ).all()
    engine.dispose()

    assert [row.detail for row in plan] == [
        "SEARCH queue_entries USING INDEX queue_entries_order (is_live=?)"
    ]


def test_a_store_that_is_gone_says_so(tmp_path: Path) -> None:
    (tmp_path / "q.db").write_bytes(b"no database " * 1000)
    room = SqlWaitingRoom(f"sqlite:///{tmp_path / 'q.db'}", lease=Lease())

    with pytest.raises(StoreUnavailable):
        room.join(entry("a"))
    with pytest.raises(StoreUnavailable):
        room.claim_next(ABLE, NOW)


def test_a_skill_is_one_word() -> None:
    with pytest.raises(ValueError, match="skill"):
        replace(entry("a"), skills=frozenset({"a|b"}))
