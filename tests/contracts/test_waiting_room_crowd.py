"""Fifty who take calls at once, some of whom die: every caller is served once."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fakes import claimants
from fakes.claimants import NOW

from biometrics import StoreUnavailable
from biometrics.storage.database import Engine, open_engine
from ivr.call import CallId, Language
from ivr.queue.entry import AgentId, ContextToken, Entry, EntryId, State
from ivr.queue.memory_waiting import MemoryWaitingRoom
from ivr.queue.sql_waiting import SqlWaitingRoom
from ivr.queue.waiting import Able, WaitingRoom

_PATIENCE_S = 90
CROWD, CALLERS = 50, 100
LATER = NOW + timedelta(minutes=3)
ABLE = Able(agent=AgentId("anna"), queues=None, languages=frozenset(Language))


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    is_postgres = request.param == "postgresql"
    file = f"sqlite:///{tmp_path / 'q.db'}"
    engine = open_engine(request.getfixturevalue("postgres") if is_postgres else file)
    yield engine
    engine.dispose()


def fill(room: WaitingRoom) -> frozenset[str]:
    for n in range(CALLERS):
        room.join(
            Entry(
                id=EntryId(f"e-{n}"),
                call_id=CallId(f"call-{n}"),
                token=ContextToken(f"token-{n}"),
                queue="agents",
                language=Language.GERMAN,
                priority=50,
                reasons=(),
                joined_at=NOW + n * timedelta(milliseconds=1),
            )
        )
    return frozenset(f"e-{n}" for n in range(CALLERS))


def drained(room: WaitingRoom, able: Able) -> list[str]:
    """What one agent got who goes on until nobody waits."""
    got: list[str] = []
    while True:
        try:
            taken = room.claim_next(able, NOW)
            if taken is not None:
                got.append(taken.id)
            elif not room.waiting(now=NOW):
                return got
        except StoreUnavailable:
            continue


def test_fifty_threads_share_the_callers_in_memory() -> None:
    share(MemoryWaitingRoom())


def test_fifty_threads_share_the_callers_of_a_database(engine: Engine) -> None:
    share(SqlWaitingRoom(engine))


def share(room: WaitingRoom) -> None:
    callers = fill(room)
    crowd = [replace(ABLE, agent=AgentId(f"agent-{n}")) for n in range(CROWD)]
    with ThreadPoolExecutor(CROWD) as threads:
        got = list(threads.map(lambda able: drained(room, able), crowd))

    counted = Counter(one for mine in got for one in mine)
    assert counted == dict.fromkeys(callers, 1)
    assert len(room.claimed()) == CALLERS


@pytest.mark.parametrize("deaths", [0, 35])
def test_fifty_processes_of_whom_some_are_killed_serve_everybody_once(
    engine: Engine, tmp_path: Path, deaths: int
) -> None:
    room = SqlWaitingRoom(engine)
    callers = fill(room)
    notes = tmp_path / "notes"
    notes.mkdir()
    with crowd_of(engine, notes):
        pids = wait_for_all(notes)
        (notes / "go").touch()
        kill_some(pids, deaths)

    claims, finishes = noted(notes)
    assert max(claims.values()) == 1
    assert max(finishes.values()) == 1
    before = room.over_since(NOW)
    assert set(finishes) <= {one.id for one in before}
    served_again = rest_of(room)
    assert not {one.id for one in before} & set(served_again)
    over = room.over_since(NOW)
    assert {one.id for one in over} == callers
    assert {one.state for one in over} == {State.FINISHED}
    if not deaths:
        assert served_again == []


@contextmanager
def crowd_of(engine: Engine, notes: Path) -> Iterator[None]:
    address = engine.url.render_as_string(hide_password=False)
    crowd = subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, claimants.__file__, address, str(CROWD), str(notes)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        start_new_session=True,
    )
    try:
        yield
        assert crowd.wait(timeout=_PATIENCE_S) == 0
    finally:
        with suppress(ProcessLookupError):
            os.killpg(crowd.pid, signal.SIGKILL)
        crowd.wait()


def wait_for_all(notes: Path) -> list[int]:
    patience = time.monotonic() + _PATIENCE_S
    while len(found := [int(file.name) for file in notes.iterdir()]) < CROWD:
        assert time.monotonic() < patience
        time.sleep(0.05)
    return found


def kill_some(pids: list[int], deaths: int) -> None:
    chance = random.Random(815)  # noqa: S311 - chance, no secret
    for pid in chance.sample(sorted(pids), deaths):
        time.sleep(chance.random() * 0.02)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def noted(notes: Path) -> tuple[Counter[str], Counter[str]]:
    lines = [
        line.split() for file in notes.iterdir() for line in file.read_text("utf-8").splitlines()
    ]
    return tuple(
        Counter(line[1] for line in lines if line[0] == word and len(line) > 1)
        for word in ("claimed", "finished")
    )  # type: ignore[return-value]


def rest_of(room: WaitingRoom) -> list[str]:
    """What was waiting again once the claims of the dead had lapsed."""
    served = []
    while taken := room.claim_next(ABLE, LATER):
        assert room.finish(taken.id, ABLE.agent, LATER) is not None
        served.append(str(taken.id))
    return served
