"""What somebody does at the desk, and what is written down of it."""

from dataclasses import replace

import pytest
from fakes.desks import DeskHouse, context

from biometrics import AuditEvent, AuditKind, StoreUnavailable
from ivr.call import Language
from ivr.handover.contexts import Judged
from ivr.pages.desk.work import Verdict
from ivr.people.person import Person, PersonId, Role
from ivr.people.presence import Status
from ivr.queue.entry import AgentId, ContextToken, Entry, EntryId
from ivr.queue.memory_waiting import MemoryWaitingRoom

ANNA, BEN = PersonId("anna"), PersonId("ben")
E1 = EntryId("e1")


@pytest.fixture
def house() -> DeskHouse:
    house = DeskHouse()
    house.call("e1")
    return house


def person(name: str = "anna", **changes: object) -> Person:
    return Person(id=PersonId(name), name=name, role=Role.AGENT, **changes)  # type: ignore[arg-type]


def test_nothing_can_be_done_with_a_call_of_somebody_else(house: DeskHouse) -> None:
    house.assign("e1", "ben")
    work = house.work

    assert work.look(ANNA, E1) is None
    assert work.take(person(), E1) is None
    assert work.release(ANNA, E1) is None
    assert work.transfer(ANNA, E1, "vip", "wish") is None
    assert work.hand_to(ANNA, E1, BEN) is None
    assert work.add_note(ANNA, E1, "x") is None
    assert work.not_the_person(ANNA, E1) is None
    assert work.finish(ANNA, E1, Verdict()) is None
    assert house.state("e1") == ("claimed", "ben")
    assert house.heard.said == []
    assert house.office.written() == []


@pytest.mark.parametrize("waits", [True, False])
def test_a_call_that_waits_or_is_over_shows_nothing(house: DeskHouse, waits: bool) -> None:
    if not waits:
        house.assign("e1", "anna")
        house.work.finish(ANNA, E1, Verdict())

    assert house.work.look(ANNA, E1) is None
    assert house.office.written() == []


def test_what_cannot_be_written_down_is_not_shown(house: DeskHouse) -> None:
    class Broken:
        def record(self, event: AuditEvent) -> None:
            raise StoreUnavailable("The trail is gone.")

    house.office.audit = Broken()
    house.assign("e1", "anna")

    with pytest.raises(StoreUnavailable):
        house.work.look(ANNA, E1)


def test_every_look_is_in_the_trail_without_a_number(house: DeskHouse) -> None:
    house.assign("e1", "anna")
    house.work.look(ANNA, E1)
    house.work.look(ANNA, E1)

    [(actor, kind, details), _] = house.office.written()
    assert (actor, kind) == ("anna", AuditKind.CONTEXT_READ)
    assert details["call"].startswith("c")
    assert len(list(house.office.audit.entries(context(house.office.now).customer.subject))) == 2  # type: ignore[attr-defined,union-attr]


@pytest.mark.parametrize(
    "who",
    [
        person(queues=frozenset({"vip"})),
        person(languages=frozenset({Language.ENGLISH})),
    ],
)
def test_nobody_takes_what_they_do_not_serve(house: DeskHouse, who: Person) -> None:
    assert house.work.take(who, E1) is None
    assert house.work.take_next(who) is None


def test_the_first_in_order_is_taken(house: DeskHouse) -> None:
    house.call("e2", priority=90)

    first = house.work.take_next(person())
    assert first is not None
    assert first.id == "e2"


def test_a_colleague_on_a_break_is_given_nothing(house: DeskHouse) -> None:
    house.assign("e1", "anna")
    house.work.attendance.arrive(BEN)
    house.work.attendance.set_status(BEN, Status.LUNCH)

    assert house.work.hand_to(ANNA, E1, BEN) is None
    assert house.state("e1") == ("claimed", "anna")


def test_a_colleague_whose_desk_is_closed_is_given_nothing(house: DeskHouse) -> None:
    house.work.attendance.arrive(BEN)
    house.office.later(minutes=1)
    house.assign("e1", "anna")

    assert house.work.hand_to(ANNA, E1, BEN) is None


def test_nobody_comes_between_two_colleagues(house: DeskHouse) -> None:
    class Greedy(MemoryWaitingRoom):
        def release(self, entry: EntryId, agent: AgentId) -> Entry | None:
            there = super().release(entry, agent)
            self.claim(entry, AgentId("carl"), house.office.now)
            return there

    house.room = Greedy()
    work = replace(house.work, room=house.room)
    house.call("e2")
    house.assign("e2", "anna")
    house.work.attendance.arrive(BEN)

    assert work.hand_to(ANNA, EntryId("e2"), BEN) is not None
    assert house.state("e2") == ("claimed", "ben")


def test_a_caller_who_has_hung_up_is_handed_to_nobody(house: DeskHouse) -> None:
    house.assign("e1", "anna")
    house.room.leave(ContextToken("token-of-e1"), house.office.now)
    house.work.attendance.arrive(BEN)

    assert house.work.hand_to(ANNA, E1, BEN) is None
    assert house.state("e1") == ("claimed", "anna")


def test_a_colleague_who_takes_calls_is_given_it(house: DeskHouse) -> None:
    house.assign("e1", "anna")
    house.work.attendance.arrive(BEN)

    assert house.work.hand_to(ANNA, E1, BEN) is not None
    assert house.state("e1") == ("claimed", "ben")


def test_a_transfer_keeps_the_place_and_says_why(house: DeskHouse) -> None:
    house.assign("e1", "anna")
    moved = house.work.transfer(ANNA, E1, "vip", "specialist")

    assert moved is not None
    assert (moved.queue, moved.reasons[-1]) == ("vip", "specialist (from senior)")
    assert moved.joined_at == house.office.now


def test_who_it_is_not_it_still_is_not_when_the_call_is_over(house: DeskHouse) -> None:
    house.assign("e1", "anna")
    house.work.not_the_person(ANNA, E1)
    seen = house.work.look(ANNA, E1)
    house.work.finish(ANNA, E1, Verdict(person=Judged.RIGHT))

    assert seen is not None
    assert seen.remarks.is_somebody_else
    assert [one.person for one in house.heard.said] == [Judged.WRONG, Judged.WRONG]


def test_what_cannot_be_learned_hides_the_customer_nevertheless(house: DeskHouse) -> None:
    def broken(_: object) -> None:
        raise StoreUnavailable("Gone.")

    house.assign("e1", "anna")
    work = replace(house.work, tell=broken)
    with pytest.raises(StoreUnavailable):
        work.not_the_person(ANNA, E1)

    seen = work.look(ANNA, E1)
    assert seen is not None
    assert seen.remarks.is_somebody_else


def test_how_long_it_took_is_told(house: DeskHouse) -> None:
    house.office.later(seconds=90)
    house.assign("e1", "anna")
    house.office.later(seconds=100)
    house.work.attendance.is_there(ANNA)
    house.work.finish(ANNA, E1, Verdict(intent=Judged.WRONG, meant="baggage", solved=Judged.RIGHT))

    [said] = house.heard.said
    assert (said.waited_ms, said.handled_ms) == (90_000, 100_000)
    assert (said.intent, said.meant, said.solved) == (Judged.WRONG, "baggage", Judged.RIGHT)


def test_an_open_desk_keeps_its_calls_and_a_closed_one_gives_them_back(house: DeskHouse) -> None:
    house.assign("e1", "anna")
    for _ in range(5):
        house.office.later(minutes=1)
        house.work.attendance.is_there(ANNA)
    assert house.held("anna") == ["e1"]

    house.office.later(minutes=3)
    assert house.held("anna") == []
    assert [one.id for one in house.snapshot().waiting] == ["e1"]


def test_notes_stay_with_the_call(house: DeskHouse) -> None:
    house.assign("e1", "anna")
    house.work.add_note(ANNA, E1, "  ")
    house.work.add_note(ANNA, E1, " eins ")
    house.work.add_note(ANNA, E1, "zwei")
    house.work.release(ANNA, E1)
    house.assign("e1", "ben")

    seen = house.work.look(BEN, E1)
    assert seen is not None
    assert [(note.by, note.text) for note in seen.remarks.notes] == [
        ("anna", "eins"),
        ("anna", "zwei"),
    ]
