"""The desk over everything in memory, with calls to take."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from fakes.pages import app_of, pages_of
from fakes.people import Office
from fastapi import FastAPI

from biometrics import SubjectId
from ivr.call import CallId, CustomerId, Language
from ivr.handover.context import Context, Customer, Earlier, Evidence, Said
from ivr.handover.feedback import Feedback
from ivr.handover.memory_contexts import MemoryContexts
from ivr.handover.memory_remarks import MemoryRemarks
from ivr.identify.view import ConflictView, FactView, MissingView, ProfileView
from ivr.pages.desk.attendance import Attendance
from ivr.pages.desk.board import Board, Snapshot
from ivr.pages.desk.events import Telling
from ivr.pages.desk.leaving import leaving_routes
from ivr.pages.desk.routes import PLACE, DeskRoom, desk_routes
from ivr.pages.desk.work import DeskWork
from ivr.people.memory_presences import MemoryPresences
from ivr.people.person import PersonId
from ivr.queue.entry import AgentId, ContextToken, Entry, EntryId
from ivr.queue.memory_waiting import MemoryWaitingRoom

DAY = timedelta(days=1)
QUEUES = ("agents", "senior", "vip")

SURE = Evidence(
    decision="accepted",
    score=0.71,
    llr=6.2,
    threshold=3.9,
    net_speech_ms=3_120,
    has_second_factor=True,
)
KLAUS = Customer(
    id=CustomerId("k-1"),
    name="Klaus Sommer",
    age=71,
    tier="vip",
    preferences={"seat": "aisle"},
    events=({"kind": "flight_cancelled", "at": "2026-11-26T10:00:00+00:00", "flight": "LH815"},),
    subject=SubjectId("s-1"),
)


def context(now: datetime, **changes: Any) -> Context:
    """A call of Klaus, who wants to rebook."""
    whole = Context(
        call_id="c-1",
        at=now,
        language=Language.GERMAN,
        business="airline",
        number="+4989123456",
        customer=KLAUS,
        evidence=SURE,
        said=(
            Said(
                caller="Mein Flug fällt aus, ich möchte umbuchen.",
                machine="Guten Tag, Herr Sommer. Ich buche Sie auf den Abend um.",
                intent="rebook_flight",
                confidence=0.93,
            ),
            Said(
                caller="Nein, ich will mit jemandem sprechen!",
                machine="Ich verbinde Sie mit einem Menschen.",
                intent="person",
                confidence=0.88,
            ),
        ),
        intent="rebook_flight",
        slots={"flight": "LH815"},
        tried=("rebook_flight: declined",),
        mood="upset",
        queue="senior",
        priority=80,
        reasons=("age 65 or older -> queue senior",),
        earlier=(Earlier(at=now - DAY, intent="rebook_flight", outcome="hung_up"),),
        next_step="listen_first",
    )
    return replace(whole, **changes)


PROFILE = ProfileView(
    customer_id=KLAUS.id,
    identified_by="directory",
    facts=(
        FactView(name="name", value="Klaus Sommer", source="directory", age_s=60),
        FactView(name="tier", value="vip", source="crm", age_s=7_200, is_stale=True),
    ),
    conflicts=(
        ConflictView(
            fact=FactView(name="tier", value="standard", source="directory", age_s=60),
            why="older",
            kept="vip",
        ),
    ),
    missing=(MissingView(source="billing", why="down"),),
)


@dataclass
class Heard:
    """What was learned from."""

    said: list[Feedback] = field(default_factory=list)

    def __call__(self, feedback: Feedback) -> None:
        self.said.append(feedback)


class DeskHouse:
    """Calls come in by `call`, and a telephone system gives them to people by `assign`."""

    def __init__(self, office: Office | None = None) -> None:
        self.office = office or Office()
        self.room = MemoryWaitingRoom()
        self.contexts = MemoryContexts(keep=DAY)
        self.heard = Heard()
        self.profiles: dict[str, ProfileView] = {}
        self.board = Board(self.snapshot)
        self.work = DeskWork(
            move=self._moved,
            room=self.room,
            contexts=self.contexts,
            remarks=MemoryRemarks(keep=DAY),
            attendance=Attendance(
                room=self.room, presences=MemoryPresences(), clock=self.office.clock
            ),
            tell=self.heard,
            witness=self.office.witness,
            clock=self.office.clock,
            changed=self.board.hurry,
        )
        self.lasts_s = 10.0
        self.pages = pages_of(self.office, PLACE)

    def _moved(self, entry: Entry, queue: str, reason: str) -> Entry | None:
        return self.room.move(
            entry.id, queue=queue, priority=entry.priority, reason=reason, seen=entry.version
        )

    @property
    def telling(self) -> Telling:
        return Telling(pages=self.pages, work=self.work, board=self.board, lasts_s=self.lasts_s)

    def snapshot(self) -> Snapshot:
        now = self.office.now
        return Snapshot(waiting=self.room.waiting(now=now), claimed=self.room.claimed(now=now))

    @property
    def app(self) -> FastAPI:
        desk = DeskRoom(
            pages=self.pages,
            work=self.work,
            telling=self.telling,
            queues=lambda: QUEUES,
            intents=lambda: ("rebook_flight", "baggage"),
            profile=self.profiles.get,
            intent_words=lambda intent, _language: intent.replace("_", " "),
        )
        return app_of(
            self.office,
            self.pages,
            desk_routes(desk),
            leaving_routes(self.pages, self.work),
            stays_for=lambda person: "/desk/leaving" if self.work.attendance.held(person) else "",
        )

    def call(self, name: str = "e1", *, known: Context | None = None, **changes: Any) -> Entry:
        """Somebody waits; with what is known of them, unless `known` says otherwise."""
        now = self.office.now
        entry = Entry(
            id=EntryId(name),
            call_id=CallId(name),
            token=ContextToken(f"token-of-{name}"),
            queue="senior",
            language=Language.GERMAN,
            priority=80,
            reasons=("age 65 or older -> queue senior",),
            intent="rebook_flight",
            joined_at=now,
        )
        self.contexts.put(f"token-of-{name}", known or context(now))
        return self.room.join(replace(entry, **changes))

    def assign(self, entry: str, person: str) -> Entry | None:
        """By the telephone system."""
        found = self.room.claim(EntryId(entry), AgentId(person), self.office.now)
        self.board.hurry()
        return found

    def state(self, entry: str) -> tuple[str, str | None]:
        found = self.room.find(EntryId(entry))
        assert found is not None
        return found.state.value, found.claimed_by

    def held(self, person: str) -> list[str]:
        return [one.id for one in self.work.attendance.held(PersonId(person))]
