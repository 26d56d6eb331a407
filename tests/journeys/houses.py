"""A house for each business, with real models and the customers of the fixtures."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from biometrics import SubjectId
from ivr.call import Caller
from ivr.identify.guesses import MemoryFeedback
from ivr.reach.incident import Affected, Incident, IncidentId
from ivr.result import new_call_id
from ivr.serve.demo.backend import Conduct, Fault
from ivr.simulate.ground import Ground, open_for_all
from ivr.wiring import House
from ivr.wiring.demo_backend import DemoBackend
from ivr.wiring.pins import owner_of

from .conversation import Conversation
from .player import BackEnd
from .remembering import RememberingRecogniser

_FAULTS = {"normal": Fault.NONE, "down": Fault.DOWN, "slow": Fault.SLOW}

_NEVER_LATE_MS = 120_000

_ROOMS = (
    *("words", "voices", "directory", "reaching", "guessing", "reviewing", "serving"),
    *("agreed", "speaker", "switchboard", "enrolments", "subjects", "api_keys"),
)

_INCIDENTS: dict[str, dict[str, Any]] = {
    "outage": {"facts": {"area": "München"}, "is_public": True},
    "flight_cancelled": {"facts": {"flight": "LH815"}},
}


class Houses:
    """Houses that were opened so far. They share the recogniser, which none of them changes."""

    def __init__(self, new_folder: Callable[[str], Path], fixtures: Path) -> None:
        self._new_folder, self._fixtures = new_folder, fixtures
        self._open: dict[tuple[str, bool], House] = {}

    @contextmanager
    def staged_for(self, conversation: Conversation) -> Iterator[tuple[House, BackEnd | None]]:
        """The house that the conversation calls, as it needs it, with nothing of earlier calls."""
        serves = conversation.backend != "none"
        house = self.of(conversation.business, serves=serves)
        forget_guesses(house)
        conduct = Conduct(fault=_FAULTS[conversation.backend]) if serves else None
        backend = fresh_backend(house, conduct) if conduct else None
        with _incident(house, conversation), _pin(house, conversation):
            yield house, backend

    def of(self, business: str, *, serves: bool = False) -> House:
        if (business, serves) not in self._open:
            self._open[business, serves] = self._opened(business, serves=serves)
        return self._open[business, serves]

    def close(self) -> None:
        for house in self._open.values():
            house.close()

    def _opened(self, business: str, *, serves: bool) -> House:
        rehearsal = House.for_rehearsal(self._new_folder(business)).settings
        house = House(
            replace(
                rehearsal,
                # Who is quicker on a busy machine must not matter to what is heard.
                understand=replace(rehearsal.understand, pack=business, deadline_ms=_NEVER_LATE_MS),
                # What recordings and machines sound like is another guard's business.
                verify=replace(rehearsal.verify, liveness="off"),
                serve=replace(rehearsal.serve, demo=serves, failures_until_pause=1_000),
            )
        )
        self._share_words(house, business)
        house.stage(self._fixtures)
        return house

    def _share_words(self, house: House, business: str) -> None:
        for (other_business, _), other in self._open.items():
            if other_business == business:
                house.words = other.words
                return
        whisper = next(
            (other.words.recogniser_of("whisper") for other in self._open.values()),
            RememberingRecogniser(house.words.recogniser_of("whisper")),
        )
        house.words.__dict__["_whisper"] = whisper


@contextmanager
def open_to_gateways(house: House) -> Iterator[Ground]:
    """The same rooms behind doors through which every gateway may call, in lockstep."""
    settings, door = open_for_all(house.settings, is_fast=True)
    opened = House(settings)
    for room in _ROOMS:
        opened.__dict__[room] = getattr(house, room)
    try:
        yield Ground(house=opened, door=door)
    finally:
        opened.close()


def forget_guesses(house: House) -> None:
    """What earlier callers made of guesses is not known, whoever else has the same store."""
    house.guessing.__dict__["feedback"] = MemoryFeedback()


def fresh_backend(house: House, conduct: Conduct) -> BackEnd:
    """Another demo back end in place of the one that was used: its books are as at first."""
    serving = house.serving
    if (old := serving.__dict__.get("demo")) is not None:
        old.close()
    for name in ("demo", "counter", "_sender"):
        serving.__dict__.pop(name, None)
    started = DemoBackend(conduct)
    house.places.closing.callback(started.close)
    serving.__dict__["demo"] = started
    return started


@contextmanager
def _incident(house: House, conversation: Conversation) -> Iterator[None]:
    """It goes on while the caller calls, and concerns whoever calls from this number."""
    if not conversation.incident:
        yield
        return
    now = datetime.now(UTC)
    number = house.read_number(conversation.number)
    caller = house.directory.find(number)  # type: ignore[arg-type]
    customers = frozenset({caller.customer_id}) if isinstance(caller, Caller) else frozenset()
    told = _INCIDENTS[conversation.incident]
    incident = IncidentId(new_call_id())
    house.reaching.incidents.add(
        Incident(
            id=incident,
            kind=conversation.incident,
            starts_at=now - timedelta(hours=1),
            ends_at=now + timedelta(days=1),
            affected=Affected(customers=customers, is_everybody=bool(told.get("is_public"))),
            **told,
        )
    )
    try:
        yield
    finally:
        house.reaching.incidents.end(incident, datetime.now(UTC))


@contextmanager
def _pin(house: House, conversation: Conversation) -> Iterator[None]:
    if not conversation.pin:
        yield
        return
    room = house.voices.pins.room("operator")
    caller = house.directory.find(house.read_number(conversation.number))  # type: ignore[arg-type]
    assert isinstance(caller, Caller)
    subject = SubjectId(caller.subject)
    room.set_pin(subject, conversation.pin, owner_of(subject, house.directory), datetime.now(UTC))
    try:
        yield
    finally:
        room.remove(subject)
