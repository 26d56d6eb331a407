"""What every source of customers must do, asked for one customer in the same words."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from fakes.crm import answering, crm_answering
from pydantic import TypeAdapter

from biometrics.storage.database import open_engine
from ivr.call import Event
from ivr.identify.described import Described, HttpSource, SqlSource
from ivr.identify.fact import EVENT, Fact, Nobody, Told, text_of
from ivr.identify.http_source import HttpSource as HttpAdapter
from ivr.identify.source import MemorySource, Source
from ivr.identify.sql_source import SqlSource as SqlAdapter

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

NUMBER, STRANGER = "+4989123456", "+49301111111"
WHO = {"customer_id": "id", "subject": "voice", "name": "name"}
KNOWN = {**WHO, "birth_date": "born", "is_vulnerable": "vulnerable", "preferences.seat": "seat"}
TABLES = """
CREATE TABLE people (
    phone VARCHAR(20), id VARCHAR(20), voice VARCHAR(20), name VARCHAR(50), born DATE,
    vulnerable BOOLEAN, seat VARCHAR(20), changed TIMESTAMP
);
CREATE TABLE happened (phone VARCHAR(20), kind VARCHAR(50), moment TIMESTAMP, flight VARCHAR(20));
INSERT INTO people VALUES ('+4989123456', 'C-1', 's-1', 'Klaus', '1981-05-14', TRUE, NULL,
    '2026-11-01 10:00:00');
INSERT INTO happened VALUES ('+4989123456', 'flight_cancelled', '2026-11-25 08:00:00', 'LH815');
"""
PERSON = {
    "id": "C-1",
    "voice": "s-1",
    "name": "Klaus",
    "born": "1981-05-14",
    "vulnerable": True,
    "seat": None,
    "changed": "2026-11-01T10:00:00",
    "events": [{"kind": "flight_cancelled", "moment": "2026-11-25T08:00:00Z", "flight": "LH815"}],
}

Make = Callable[[ExitStack, Path], Source]


def described(**fields: Any) -> Any:
    return TypeAdapter(Described).validate_python({"identifies": True} | fields)


def memory(_: ExitStack, __: Path) -> Source:
    at = datetime.now(UTC)

    def fact(name: str, value: Any, *, mention: bool = False) -> Fact:
        as_of = datetime(2026, 11, 1, 10, tzinfo=UTC)
        return Fact(
            name=name, value=value, source="crm", fetched_at=at, as_of=as_of, may_mention=mention
        )

    happened = Event(
        kind="flight_cancelled",
        at=datetime(2026, 11, 25, 8, tzinfo=UTC),
        facts={"flight": "LH815"},
        may_mention=True,
    )
    facts = (
        fact("name", "Klaus", mention=True),
        fact("birth_date", date(1981, 5, 14)),
        fact("is_vulnerable", True),
        fact(EVENT, happened, mention=True),
    )
    told = Told(customer_id="C-1", subject="s-1", facts=facts)  # type: ignore[arg-type]
    return MemorySource({NUMBER: told})


def sql(database: str) -> Source:
    one: SqlSource = described(
        kind="sql",
        database=database,
        query="SELECT * FROM people WHERE phone = :number",
        facts=KNOWN,
        as_of="changed",
        events={
            "query": "SELECT * FROM happened WHERE phone = :number",
            "kind": "kind",
            "when": "moment",
            "facts": {"flight": "flight"},
            "may_mention": ["flight_cancelled"],
        },
    )
    return SqlAdapter("crm", one, database=database, clock=monotonic)


def sqlite(_: ExitStack, folder: Path) -> Source:
    with closing(sqlite3.connect(folder / "crm.db")) as database:
        database.executescript(TABLES)
    return sql(f"sqlite:///{folder / 'crm.db'}")


def postgresql(address: str) -> Source:
    engine = open_engine(address)
    with engine.begin() as connection:
        connection.exec_driver_sql(TABLES)
    engine.dispose()
    return sql(address)


def http(stack: ExitStack, _: Path) -> Source:
    def answer(handler: Any) -> None:
        is_known = "4989123456" in handler.path
        answering(200, {"items": [PERSON] if is_known else []})(handler)

    crm = stack.enter_context(crm_answering(answer))
    one: HttpSource = described(
        kind="http",
        url=f"{crm.url}/customers?phone={{number}}",
        record="/items",
        facts={name: f"/{at}" for name, at in KNOWN.items()},
        as_of="/changed",
        events={
            "entries": "/events",
            "kind": "/kind",
            "when": "/moment",
            "facts": {"flight": "/flight"},
            "may_mention": ["flight_cancelled"],
        },
    )
    return HttpAdapter("crm", one, headers={}, region="DE", clock=monotonic)


@pytest.fixture(params=[memory, sqlite, "postgres", http], ids=["memory", "sqlite", "pg", "http"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Source]:
    with ExitStack() as stack:
        if request.param == "postgres":
            made = postgresql(request.getfixturevalue("postgres"))
        else:
            made = request.param(stack, tmp_path)
        yield made
        made.close()


def test_a_stranger_is_nobody(source: Source) -> None:
    assert source.ask(STRANGER) == Nobody()


def test_a_customer_is_told_whole(source: Source) -> None:
    told = source.ask(NUMBER)

    assert isinstance(told, Told)
    assert (told.customer_id, told.subject, told.unread) == ("C-1", "s-1", ())
    assert sorted((one.name, text_of(one.value), one.may_mention) for one in told.facts) == [
        ("birth_date", "1981-05-14", False),
        ("event", "flight_cancelled 2026-11-25T08:00:00+00:00 flight=LH815", True),
        ("is_vulnerable", "true", False),
        ("name", "Klaus", True),
    ]
    assert {one.as_of for one in told.facts} == {datetime(2026, 11, 1, 10, tzinfo=UTC)}
    assert {one.source for one in told.facts} == {"crm"}


def test_the_same_is_told_twice(source: Source) -> None:
    first, second = source.ask(NUMBER), source.ask(NUMBER)

    assert isinstance(first, Told)
    assert isinstance(second, Told)
    assert [one.value for one in first.facts] == [one.value for one in second.facts]
