"""What every outbox of contacts does, in memory and in a database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.databases import SQL, an_engine

from ivr.call import CustomerId
from ivr.reach.incident import IncidentId
from ivr.reach.outbox import Contact, MemoryOutbox, Outbox, Status, Unclaimed
from ivr.reach.propose import Channel, Proposal
from ivr.reach.sql_outbox import SqlOutbox

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST, SECOND, THIRD = (IncidentId(f"i-{n}") for n in (1, 2, 3))
KLAUS, ERNA = CustomerId("C-1"), CustomerId("C-2")


@pytest.fixture(params=["memory", *SQL])
def outbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Outbox]:
    if request.param == "memory":
        yield MemoryOutbox()
        return
    with an_engine(request, tmp_path) as engine:
        yield SqlOutbox(engine)


def proposal(
    incident: IncidentId = FIRST, customer: CustomerId = KLAUS, earliest: datetime = NOW
) -> Proposal:
    return Proposal(incident=incident, customer=customer, channel=Channel.SMS, earliest=earliest)


def approved(outbox: Outbox, *proposals: Proposal) -> tuple[Contact, ...]:
    outbox.propose(proposals, NOW)
    outbox.approve(NOW)
    return outbox.due(NOW + DAY)


def ours(outbox: Outbox, contact: Contact, at: datetime = NOW) -> Contact:
    claimed = outbox.claim(contact, at, most=99)
    assert isinstance(claimed, Contact)
    return claimed


def test_nothing_is_due_before_a_person_has_approved(outbox: Outbox) -> None:
    outbox.propose([proposal()], NOW)

    assert outbox.due(NOW + DAY) == ()
    assert outbox.claim(outbox.all()[0], NOW, most=2) is Unclaimed.TAKEN


def test_one_incident_makes_one_contact_of_a_customer(outbox: Outbox) -> None:
    assert outbox.propose([proposal(), proposal(), proposal(customer=ERNA)], NOW) == 2
    assert outbox.propose([proposal(), proposal(SECOND)], NOW + HOUR) == 1

    assert [(one.incident, one.customer) for one in outbox.all()] == [
        (FIRST, KLAUS),
        (FIRST, ERNA),
        (SECOND, KLAUS),
    ]
    assert len(outbox.all(SECOND)) == 1


def test_a_contact_comes_back_whole(outbox: Outbox) -> None:
    outbox.propose([proposal(earliest=NOW + HOUR)], NOW)

    assert outbox.all() == (
        Contact(
            incident=FIRST,
            customer=KLAUS,
            channel=Channel.SMS,
            earliest=NOW + HOUR,
            status=Status.PROPOSED,
            changed_at=NOW,
        ),
    )


def test_approval_may_be_about_one_incident(outbox: Outbox) -> None:
    outbox.propose([proposal(), proposal(SECOND)], NOW)

    assert outbox.approve(NOW, SECOND) == 1
    assert [one.incident for one in outbox.due(NOW)] == [SECOND]
    assert outbox.approve(NOW) == 1
    assert outbox.approve(NOW) == 0


def test_what_is_due_comes_longest_waiting_first_and_not_before_its_time(outbox: Outbox) -> None:
    late, early = proposal(earliest=NOW + HOUR), proposal(SECOND, earliest=NOW)
    approved(outbox, late, early)

    assert [one.incident for one in outbox.due(NOW)] == [SECOND]
    assert [one.incident for one in outbox.due(NOW + HOUR)] == [SECOND, FIRST]


def test_a_contact_is_claimed_once(outbox: Outbox) -> None:
    (contact,) = approved(outbox, proposal())

    with ThreadPoolExecutor(4) as threads:
        claims = list(threads.map(lambda _: outbox.claim(contact, NOW, most=2), range(8)))

    assert claims.count(Unclaimed.TAKEN) == 7
    assert outbox.all()[0].status is Status.SENDING
    assert outbox.all()[0].tries == 1


def test_two_that_are_claimed_at_once_do_not_share_the_last_place_of_a_week(
    outbox: Outbox,
) -> None:
    contacts = approved(outbox, proposal(), proposal(SECOND), proposal(THIRD))

    with ThreadPoolExecutor(3) as threads:
        claims = list(threads.map(lambda one: outbox.claim(one, NOW, most=1), contacts))

    assert claims.count(Unclaimed.ENOUGH_THIS_WEEK) == 2


def test_the_week_of_a_customer_is_counted_from_what_was_sent(outbox: Outbox) -> None:
    first, second = approved(outbox, proposal(), proposal(SECOND))
    outbox.settle(ours(outbox, first), Status.SENT, NOW)

    week = timedelta(days=7)
    assert outbox.claim(second, NOW + week - HOUR, most=1) is Unclaimed.ENOUGH_THIS_WEEK
    assert isinstance(outbox.claim(second, NOW + week, most=1), Contact)


@pytest.mark.parametrize(
    ("status", "count"),
    [(Status.SENT, 2), (Status.UNSURE, 2), (Status.FAILED, 1), (Status.STOPPED, 1)],
)
def test_what_waits_or_may_have_arrived_uses_up_the_week(
    outbox: Outbox, status: Status, count: int
) -> None:
    first, _ = approved(outbox, proposal(), proposal(SECOND))
    outbox.settle(ours(outbox, first), status, NOW)

    assert outbox.recent(KLAUS, NOW) == count
    assert outbox.recent(KLAUS, NOW + timedelta(days=8)) == 1
    assert outbox.recent(ERNA, NOW) == 0


def test_what_became_of_it_is_kept(outbox: Outbox) -> None:
    (contact,) = approved(outbox, proposal())
    claimed = ours(outbox, contact)
    outbox.settle(claimed, Status.FAILED, NOW + HOUR, "refused")

    kept = replace(claimed, status=Status.FAILED, changed_at=NOW + HOUR, why="refused")
    assert outbox.all() == (kept,)


def test_one_who_comes_late_changes_nothing(outbox: Outbox) -> None:
    (contact,) = approved(outbox, proposal())
    slow = ours(outbox, contact)
    outbox.postpone(slow, NOW, NOW)
    quick = ours(outbox, outbox.due(NOW)[0])

    outbox.settle(slow, Status.FAILED, NOW)
    outbox.postpone(slow, NOW + DAY, NOW)

    assert outbox.all() == (quick,)
    outbox.settle(quick, Status.SENT, NOW)
    outbox.settle(quick, Status.FAILED, NOW)
    assert outbox.all()[0].status is Status.SENT


def test_a_postponed_one_waits_and_keeps_count_of_its_tries(outbox: Outbox) -> None:
    (contact,) = approved(outbox, proposal())
    outbox.postpone(ours(outbox, contact), NOW + HOUR, NOW)

    assert outbox.due(NOW) == ()
    (again,) = outbox.due(NOW + HOUR)
    assert (again.tries, again.status) == (1, Status.APPROVED)


def test_what_nobody_finished_is_found(outbox: Outbox) -> None:
    first, _ = approved(outbox, proposal(), proposal(SECOND))
    claimed = ours(outbox, first)

    assert outbox.stuck(NOW) == ()
    assert outbox.stuck(NOW + HOUR) == (claimed,)


def test_a_customer_who_stops_calls_off_what_waits(outbox: Outbox) -> None:
    sending, _ = approved(outbox, proposal(), proposal(SECOND))
    outbox.propose([proposal(THIRD), proposal(customer=ERNA)], NOW)
    ours(outbox, sending)

    assert outbox.stop(KLAUS, NOW) == 2
    assert [one.status for one in outbox.all() if one.customer == KLAUS] == [
        Status.SENDING,
        Status.STOPPED,
        Status.STOPPED,
    ]
    assert outbox.stop(KLAUS, NOW) == 0


def test_what_was_finished_long_ago_is_forgotten_and_nothing_else(outbox: Outbox) -> None:
    done, waiting = approved(outbox, proposal(), proposal(SECOND))
    outbox.settle(ours(outbox, done), Status.SENT, NOW)

    assert outbox.forget(NOW) == 0
    assert outbox.forget(NOW + HOUR) == 1
    assert outbox.all() == (waiting,)


def test_a_key_tells_neither_customer_nor_incident(outbox: Outbox) -> None:
    first, second = approved(outbox, proposal(), proposal(SECOND))

    assert first.key != second.key
    assert len(first.key) == 32
    assert KLAUS not in first.key
