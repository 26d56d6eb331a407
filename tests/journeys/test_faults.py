"""Disks that are full, clocks that jump, names that nobody resolves, rows that somebody spoilt."""

import shutil
import socket
import sqlite3
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import event

from ivr.call import CallId, PhoneNumber
from ivr.journal.tallies import Scope
from ivr.result import Result, new_call_id
from ivr.settings import DeadlineSettings, IdentifySettings, ServeSettings
from ivr.turn import Turn
from ivr.wiring import House

KLAUS, EMILY = "+4989123456", "+442071234567"
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)

Open = Callable[..., House]


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory, fixtures: Path, house: House) -> Path:
    """A database with everybody enrolled, and its keys."""
    folder = tmp_path_factory.mktemp("staged")
    first = House.for_rehearsal(folder)
    first.voices.__dict__["_loaded"] = house.voices._loaded
    first.stage(fixtures)
    first.close()
    return folder


@pytest.fixture
def opened(tmp_path: Path, staged: Path, house: House) -> Iterator[Open]:
    """A house over a copy of it."""
    houses: list[House] = []

    def of(**changes: Any) -> House:
        if not (tmp_path / "rehearsal.db").exists():
            shutil.copytree(staged, tmp_path, dirs_exist_ok=True)
        other = House(replace(House.for_rehearsal(tmp_path).settings, **changes))
        other.words.__dict__.update(house.words.__dict__)
        other.voices.__dict__["_loaded"] = house.voices._loaded
        houses.append(other)
        return other

    yield of
    for one in houses:
        one.close()


def taken(  # noqa: PLR0913 - what a turn brings
    house: House,
    recording: Path | None,
    number: str = KLAUS,
    call: CallId | None = None,
    *,
    now: datetime = NOON,
    keys: str = "",
) -> Result:
    """One turn."""
    audio = recording.read_bytes() if recording else b""
    who = house.read_number(number)
    turn = Turn(call_id=call or new_call_id(), number=who, audio=audio, keys=keys)
    return house.switchboard.take(turn, now=now).result


def emily(manifest: Path) -> str:
    told = tomllib.loads((manifest / "manifest.toml").read_text("utf-8"))
    calls = [one for one in told["calls"] if one["turns"][0]["recording"] == "emily-refund.wav"]
    return str(calls[0]["from"])


# A full disk


def full(connection: sqlite3.Connection, _: object) -> None:
    """As if there were no room for one more page."""
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")


def test_with_a_full_disk_callers_are_answered_and_what_cannot_be_written_proves_nothing(
    opened: Open, fixtures: Path, tmp_path: Path
) -> None:
    house = opened()
    engine = house.voices.engine
    event.listen(engine, "connect", full)
    engine.dispose()
    with sqlite3.connect(tmp_path / "rehearsal.db") as filling:
        filling.execute("CREATE TABLE filler (a TEXT)")
    filling.close()
    while _has_room(tmp_path / "rehearsal.db"):
        pass

    result = taken(house, fixtures / "klaus-flight.wav")
    event.remove(engine, "connect", full)
    engine.dispose()
    again = taken(house, fixtures / "klaus-flight.wav")

    assert result.verification.decision != "accepted"
    assert "Klaus" not in result.action.prompt
    assert result.action.type in ("ask", "queue")
    assert again.verification.decision == "accepted"
    assert again.action.prompt.startswith("Hallo Klaus.")


def _has_room(database: Path) -> bool:
    """Fill the pages that are there already; how often more was needed."""
    connection = sqlite3.connect(database, isolation_level=None)
    full(connection, None)
    try:
        connection.execute("INSERT INTO filler VALUES (?)", ("x" * 3_000,))
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True


# Clocks


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(minutes=59)])
def test_a_clock_that_jumps_in_the_middle_of_a_call_ends_no_call_and_proves_nothing(
    opened: Open, fixtures: Path, jump: timedelta
) -> None:
    house, call = opened(), new_call_id()
    first = taken(house, fixtures / "klaus-flight.wav", call=call)

    second = taken(house, fixtures / "klaus-yes.wav", call=call, now=NOON + jump)
    stranger = taken(house, fixtures / "impostor-flight.wav", now=NOON + jump)

    assert [first.verification.decision, second.verification.decision] == ["accepted"] * 2
    assert stranger.verification.decision in ("rejected", "inconclusive")
    assert len(house.switchboard.results(call)) == 2


def test_a_clock_that_was_set_back_writes_calls_down_all_the_same(
    opened: Open, fixtures: Path
) -> None:
    house, call = opened(), new_call_id()
    taken(house, fixtures / "klaus-flight.wav", call=call)
    taken(house, None, call=call, now=NOON - timedelta(hours=1), keys="0")
    house.switchboard.close()

    day = timedelta(days=1)
    (record,) = house.journal.latest(Scope(since=NOON - day, until=NOON + day), most=5)

    assert record.turns == 2
    assert record.outcome.value == "handed_over"


# Names


@pytest.fixture
def unresolvable(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """A resolver that answers nothing, as long as the test runs."""
    release, resolve, asked = Event(), socket.getaddrinfo, Event()

    def hang(host: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(host, str | bytes) and b"invalid" in (
            host if isinstance(host, bytes) else host.encode()
        ):
            asked.set()
            release.wait(60)
            raise socket.gaierror(socket.EAI_AGAIN, "try again")
        return resolve(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    yield asked
    release.set()


SOURCES = """
sources:
  crm:
    kind: http
    url: "https://crm.invalid/{number}"
    identifies: true
    facts: {customer_id: /id, subject: /voice, name: /name}
    timeout_ms: 20000
"""


def test_a_crm_whose_name_nobody_resolves_holds_nobody_up(
    opened: Open, fixtures: Path, tmp_path: Path, unresolvable: Event
) -> None:
    (tmp_path / "sources.yaml").write_text(SOURCES, "utf-8")
    house = opened(identify=IdentifySettings(sources=tmp_path / "sources.yaml"))

    result = taken(house, fixtures / "klaus-flight.wav")

    assert unresolvable.is_set()
    assert result.verification.decision == "accepted"
    assert result.action.prompt.startswith("Hallo Klaus.")
    assert result.reasons[0] == "crm: slow -> what it knows of the caller is not used"


def test_a_business_system_whose_name_nobody_resolves_is_not_waited_for(
    opened: Open, fixtures: Path, unresolvable: Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BACKEND_TOKEN", "a-token")
    serve = ServeSettings(url="https://business.invalid")
    house = opened(serve=serve, deadlines=DeadlineSettings(serve_ms=300, turn_ms=60_000))
    call = new_call_id()
    taken(house, fixtures / "klaus-flight.wav", call=call)

    result = taken(house, fixtures / "klaus-yes.wav", call=call)

    assert unresolvable.is_set()
    assert (result.action.type, result.action.queue) == ("queue", "agents")
    assert any("the business system" in reason for reason in result.reasons)
    assert house.bounds.tally.of("stage_late", "serve") == 1


# Rows


def spoil(database: Path, statement: str, *values: object) -> None:
    connection = sqlite3.connect(database)
    with connection:
        assert connection.execute(statement, values).rowcount >= 1
    connection.close()


def row_of(house: House, number: str) -> str:
    """The name of somebody's row among the voiceprints."""
    caller = house.directory.find(PhoneNumber(e164=number))
    return house.voices.keys.vault.row(caller.subject)  # type: ignore[union-attr, return-value]


def test_a_voiceprint_that_was_changed_accepts_nobody_and_the_others_go_on(
    opened: Open, fixtures: Path, tmp_path: Path
) -> None:
    house = opened()
    row = row_of(house, KLAUS)
    (sealed,) = (
        sqlite3.connect(tmp_path / "rehearsal.db")
        .execute("SELECT sealed FROM sealed_voiceprints WHERE row = ?", (row,))
        .fetchone()
    )
    flipped = sealed[:-1] + bytes([sealed[-1] ^ 1])
    spoil(
        tmp_path / "rehearsal.db",
        "UPDATE sealed_voiceprints SET sealed = ? WHERE row = ?",
        *(flipped, row),
    )

    klaus = taken(house, fixtures / "klaus-flight.wav")
    other = taken(house, fixtures / "emily-refund.wav", emily(fixtures))

    assert klaus.verification.decision == "inconclusive"
    assert "Klaus" not in klaus.action.prompt
    assert klaus.action.type == "queue"
    assert other.verification.decision == "accepted"


def test_a_customer_who_cannot_be_read_goes_to_a_person_and_the_others_go_on(
    opened: Open, fixtures: Path, tmp_path: Path
) -> None:
    house = opened()
    spoil(
        tmp_path / "rehearsal.db",
        "UPDATE customers SET language = 'klingon' WHERE customer_id = 'C-1001'",
    )

    klaus = taken(house, fixtures / "klaus-flight.wav")
    other = taken(house, fixtures / "emily-refund.wav", emily(fixtures))

    assert (klaus.action.type, klaus.action.queue) == ("queue", "agents")
    assert klaus.reasons == ["a part of the system failed -> queue agents"]
    assert other.verification.decision == "accepted"


@pytest.mark.parametrize(
    ("column", "nonsense"), [("outcome", "nonsense"), ("began_at", "yesterday"), ("turns", "many")]
)
def test_a_record_that_is_nonsense_keeps_no_person_from_the_next_call(
    opened: Open, fixtures: Path, tmp_path: Path, column: str, nonsense: str
) -> None:
    house = opened()
    for _ in range(2):
        call = new_call_id()
        taken(house, fixtures / "klaus-flight.wav", call=call)
        house.switchboard.forget(call)
    house.switchboard.close()
    spoil(
        tmp_path / "rehearsal.db",
        f"UPDATE journal_calls SET {column} = ? WHERE rowid = 1",  # noqa: S608 - our own names
        nonsense,
    )

    later = opened()
    call = new_call_id()
    taken(later, fixtures / "klaus-flight.wav", call=call)
    handed_on = taken(later, None, call=call, keys="0")
    context = later.handing_over.find(handed_on.action.context_token or "", NOON)

    assert context is not None
    assert context.customer is not None
    assert len(context.said) == 2
