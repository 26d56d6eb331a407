"""Facts out of what a source answered."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from ivr.call import Event, Language
from ivr.identify.described import Described
from ivr.identify.fact import Answer, Failed, Told, Value, Why
from ivr.identify.reading import Read, told_of

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
WHO = {"customer_id": "id", "subject": "voice", "name": "name"}


def described(**fields: Any) -> Described:
    query = "SELECT * FROM t WHERE n = :number"
    given = {"kind": "sql", "database": "sqlite://", "query": query} | fields
    return TypeAdapter(Described).validate_python(given)  # type: ignore[no-any-return]


def told(record: Mapping[str, object], *events: Mapping[str, object], **fields: Any) -> Answer:
    read = Read(record=record.get, events=tuple(one.get for one in events), at=NOW)
    return told_of("crm", described(**fields), read)


def value(name: str, found: object, **taken: Any) -> tuple[dict[str, Value], tuple[str, ...]]:
    answer = told({"x": found}, facts={name: {"at": "x", **taken}})
    assert isinstance(answer, Told)
    return {one.name: one.value for one in answer.facts}, answer.unread


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("is_vulnerable", "yes"),
        ("is_vulnerable", 2),
        ("is_vulnerable", 0.5),
        ("is_vulnerable", []),
        ("has_block", "no"),
        ("birth_date", "03.02.1953"),
        ("birth_date", "2999-01-01"),
        ("birth_date", "1066-10-14"),
        ("birth_date", 19530203),
        ("birth_date", {}),
        ("language", "fr"),
        ("language", 7),
        ("tier", "very important"),
        ("tier", "x" * 33),
        ("name", ""),
        ("name", "a" * 201),
        ("name", "a\x00b"),
        ("name", ["Klaus"]),
        ("preferences.seat", {"aisle": True}),
    ],
)
def test_what_is_of_another_kind_is_named_and_not_used(name: str, found: object) -> None:
    assert value(name, found) == ({}, (name,))


@pytest.mark.parametrize(
    ("name", "found", "read"),
    [
        ("is_vulnerable", 1, True),
        ("is_vulnerable", False, False),
        ("birth_date", "1953-02-03", date(1953, 2, 3)),
        ("birth_date", "1953-02-03T00:00:00Z", date(1953, 2, 3)),
        ("birth_date", date(1953, 2, 3), date(1953, 2, 3)),
        ("birth_date", datetime(1953, 2, 3, 1, tzinfo=UTC), date(1953, 2, 3)),
        ("language", "DE", Language.GERMAN),
        ("tier", "vip", "vip"),
        ("name", "  Klaus \n Peter ", "Klaus Peter"),
        ("preferences.seat", True, "true"),
        ("contracts", 3, "3"),
        ("balance", Decimal("1.50"), "1.50"),
        ("has_block", 1, True),
        ("level", True, "true"),
    ],
)
def test_what_is_of_its_kind_is_read(name: str, found: object, read: Value) -> None:
    assert value(name, found) == ({name: read}, ())


def test_what_is_not_there_is_not_said() -> None:
    assert value("is_vulnerable", None) == ({}, ())


def test_words_that_nobody_wrote_down_are_not_guessed() -> None:
    words = {"A": "vip", "true": "gold"}

    assert value("level", "B", words=words) == ({}, ("level",))
    assert value("level", "A", words=words) == ({"level": "vip"}, ())
    assert value("level", True, words=words) == ({"level": "gold"}, ())


@pytest.mark.parametrize("lacking", WHO)
def test_who_cannot_be_told_whole_is_not_told(lacking: str) -> None:
    record = {"id": "C-1", "voice": "s-1", "name": "Klaus"}
    del record[WHO[lacking]]

    assert told(record, facts=WHO, identifies=True) == Failed(why=Why.NOT_AS_DESCRIBED)


def test_an_id_of_no_shape_spoils_everything_that_is_told_under_it() -> None:
    answer = told({"id": "C 1", "t": "vip"}, facts={"customer_id": "id", "tier": "t"})

    assert answer == Failed(why=Why.NOT_AS_DESCRIBED)


def test_who_it_is_stands_apart_from_what_is_known() -> None:
    record = {"id": 1001, "voice": "s-1", "name": "Klaus"}

    answer = told(record, facts=WHO, identifies=True)

    assert isinstance(answer, Told)
    assert (answer.customer_id, answer.subject, answer.identifies) == ("1001", "s-1", True)
    assert [one.name for one in answer.facts] == ["name"]


def test_facts_carry_their_times() -> None:
    record = {"t": "vip", "since": "2026-11-01T10:00:00+01:00", "until": date(2027, 1, 1)}

    answer = told(record, facts={"tier": "t"}, as_of="since", valid_until="until", fresh_s=60)

    assert isinstance(answer, Told)
    (tier,) = answer.facts
    assert tier.as_of == datetime(2026, 11, 1, 9, tzinfo=UTC)
    assert tier.valid_until == datetime(2027, 1, 1, tzinfo=UTC)
    assert (tier.is_stale(NOW), tier.is_stale(NOW + timedelta(seconds=60))) == (False, True)


def test_what_is_said_of_the_future_is_no_newer_than_now() -> None:
    answer = told({"t": "vip", "since": "2999-01-01"}, facts={"tier": "t"}, as_of="since")

    assert isinstance(answer, Told)
    assert answer.facts[0].as_of == NOW


def test_an_end_that_cannot_be_read_is_over() -> None:
    answer = told({"t": "vip", "until": "soon"}, facts={"tier": "t"}, valid_until="until")

    assert isinstance(answer, Told)
    assert (answer.facts[0].is_expired(NOW), answer.unread) == (True, ("valid_until",))


ODD = [{}, [], ["aisle"], {"a": 1}, "", "  ", "1953-02-03", "2026-11-25T08:00:00Z", "de", "vip"]
SAID = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.dates()
SAID |= st.sampled_from(ODD)


@given(st.fixed_dictionaries(dict.fromkeys(("n", "l", "b", "t", "v", "s", "at", "until"), SAID)))
def test_whatever_a_source_says_is_read_or_named(record: dict[str, object]) -> None:
    facts = {
        "name": "n",
        "language": "l",
        "birth_date": "b",
        "tier": "t",
        "is_vulnerable": "v",
        "preferences.seat": "s",
    }

    answer = told(record, record, facts=facts, as_of="at", valid_until="until", events=EVENTS)

    assert isinstance(answer, Told)
    said = {one.name for one in answer.facts}
    lacking = {name for name, at in facts.items() if record[at] is not None} - said
    assert lacking <= set(answer.unread)


EVENTS = {
    "query": "SELECT 1 WHERE 1 = :number",
    "kind": "kind",
    "when": "at",
    "facts": {"flight": "flight"},
    "may_mention": ["flight_cancelled"],
}


def test_only_kinds_that_were_named_may_be_mentioned() -> None:
    answer = told(
        {},
        {"kind": "flight_cancelled", "at": "2026-11-25", "flight": "LH815"},
        {"kind": "payment_reminder", "at": "2026-11-25", "flight": None},
        events=EVENTS,
    )

    assert isinstance(answer, Told)
    assert [one.value for one in answer.facts] == [
        Event(
            kind="flight_cancelled",
            at=datetime(2026, 11, 25, tzinfo=UTC),
            facts={"flight": "LH815"},
            may_mention=True,
        ),
        Event(kind="payment_reminder", at=datetime(2026, 11, 25, tzinfo=UTC)),
    ]


@pytest.mark.parametrize(
    "event",
    [
        {"kind": "Flight Cancelled", "at": "2026-11-25"},
        {"at": "2026-11-25"},
        {"kind": "refund_due"},
        {"kind": "refund_due", "at": "yesterday"},
        {"kind": "refund_due", "at": "2026-11-25", "flight": ["LH815"]},
    ],
)
def test_an_event_that_cannot_be_read_is_left_out(event: dict[str, object]) -> None:
    good = {"kind": "refund_due", "at": "2026-11-25"}

    answer = told({}, event, good, events=EVENTS)

    assert isinstance(answer, Told)
    assert (len(answer.facts), answer.unread) == (1, ("event",))
