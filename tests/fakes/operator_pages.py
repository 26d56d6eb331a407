"""The operator's pages over a journal of many calls, a queue and calls that go on."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from fakes.filled_journal import records
from fakes.pages import app_of, pages_of
from fakes.people import Office
from fastapi import APIRouter, FastAPI

from ivr.call import CallId, Language
from ivr.journal.memory_journal import MemoryJournal
from ivr.journal.record import CallRecord
from ivr.journal.rises import Watch
from ivr.journal.tallies import Tallies
from ivr.live.happening import Happening
from ivr.pages.operator.figure_routes import figure_routes
from ivr.pages.operator.figures import Figures
from ivr.pages.operator.gathered import Gathered
from ivr.pages.operator.live import LiveCalls
from ivr.pages.operator.overview import overview_routes
from ivr.pages.operator.room import PLACE, OperatorRoom
from ivr.queue.entry import ContextToken, Entry, EntryId
from ivr.queue.memory_waiting import MemoryWaitingRoom

NOW = datetime(2026, 11, 26, 12, 20, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
WANTS = {
    "rebook_flight": "einen Flug umbuchen",
    "flight_status": "wissen, wann ein Flug geht",
    "refund": "Geld zurück",
}
FIRST = CallId("+4989123456-first")


class Studio:
    """Everything the pages stand on."""

    def __init__(self, office: Office, tallies: Tallies) -> None:
        office.now = NOW
        self.office = office
        self.now_ms = 0
        self.live = LiveCalls(lambda: self.now_ms)
        self.waiting = MemoryWaitingRoom()
        self.said: tuple[str, ...] = ()
        ticks = count()
        self.room = OperatorRoom(
            pages=pages_of(office, PLACE),
            figures=Figures(
                tallies=Gathered(tallies, clock_s=lambda: float(next(ticks))),
                zone=ZONE,
                answer_within_s=20,
                by_questions_s=45,
                drift_reference=timedelta(weeks=4),
                watch=Watch(),
                examples=lambda topic, since: self.said,
            ),
            live=self.live,
            waiting=self.waiting,
            topic_words=lambda topic, language: WANTS.get(topic, topic.replace("_", " ")),
            queue_words=lambda queue, language: queue,
        )

    def app(self, *more: APIRouter) -> FastAPI:
        routes = (overview_routes(self.room), figure_routes(self.room))
        return app_of(self.office, self.room.pages, *routes, *more)

    def tell(self, call: CallId, *happenings: tuple[int, str, dict[str, str]]) -> None:
        for at_ms, kind, told in happenings:
            self.now_ms = max(self.now_ms, at_ms)
            self.live.observe(call, Happening(at_ms=at_ms, kind=kind, told=told))

    def a_call_goes_on(self) -> None:
        self.tell(
            FIRST,
            (0, "prompt_begins", {}),
            (7_000, "prompt_ends", {}),
            (8_000, "speech_begins", {}),
            (9_000, "partial", {"text": "mein Passwort ist Esel"}),
            (12_000, "speech_ends", {}),
            (12_500, "heard", {"text": "mein Passwort ist Esel", "language": "de", "engine": "x"}),
            (12_600, "verdict", {"decision": "accepted", "llr": "6.2"}),
            (12_700, "answer", {"intent": "rebook_flight", "action": "ask", "prompt": "Klaus"}),
            (13_000, "prompt_begins", {}),
            (20_000, "prompt_ends", {}),
        )

    def somebody_waits(self, many: int = 3) -> None:
        for number in range(many):
            self.waiting.join(
                Entry(
                    id=EntryId(f"e{number}"),
                    call_id=CallId(f"+49301234{number}"),
                    token=ContextToken(f"token-{number}"),
                    queue=("agents", "senior", "baggage")[number % 3],
                    language=Language.GERMAN,
                    priority=(50, 80, 50)[number % 3],
                    reasons=("age 65 or older",) if number % 3 == 1 else (),
                    joined_at=NOW - timedelta(seconds=40 + 55 * number),
                )
            )


def filled(calls: int = 3_000, *more: CallRecord) -> MemoryJournal:
    journal = MemoryJournal()
    journal.write_all([*records(calls=calls, seed=3, days=80, until=NOW), *more])
    return journal


def storm(calls: Iterable[CallRecord]) -> list[CallRecord]:
    """The same calls, all about one thing in the last hour that is over."""
    hour = NOW.replace(minute=0) - timedelta(hours=1)
    return [
        replace(
            call,
            id=type(call.id)(f"storm-{place}"),
            token="",
            began_at=hour + timedelta(minutes=place % 60),
            ended_at=hour + timedelta(minutes=place % 60 + 2),
            intents=("flight_status",),
            business="airline",
        )
        for place, call in enumerate(calls)
    ]
