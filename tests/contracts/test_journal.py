"""What every journal does, in memory and in a database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.filled_journal import records

from biometrics import StoreUnavailable
from biometrics.storage.database import open_engine
from ivr.journal.journal import Later
from ivr.journal.memory_journal import MemoryJournal
from ivr.journal.record import CallRecord, Outcome, RecordId
from ivr.journal.sql_journal import SqlJournal
from ivr.journal.tallies import Facet, Scope

Kept = MemoryJournal | SqlJournal

NOW = datetime(2026, 11, 25, 12, 30, 15, 250, tzinfo=UTC)
HOUR = timedelta(hours=1)
SHORT = CallRecord(
    id=RecordId("r-0"),
    began_at=NOW,
    ended_at=NOW,
    business="bank",
    gateway="rest",
    language="en",
    turns=1,
    unheard=1,
    not_understood=0,
    intents=(),
    outcome=Outcome.HUNG_UP,
)
WHOLE = CallRecord(
    id=RecordId("r-1"),
    token="t-1",
    began_at=NOW,
    ended_at=NOW + timedelta(seconds=61, milliseconds=900),
    business="airline",
    gateway="asterisk",
    language="de",
    turns=4,
    unheard=1,
    not_understood=2,
    intents=("refund", "rebook_flight"),
    outcome=Outcome.HANDED_OVER,
    reason="requests_of_people",
    queue="bookings",
    priority=50,
    mood="upset",
    is_known=True,
    verification="accepted",
    score=0.712,
    llr=-0.25,
    proven_after_ms=8_400,
    signs=("exact_replay", "synthetic"),
    is_locked=True,
    hearing=0.875,
    fallbacks=2,
    guess="flight_cancelled",
    guessed_right=False,
    satisfaction=4,
    waited_ms=20_999,
    is_abandoned=True,
    handled_ms=180_000,
    person_right=True,
    intent_right=False,
    solved=True,
    customer_mark="m-1",
)
ALWAYS = Scope(since=NOW - 100 * HOUR, until=NOW + 100 * HOUR)


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Kept]:
    if request.param == "memory":
        yield MemoryJournal()
        return
    address = f"sqlite:///{tmp_path / 'journal.db'}"
    is_file = request.param == "sqlite"
    engine = open_engine(address if is_file else request.getfixturevalue("postgres"))
    yield SqlJournal(engine)
    engine.dispose()


def test_at_first_there_is_nothing(journal: Kept) -> None:
    assert journal.find(RecordId("r-1")) is None
    assert journal.of_customer("m-1", most=5) == ()
    assert journal.tally(ALWAYS, Facet.OUTCOME) == {}
    assert journal.tally(ALWAYS) == {}
    assert journal.forget_before(NOW) == 0


def test_nothing_later_comes_to_a_call_that_is_not_there(journal: Kept) -> None:
    journal.write(SHORT)

    assert not journal.add_later("t-1", Later(waited_ms=5))
    assert not journal.add_later("", Later(waited_ms=5)), "calls without a token have the empty one"
    assert journal.find(SHORT.id) == SHORT


def test_calls_without_a_mark_are_nobodys(journal: Kept) -> None:
    journal.write(SHORT)

    assert journal.of_customer("", most=5) == ()


def test_a_record_comes_back_whole(journal: Kept) -> None:
    journal.write_all([SHORT, WHOLE])

    assert journal.find(SHORT.id) == SHORT
    assert journal.find(WHOLE.id) == WHOLE


def test_a_record_is_written_once(journal: Kept) -> None:
    journal.write(SHORT)
    journal.write(replace(SHORT, intents=("refund",), turns=9))

    assert journal.find(SHORT.id) == SHORT
    assert journal.tally(ALWAYS, Facet.INTENT) == {}


def test_what_is_learned_later_leaves_the_rest(journal: Kept) -> None:
    call = replace(SHORT, token="t-0", satisfaction=5)
    journal.write_all([call, WHOLE])

    assert journal.add_later("t-0", Later(waited_ms=1_500, is_abandoned=False))
    assert journal.add_later("t-0", Later(handled_ms=90_000, person_right=False, solved=True))
    assert journal.add_later("t-0", Later())
    assert journal.find(call.id) == replace(
        call, waited_ms=1_500, handled_ms=90_000, person_right=False, solved=True
    )
    assert journal.find(WHOLE.id) == WHOLE


def test_calls_of_a_customer_come_latest_first(journal: Kept) -> None:
    calls = [
        replace(WHOLE, id=RecordId(f"r-{hour}"), began_at=NOW + hour * HOUR) for hour in range(4)
    ]
    journal.write_all([*calls, replace(SHORT, id=RecordId("other"), customer_mark="m-2")])

    assert journal.of_customer("m-1", most=2) == (calls[3], calls[2])


def test_the_latest_calls_are_those_of_the_scope(journal: Kept) -> None:
    later = replace(WHOLE, id=RecordId("r-2"), began_at=NOW + HOUR)
    journal.write_all([SHORT, WHOLE, later])

    assert journal.latest(replace(ALWAYS, business="bank"), most=5) == (SHORT,)
    assert journal.latest(ALWAYS, most=2) == (later, WHOLE)
    assert journal.latest(replace(ALWAYS, until=NOW), most=2) == ()


def test_old_calls_are_forgotten_with_all_that_belongs_to_them(journal: Kept) -> None:
    old = replace(WHOLE, id=RecordId("old"), began_at=NOW - HOUR)
    journal.write_all([old, WHOLE])

    assert journal.forget_before(NOW) == 1
    assert journal.find(old.id) is None
    assert journal.tally(ALWAYS, Facet.INTENT) == {("refund",): 1, ("rebook_flight",): 1}
    assert journal.find(WHOLE.id) == WHOLE


@pytest.mark.parametrize(
    ("scope", "calls"),
    [
        (replace(ALWAYS, since=NOW + timedelta(microseconds=1)), 0),
        (replace(ALWAYS, until=NOW), 0),
        (replace(ALWAYS, business="airline", language="en"), 0),
        (replace(ALWAYS, since=NOW), 2),
        (replace(ALWAYS, business="bank"), 1),
        (replace(ALWAYS, language="de"), 1),
        (replace(ALWAYS, gateway="asterisk"), 1),
        (ALWAYS, 2),
    ],
)
def test_only_calls_of_the_scope_are_counted(journal: Kept, scope: Scope, calls: int) -> None:
    journal.write_all([SHORT, WHOLE])

    assert sum(journal.tally(scope, Facet.HOUR).values()) == calls
    assert sum(journal.tally(scope).values()) == calls


def test_calls_are_counted_by_everything(journal: Kept) -> None:
    expected = MemoryJournal()
    for kept in (journal, expected):
        kept.write_all(records(calls=60, seed=3, days=2, until=NOW))
        kept.write_all([SHORT, WHOLE])

    for facet in Facet:
        by_hour = journal.tally(ALWAYS, Facet.HOUR, facet)
        assert by_hour == expected.tally(ALWAYS, Facet.HOUR, facet), facet


def test_counts_are_of_what_calls_have_in_common(journal: Kept) -> None:
    journal.write_all([SHORT, WHOLE, replace(WHOLE, id=RecordId("r-2"))])
    hour = int(NOW.timestamp()) // 3_600

    assert journal.tally(ALWAYS, Facet.OUTCOME, Facet.WAITED_S) == {
        ("handed_over", 20): 2,
        ("hung_up", None): 1,
    }
    assert journal.tally(ALWAYS, Facet.HOUR, Facet.SIGN) == {
        (hour, "exact_replay"): 2,
        (hour, "synthetic"): 2,
    }
    assert journal.tally(ALWAYS, Facet.LLR_TENTHS, Facet.IS_LOCKED) == {
        (-3, True): 2,
        (None, False): 1,
    }


def test_a_store_that_is_gone_says_so(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"no database " * 1000)

    with pytest.raises(StoreUnavailable):
        SqlJournal(f"sqlite:///{tmp_path / 'journal.db'}").write(SHORT)
