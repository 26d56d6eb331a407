"""The room of callers who wait, and somebody who is told how tries to take one end."""

from collections.abc import Callable
from datetime import datetime

from biometrics.storage.database import Engine
from ivr.queue.changes import Lease
from ivr.queue.entry import AgentId, Entry, EntryId
from ivr.queue.order import Ageing
from ivr.queue.sql_waiting import SqlWaitingRoom
from ivr.queue.waiting import Able

Claimed = Callable[[bool], object]
"""Told whether a caller was taken, or somebody else has them."""


class CountedRoom(SqlWaitingRoom):
    """A room whose claims are counted."""

    def __init__(self, engine: Engine, ageing: Ageing, lease: Lease, claimed: Claimed) -> None:
        super().__init__(engine, ageing, lease)
        self._claimed = claimed

    def claim_next(self, able: Able, now: datetime) -> Entry | None:
        entry = super().claim_next(able, now)
        if entry is not None:  # nobody waits: nobody was refused
            self._claimed(True)
        return entry

    def claim(self, entry: EntryId, agent: AgentId, now: datetime) -> Entry | None:
        found = super().claim(entry, agent, now)
        self._claimed(found is not None)
        return found
