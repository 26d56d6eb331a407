"""Figures of a real house on a real database, its models not loaded."""

import asyncio
import socket
import urllib.request
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.figures import figure
from fakes.otlp import receiving

from biometrics import AuditKind, StoreUnavailable, SubjectId
from ivr.call import CallId, Language
from ivr.errors import BadSettings
from ivr.queue.entry import AgentId, ContextToken, Entry, EntryId
from ivr.queue.queues import read_queues
from ivr.seeing import measures
from ivr.seeing.spans import Span
from ivr.settings import SeeingSettings, Settings
from ivr.wiring import House
from ivr.wiring.readings import bounds, waiting

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(Settings(home=tmp_path))
    yield house
    house.close()


def entry(name: str, *, queue: str = "agents", minutes: int = 0) -> Entry:
    return Entry(
        id=EntryId(f"e-{name}"),
        call_id=CallId(f"call-{name}"),
        token=ContextToken(f"token-{name}"),
        queue=queue,
        language=Language.GERMAN,
        priority=50,
        reasons=(),
        joined_at=NOW - timedelta(minutes=minutes),
    )


def test_a_database_that_is_no_database_is_counted(tmp_path: Path, house: House) -> None:
    assert house.room.waiting(now=NOW) == ()
    before = figure(house.seeing.meter.scrape(), "rufwerk_store_failures_total")
    house.voices.engine.dispose()
    for file in tmp_path.glob("rufwerk.db*"):
        file.write_bytes(b"no database " * 1_000)

    for _ in range(3):
        with pytest.raises(StoreUnavailable):
            house.room.waiting(now=NOW)

    assert before == 0
    assert figure(house.seeing.meter.scrape(), "rufwerk_store_failures_total") == 3


def test_a_database_that_cannot_be_opened_is_counted(tmp_path: Path) -> None:
    house = House(Settings(home=tmp_path, database_url=f"sqlite:///{tmp_path}/none/rufwerk.db"))
    with pytest.raises(StoreUnavailable):
        house.room.waiting(now=NOW)
    house.close()

    assert figure(house.seeing.meter.scrape(), "rufwerk_store_failures_total") == 1


def test_entries_of_the_audit_trail_are_counted_by_what_was_done(house: House) -> None:
    witness = house.voices.records.witness("operator")
    witness.saw(AuditKind.LOCKED_OUT, SubjectId("s-1"), until="a_person_acts")
    scraped = house.seeing.meter.scrape()

    assert figure(scraped, "rufwerk_audit_entries_total", kind="locked_out") == 1
    assert len(list(house.voices.records.trail.entries())) == 1


def test_claims_are_counted_and_those_that_came_too_late(house: House) -> None:
    house.room.join(entry("a"))
    for agent in ("anna", "anna", "ben"):
        house.room.claim(EntryId("e-a"), AgentId(agent), NOW)
    scraped = house.seeing.meter.scrape()

    assert figure(scraped, "rufwerk_claims_total", outcome="taken") == 2
    assert figure(scraped, "rufwerk_claims_total", outcome="refused") == 1


def test_every_queue_tells_how_many_wait_and_how_long_at_most() -> None:
    entries = (entry("a", minutes=3), entry("b", minutes=9), entry("c", queue="senior"))
    told = {
        (one.of.name, one.labels): one.value for one in waiting(entries, read_queues(None), NOW)
    }

    assert told["rufwerk_queue_waiting", ("agents",)] == 2
    assert told["rufwerk_queue_oldest_wait_seconds", ("agents",)] == 540
    assert told["rufwerk_queue_oldest_wait_seconds", ("senior",)] == 0
    assert min(value for (name, _), value in told.items() if name.endswith("waiting")) == 0


def test_bounds_that_were_reached_are_told_and_the_others_as_nought() -> None:
    told = {
        one.labels: one.value
        for one in bounds({("stage_late", "verify"): 3, ("call_stuck", ""): 1})
    }

    assert told["stage_late", "verify"] == 3
    assert told["call_stuck", "none"] == 1
    assert told["turn_stuck", "none"] == 0


def test_every_code_of_a_problem_is_known(house: House) -> None:
    known = house.seeing.known["code"]

    assert {"store_unavailable", "keys_unavailable", "not_allowed", "unexpected"} <= known
    assert len(known) > 80
    assert all(code.replace("_", "").isalpha() for code in known)


def test_what_runs_is_told(house: House) -> None:
    (build,) = [
        line
        for line in house.seeing.meter.scrape().decode().splitlines()
        if line.startswith("rufwerk_build_info{")
    ]

    assert 'encoder="telephone-ecapa-1"' in build
    assert "other" not in build


def test_how_long_a_model_took_to_load_is_told(house: House) -> None:
    assert house.voices.encoder.id
    scraped = house.seeing.meter.scrape()

    assert figure(scraped, "rufwerk_model_load_seconds", model="encoder") > 0


@pytest.mark.parametrize(
    ("told", "routes", "servers"),
    [
        (SeeingSettings(), 1, 1),
        (SeeingSettings(metrics="off"), 0, 1),
        (SeeingSettings(metrics_port=9464), 0, 2),
        (SeeingSettings(metrics="off", metrics_port=9464), 0, 1),
    ],
)
def test_figures_are_answered_in_one_place_or_none(
    house: House, told: SeeingSettings, routes: int, servers: int
) -> None:
    seeing = House(replace(house.settings, seeing=told)).seeing

    assert (len(seeing.routes), len(seeing.servers)) == (routes, servers)


def test_spans_that_are_to_go_nowhere_that_there_is_are_refused(house: House) -> None:
    told = SeeingSettings(traces_url="127.0.0.1:4318")

    with pytest.raises(BadSettings, match="TRACES_URL"):
        _ = House(replace(house.settings, seeing=told)).seeing.tracer


def test_without_opentelemetry_it_is_said_how_to_get_it(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "ivr.seeing.otel_tracer", None)
    told = SeeingSettings(traces_url="http://127.0.0.1:4318/v1/traces")

    with pytest.raises(BadSettings, match=r"rufwerk\[otel\]"):
        _ = House(replace(house.settings, seeing=told)).switchboard


def on_own_port(house: House, port: int) -> House:
    return House(replace(house.settings, seeing=SeeingSettings(metrics_port=port)))


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_port_of_figures_that_is_taken_is_told(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BadSettings, match="METRICS_PORT"):
            asyncio.run(asked(on_own_port(house, port), port))


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_port_of_figures_answers_while_the_service_runs(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    assert "rufwerk_build_info" in asyncio.run(asked(on_own_port(house, port), port))
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port))


async def asked(house: House, port: int) -> str:
    """What is told there while everything runs that runs beside the service."""

    def get() -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
            return str(answer.read().decode())

    async with AsyncExitStack() as stack:
        for server in house.seeing.servers:
            await stack.enter_async_context(server())
        return await asyncio.to_thread(get)


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_spans_are_sent_before_the_house_is_closed(house: House) -> None:
    with receiving() as receiver:
        told = replace(house.settings, seeing=SeeingSettings(traces_url=receiver.url))
        traced = House(told)
        tracer = traced.seeing.tracer
        assert tracer is not None
        tracer.tell(Span(trace="0" * 31 + "1", id="0" * 15 + "1", name="x", began_ns=1, ended_ns=2))
        traced.close()

    assert len(receiver.bodies) == 1


def test_spans_go_nowhere_unless_somebody_says_where(house: House) -> None:
    assert house.seeing.tracer is None


def test_the_measures_of_readings_have_their_names() -> None:
    labels = {label.name: label.values for label in measures.READING_FAILED.labels}

    assert labels["reading"] >= {"queues", "pools", "live", "watch", "loads"}
