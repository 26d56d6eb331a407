"""A crowd of processes that take calls: python claimants.py ADDRESS HOW_MANY FOLDER.

Each is a process of its own with its own connection, waits until FOLDER holds `go`, and notes in
FOLDER/PID what it has claimed and finished. Killed ones leave their notes.
"""

import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from biometrics import StoreUnavailable
from ivr.call import Language
from ivr.queue.entry import AgentId
from ivr.queue.sql_waiting import SqlWaitingRoom
from ivr.queue.waiting import Able

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
_SERVICE_S = 0.02
_BETWEEN_LOOKS_S = 0.02
_LONGEST_S = 60
"""Nobody goes on for ever, whatever became of the test."""


def serve(address: str, folder: Path) -> None:
    """Claim and finish until nobody waits."""
    agent = AgentId(f"agent-{os.getpid()}")
    room = SqlWaitingRoom(address)
    patience = time.monotonic() + _LONGEST_S
    with (folder / str(os.getpid())).open("a", buffering=1) as notes:
        while not (folder / "go").exists():
            time.sleep(0.01)
        while time.monotonic() < patience:
            try:
                if _is_done(room, agent, notes):
                    return
            except StoreUnavailable:
                notes.write("busy\n")


def _is_done(room: SqlWaitingRoom, agent: AgentId, notes: TextIO) -> bool:
    """One caller; whether none is left."""
    mine = next(iter(room.claimed(agent)), None)
    if mine is None:
        able = Able(agent=agent, queues=None, languages=frozenset(Language))
        mine = room.claim_next(able, NOW)
        if mine is None:
            time.sleep(_BETWEEN_LOOKS_S)
            return not room.waiting(now=NOW)
        notes.write(f"claimed {mine.id}\n")
    time.sleep(_SERVICE_S)
    if room.finish(mine.id, agent, NOW):
        notes.write(f"finished {mine.id}\n")
    return False


def main() -> None:
    address, how_many, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    crowd = []
    for _ in range(how_many):
        pid = os.fork()
        if pid == 0:
            serve(address, folder)
            os._exit(0)
        crowd.append(pid)
    for pid in crowd:
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
