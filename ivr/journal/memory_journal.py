"""The journal in memory: gone when the process ends."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import datetime
from itertools import product
from threading import Lock
from typing import Any

from ivr.journal.journal import Later
from ivr.journal.record import CallRecord, RecordId
from ivr.journal.tallies import Counts, Facet, Scope, Value, values_of


class MemoryJournal:
    """Keeps records and counts them. Every thread may use the same one."""

    def __init__(self) -> None:
        self._records: dict[RecordId, CallRecord] = {}
        self._changing = Lock()

    def write(self, record: CallRecord) -> None:
        self.write_all((record,))

    def write_all(self, records: Iterable[CallRecord]) -> None:
        new = {record.id: record for record in records}
        with self._changing:
            self._records = {**new, **self._records}

    def add_later(self, token: str, later: Later) -> bool:
        known = known_of(later)
        with self._changing:
            calls = [one for one in self._records.values() if token and one.token == token]
            for call in calls:
                self._records[call.id] = replace(call, **known)
        return bool(calls)

    def find(self, record: RecordId) -> CallRecord | None:
        return self._records.get(record)

    def of_customer(self, mark: str, *, most: int) -> tuple[CallRecord, ...]:
        return _latest((one for one in self._all() if mark and one.customer_mark == mark), most)

    def latest(self, scope: Scope, *, most: int) -> tuple[CallRecord, ...]:
        return _latest((one for one in self._all() if one in scope), most)

    def forget_before(self, moment: datetime) -> int:
        with self._changing:
            old = [one.id for one in self._records.values() if one.began_at < moment]
            for record in old:
                del self._records[record]
        return len(old)

    def tally(self, scope: Scope, *by: Facet) -> Counts:
        counts: Counter[tuple[Value, ...]] = Counter()
        for record in self._all():
            if record in scope:
                counts.update(product(*(values_of(record, facet) for facet in by)))
        return counts

    def _all(self) -> tuple[CallRecord, ...]:
        with self._changing:
            return tuple(self._records.values())


def _latest(calls: Iterable[CallRecord], most: int) -> tuple[CallRecord, ...]:
    return tuple(sorted(calls, key=lambda one: (one.began_at, one.id), reverse=True)[:most])


def known_of(later: Later) -> dict[str, Any]:
    """The fields that something is known of."""
    return {name: value for name, value in asdict(later).items() if value is not None}
