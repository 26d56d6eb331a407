"""Whether nobody was lost: what callers know, held against what the database holds."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select, text

from biometrics import SubjectId, Voiceprint
from ivr.journal.tallies import Scope
from ivr.queue.entry import ContextToken, Entry, EntryId
from ivr.queue.waiting_table import ENTRIES, entry_of
from ivr.wiring import House

from .bank import Bank
from .callers import Caller, Came, Street
from .enrolling import Office
from .workers import Workers

_MOST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """What came of everything."""

    workers: int
    kills: int
    other_deaths: int
    """Of workers that nobody killed."""

    start_median_s: float
    calls: int
    turns: int
    interrupted: int
    """Calls of which at least one request found its worker dead."""

    interrupted_served: int
    """Of them: whom another worker served to the end."""

    interrupted_queued: int
    """Of them: who waits for a person, or was taken by one, with context."""

    interrupted_gone: int
    """Of them: who hung up on silence, and is written down."""

    handed_on_by_others: int
    """Calls that were handed on because their worker was lost."""

    queued: int
    served: int
    errands: int
    enrolled: int
    enrolments_interrupted: int
    slowest_answer_s: float
    faults: tuple[str, ...]
    """Whatever should not be; each names a rule and how often it was broken."""

    def told(self) -> dict[str, Any]:
        return asdict(self)


def reckon(house: House, workers: Workers, street: Street, bank: Bank, office: Office) -> Reckoning:
    """Once everything that was begun is over."""
    callers = street.all
    hit = [one for one in callers if one.interruptions]
    records = house.journal.latest(_everything(), most=_MOST)
    faults = Counter(
        [
            *_queue_faults(house, callers),
            *_journal_faults(house, callers, len(records)),
            *_errand_faults(callers, bank),
            *_voice_faults(house, office),
            *_left_over(house),
        ]
    )
    starts = sorted(workers.starts_s)
    return Reckoning(
        workers=workers.count,
        kills=workers.kills,
        other_deaths=workers.died,
        start_median_s=round(starts[len(starts) // 2], 1),
        calls=len(callers),
        turns=sum(one.turns for one in callers),
        interrupted=len(hit),
        interrupted_served=sum(one.came is Came.SERVED for one in hit),
        interrupted_queued=sum(one.came is Came.QUEUED for one in hit),
        interrupted_gone=sum(one.came is Came.GONE for one in hit),
        handed_on_by_others=sum(record.reason == "a worker was lost" for record in records),
        queued=sum(one.came is Came.QUEUED for one in callers),
        served=sum(one.came is Came.SERVED for one in callers),
        errands=sum(map(len, bank.blocked.values())),
        enrolled=len(office.finished),
        enrolments_interrupted=office.interruptions,
        slowest_answer_s=round(street.slowest_s, 1),
        faults=tuple(f"{what}: {count}" for what, count in sorted(faults.items())),
    )


def _queue_faults(house: House, callers: list[Caller]) -> Iterator[str]:
    entries: dict[str, list[Entry]] = defaultdict(list)
    with house.voices.engine.connect() as connection:
        for row in connection.execute(select(ENTRIES)):
            entries[entry_of(row).call_id].append(entry_of(row))
    for caller in callers:
        there = entries.get(caller.call, [])
        if len(there) > 1:
            yield "a caller is in the queue twice"
        if caller.came is Came.SERVED and there:
            yield "a caller who was served is in the queue"
        if caller.came is Came.QUEUED:
            yield from _place_faults(house, caller, [one.id for one in there])


def _place_faults(house: House, caller: Caller, there: list[EntryId]) -> Iterator[str]:
    if not caller.token:
        yield "a caller was queued without a token"
        return
    own = house.room.of_token(ContextToken(caller.token))
    if own is None or own.id not in there:
        yield "a caller is not in the queue"
    elif caller.has_left and own.is_live:
        yield "a caller who left still waits"
    elif caller.waits and not own.is_live:
        yield "a caller who waits was taken out of the queue"
    elif caller.agent and own.claimed_by != caller.agent:
        yield "a caller who was taken is not the person's"
    if house.handing_over.contexts.find(caller.token, datetime.now(UTC)) is None:
        yield "a caller was queued without context"
    if caller.context_turns != -1 and caller.context_turns < caller.turns:
        yield "a person was not told of every turn"


def _journal_faults(house: House, callers: list[Caller], records: int) -> Iterator[str]:
    for caller in callers:
        if caller.came is Came.TALKING:
            yield "a call has no end"
        if not caller.asked_again:
            continue
        mark = house.handing_over.mark(_customer(caller))
        written = len(house.journal.of_customer(mark, most=5))
        if written > 1:
            yield "a call is written down twice"
        if not written:
            yield "a call is not written down"
    if records > len(callers):
        yield "more calls are written down than were made"
    if records < sum(one.turns > 0 for one in callers):
        yield "fewer calls are written down than were answered"


def _errand_faults(callers: list[Caller], bank: Bank) -> Iterator[str]:
    for caller in callers:
        if len(bank.blocked.get(caller.customer, ())) > 1:
            yield "an errand was done twice"


def _voice_faults(house: House, office: Office) -> Iterator[str]:
    for subject in office.subjects:
        found = house.voices.sealed.get(subject)
        if found is not None and not isinstance(found, Voiceprint):
            yield "an enrolment was left in the middle"
        if found is None and subject in office.finished:
            yield "a voiceprint is lost"


def _left_over(house: House) -> Iterator[str]:
    with house.voices.engine.connect() as connection:
        for _ in connection.execute(text("SELECT name FROM shared_calls")):
            yield "a call is still kept"


def _everything() -> Scope:
    now = datetime.now(UTC)
    return Scope(since=now - timedelta(days=1), until=now + timedelta(days=1), business="bank")


def _customer(caller: Caller) -> Any:
    return caller.customer


def subjects_of(count: int) -> list[SubjectId]:
    return [SubjectId(f"e-{number}") for number in range(count)]
