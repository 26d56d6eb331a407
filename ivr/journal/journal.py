"""The port to the records of calls."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ivr.journal.record import CallRecord, RecordId
from ivr.journal.tallies import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """What is known of a call only after the machine's part; None leaves a field as it is."""

    waited_ms: int | None = None
    is_abandoned: bool | None = None
    handled_ms: int | None = None
    person_right: bool | None = None
    intent_right: bool | None = None
    solved: bool | None = None
    satisfaction: int | None = None


class Journal(Protocol):
    """Records of calls. Methods raise StoreUnavailable; every thread and process may write."""

    def write(self, record: CallRecord) -> None:
        """Keep it; a record of this id that is there already stays as it is."""

    def write_all(self, records: Iterable[CallRecord]) -> None:
        """All or none of them."""

    def add_later(self, token: str, later: Later) -> bool:
        """To the call with this digest of a context's token; False where there is none.

        No call has the empty one.
        """

    def find(self, record: RecordId) -> CallRecord | None: ...

    def of_customer(self, mark: str, *, most: int) -> tuple[CallRecord, ...]:
        """The latest first; none for an empty mark."""

    def latest(self, scope: Scope, *, most: int) -> tuple[CallRecord, ...]:
        """Calls of the scope, the latest first."""

    def forget_before(self, moment: datetime) -> int:
        """Delete records of calls that began earlier; how many."""
