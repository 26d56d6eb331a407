"""What one worker changes in the queue another one hears of."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from threading import Event
from time import monotonic, sleep

from sqlalchemy import create_engine, text

from ivr.call import CallId, Language
from ivr.pages.desk.board import Board, Snapshot
from ivr.queue.entry import AgentId, ContextToken, Entry, EntryId
from ivr.queue.postgres_news import PostgresNews
from ivr.queue.sql_waiting import SqlWaitingRoom

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
ENTRY = Entry(
    id=EntryId("e-1"),
    call_id=CallId("c-1"),
    token=ContextToken("token"),
    queue="agents",
    language=Language.GERMAN,
    priority=50,
    reasons=(),
    intent="",
    joined_at=NOON,
)


def soon(condition: Callable[[], bool]) -> bool:
    end = monotonic() + 10
    while not condition() and monotonic() < end:
        sleep(0.01)
    return condition()


async def until(condition: Callable[[], bool]) -> bool:
    return await asyncio.to_thread(soon, condition)


def heard(address: str, story: Callable[[PostgresNews, Event], Awaitable[None]]) -> None:
    engine, told = create_engine(address), Event()
    news = PostgresNews(engine, told.set)

    async def run() -> None:
        async with news.listening():
            await story(news, told)

    asyncio.run(run())
    engine.dispose()


def test_without_a_database_nothing_is_heard_and_whoever_listens_can_stop() -> None:
    async def story(news: PostgresNews, told: Event) -> None:
        await asyncio.sleep(0.05)
        assert not news.is_heard
        assert not told.is_set()

    heard("postgresql+psycopg://nobody@/nothing?host=/nowhere&connect_timeout=1", story)


def test_every_change_is_heard_and_a_sign_of_life_is_none(postgres: str) -> None:
    engine = create_engine(postgres)
    room = SqlWaitingRoom(engine)
    room.waiting(now=NOON)

    async def is_told(told: Event, change: Callable[[], object]) -> bool:
        told.clear()
        await asyncio.to_thread(change)
        return await asyncio.to_thread(told.wait, 5)

    async def story(news: PostgresNews, told: Event) -> None:
        assert await until(lambda: news.is_heard)
        assert await is_told(told, lambda: room.join(ENTRY))
        assert await is_told(told, lambda: room.claim(ENTRY.id, AgentId("anna"), NOON))
        told.clear()
        await asyncio.to_thread(room.heard_of, AgentId("anna"), NOON)
        assert not await asyncio.to_thread(told.wait, 0.3)
        assert await is_told(told, lambda: room.finish(ENTRY.id, AgentId("anna"), NOON))

    heard(postgres, story)
    engine.dispose()


def test_a_connection_that_is_lost_is_made_again(postgres: str) -> None:
    engine = create_engine(postgres)
    others = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    async def story(news: PostgresNews, told: Event) -> None:
        assert await until(lambda: news.is_heard)
        told.clear()
        with engine.begin() as connection:
            connection.execute(others)
        assert await until(told.is_set)
        assert news.is_heard

    heard(postgres, story)
    engine.dispose()


def test_a_desk_hears_within_a_second_of_what_another_worker_changes(postgres: str) -> None:
    """The board would look again after a minute only."""
    here, there = create_engine(postgres), create_engine(postgres)
    room, other = SqlWaitingRoom(here), SqlWaitingRoom(there)

    def look() -> Snapshot:
        return Snapshot(waiting=room.waiting(now=NOON), claimed=room.claimed(now=NOON))

    async def story() -> Snapshot:
        board = Board(look, every_s=60)
        news = PostgresNews(here, board.hurry)
        async with news.listening(), board.watching() as desk:
            assert await until(lambda: news.is_heard)
            await desk.next(patience_s=1)
            await asyncio.to_thread(other.join, ENTRY)
            return await desk.next(patience_s=1)

    told = asyncio.run(story())
    here.dispose()
    there.dispose()

    assert [one.id for one in told.waiting] == [ENTRY.id]
