"""What became of errands, so that none is done twice; neither words nor customers are kept."""

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from threading import Lock
from typing import NewType, Protocol

from ivr.errand import Errand

ReceiptName = NewType("ReceiptName", str)


class State(StrEnum):
    """How far an errand has come."""

    DOING = "doing"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    OPEN = "open"
    """Nothing was changed: it may be done."""

    UNSURE = "unsure"
    """It was sent, and nobody knows what came of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """One errand."""

    name: ReceiptName
    state: State
    times: int = 0
    """How often it was begun before and nothing was left of it."""

    at: datetime
    """When it came so far. Aware, UTC."""

    def now(self, state: State, at: datetime) -> "Receipt":
        """Further on. What changed nothing in the end is begun anew, not gone on with."""
        is_new_round = self.state in (State.UNDONE, State.OPEN) and state is State.DOING
        return replace(self, state=state, at=at, times=self.times + is_new_round)


class Receipts(Protocol):
    """Shared by every thread, and by every process that runs errands of the same calls."""

    def find(self, name: ReceiptName) -> Receipt | None:
        """Raises VoiceProblem where it cannot be read."""

    def replace(self, before: Receipt | None, after: Receipt) -> bool:
        """Whether `before` still stood there, None being nothing; else nothing was changed.

        Raises VoiceProblem where it cannot be written.
        """

    def forget(self, until: datetime) -> int:
        """Drop those that came so far before `until`; how many."""


def name_of(errand: Errand) -> ReceiptName:
    """The same for every step of an errand; it tells neither the call nor the customer."""
    told = "\0".join((errand.key, errand.intent, errand.customer_id or ""))
    return ReceiptName(hashlib.sha256(told.encode()).hexdigest())


class MemoryReceipts:
    """Receipts of one process."""

    def __init__(self) -> None:
        self._kept: dict[ReceiptName, Receipt] = {}
        self._lock = Lock()

    def find(self, name: ReceiptName) -> Receipt | None:
        with self._lock:
            return self._kept.get(name)

    def replace(self, before: Receipt | None, after: Receipt) -> bool:
        with self._lock:
            if self._kept.get(after.name) != before:
                return False
            self._kept[after.name] = after
            return True

    def forget(self, until: datetime) -> int:
        with self._lock:
            old = [name for name, receipt in self._kept.items() if receipt.at < until]
            for name in old:
                del self._kept[name]
            return len(old)
