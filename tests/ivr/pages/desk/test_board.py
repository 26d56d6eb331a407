"""One task reads the room for all desks, and tells them of changes only."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime

import pytest

from biometrics import StoreUnavailable
from ivr.call import CallId, Language
from ivr.pages.desk.board import Board, Snapshot
from ivr.queue.entry import Entry, EntryId

QUICK_S = 0.01
ENTRY = Entry(
    id=EntryId("e1"),
    call_id=CallId("c1"),
    queue="agents",
    language=Language.GERMAN,
    priority=50,
    reasons=(),
    joined_at=datetime(2026, 11, 26, tzinfo=UTC),
)
FULL = Snapshot(waiting=(ENTRY,))


class Room:
    """What is read next; counts who reads."""

    def __init__(self) -> None:
        self.now = Snapshot()
        self.is_broken = False
        self.reads = 0

    def __call__(self) -> Snapshot:
        self.reads += 1
        if self.is_broken:
            raise StoreUnavailable("Gone.")
        return self.now


def run(story: Callable[[Room, Board], Coroutine[None, None, None]]) -> Room:
    async def begin() -> Room:
        room = Room()
        await story(room, Board(room, every_s=QUICK_S))
        return room

    return asyncio.run(begin())


def test_nobody_reads_where_nobody_watches() -> None:
    async def story(room: Room, board: Board) -> None:
        await asyncio.sleep(5 * QUICK_S)
        assert room.reads == 0
        async with board.watching():
            pass
        await asyncio.sleep(3 * QUICK_S)
        before = room.reads
        await asyncio.sleep(5 * QUICK_S)
        assert room.reads == before

    run(story)


def test_a_room_that_cannot_be_read_stays_as_it_was_and_says_so() -> None:
    async def story(room: Room, board: Board) -> None:
        room.now = FULL
        async with board.watching() as watcher:
            assert await watcher.next(patience_s=5) == FULL
            room.is_broken = True
            stale = await watcher.next(patience_s=5)
            assert (stale.waiting, stale.is_fresh) == ((ENTRY,), False)
            room.is_broken = False
            assert (await watcher.next(patience_s=5)).is_fresh

    run(story)


def test_a_desk_that_comes_is_told_nothing_that_was_read_before() -> None:
    async def story(room: Room, board: Board) -> None:
        room.now = FULL
        async with board.watching() as first:
            await first.next(patience_s=5)
            room.now = Snapshot()
            async with board.watching() as second:
                assert (await second.next(patience_s=5)).waiting == ()

    run(story)


def test_without_a_change_nobody_is_woken() -> None:
    async def story(room: Room, board: Board) -> None:
        async with board.watching() as watcher:
            await watcher.next(patience_s=5)
            before = room.reads
            await watcher.next(patience_s=10 * QUICK_S)
            assert room.reads > before + 2

    run(story)


def test_many_desks_are_one_reader_and_all_are_told() -> None:
    async def story(room: Room, board: Board) -> None:
        async def desk() -> Snapshot:
            async with board.watching() as watcher:
                found = await watcher.next(patience_s=5)
                while not found.waiting:
                    found = await watcher.next(patience_s=5)
                return found

        desks = [asyncio.create_task(desk()) for _ in range(50)]
        await asyncio.sleep(5 * QUICK_S)
        room.now = FULL
        assert await asyncio.gather(*desks) == [FULL] * 50
        assert room.reads < 50

    run(story)


def test_who_changes_something_is_not_waited_for() -> None:
    async def story(room: Room, board: Board) -> None:
        slow = Board(room, every_s=60)
        async with slow.watching() as watcher:
            await watcher.next(patience_s=5)
            room.now = FULL
            await asyncio.to_thread(slow.hurry)
            assert await watcher.next(patience_s=5) == FULL

    run(story)


def test_hurrying_where_nobody_watches_does_nothing() -> None:
    room = Room()
    Board(room).hurry()

    assert room.reads == 0


def test_who_comes_when_too_many_watch_is_sent_away_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ivr.pages.desk.board._MOST_WATCHERS", 1)

    async def run() -> tuple[bool, bool, bool]:
        board = Board(Snapshot)
        before = board.is_crowded
        async with board.watching():
            during = board.is_crowded
        return before, during, board.is_crowded

    assert asyncio.run(run()) == (False, True, False)
