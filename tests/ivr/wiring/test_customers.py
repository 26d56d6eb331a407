"""Customers of a whole house: its directory, and sources that a file describes."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Event

import pytest
from fakes.crm import Crm, answering, crm_answering, waiting_for
from fakes.log_lines import logged
from fakes.readiness import unready

from biometrics import SubjectId
from ivr.call import Caller, CustomerId, PhoneNumber, Unknown
from ivr.errors import BadSources, DirectoryUnavailable
from ivr.identify.directory import Entry
from ivr.identify.view import ProfileView
from ivr.settings import IdentifySettings, Settings
from ivr.wiring import House

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

NUMBER, OTHER = PhoneNumber(e164="+4989123456"), PhoneNumber(e164="+4989654321")
KLAUS = Caller(customer_id=CustomerId("C-1"), subject=SubjectId("s-1"), name="Klaus")
RECORD = {"id": "C-1", "voice": "s-1", "name": "Nikolaus", "tier": "vip", "vulnerable": False}
SOURCES = """
order: [directory, crm, billing]
rules: {{tier: newest}}
sources:
  crm:
    kind: http
    url: "{url}/{{number}}"
    headers: {{X-Api-Key: {{secret_env: CRM_TOKEN}}}}
    identifies: true
    facts:
      customer_id: /id
      subject: /voice
      name: /name
      tier: /tier
      is_vulnerable: /vulnerable
  billing:
    kind: sql
    database: sqlite:///{folder}/billing.db
    query: SELECT vulnerable FROM accounts WHERE customer = :customer_id
    facts: {{is_vulnerable: vulnerable}}
"""

Open = Callable[..., House]


@pytest.fixture
def crm(monkeypatch: pytest.MonkeyPatch) -> Iterator[Crm]:
    monkeypatch.setenv("CRM_TOKEN", "t0ken")
    with crm_answering(answering(200, RECORD)) as crm:
        yield crm


@pytest.fixture
def open_house(tmp_path: Path) -> Iterator[Open]:
    opened: list[House] = []

    def of(url: str, **settings: object) -> House:
        with closing(sqlite3.connect(tmp_path / "billing.db")) as database:
            database.executescript(
                "CREATE TABLE accounts (customer TEXT, vulnerable BOOLEAN);"
                "INSERT INTO accounts VALUES ('C-1', TRUE);"
            )
        file = tmp_path / "sources.yaml"
        file.write_text(SOURCES.format(url=url, folder=tmp_path), "utf-8")
        given = {"sources": file, "patience_ms": 5_000} | settings
        house = House(Settings(home=tmp_path / "home", identify=IdentifySettings(**given)))  # type: ignore[arg-type]
        house.customers.own.put([Entry(caller=KLAUS, numbers=(NUMBER,))])
        opened.append(house)
        return house

    yield of
    for house in opened:
        house.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [("http://crm.example", "by https"), ("http://192.168.1.4", "IVR_IDENTIFY__PLAIN_HOSTS")],
)
def test_where_others_listen_nobody_is_asked(open_house: Open, url: str, said: str) -> None:
    with pytest.raises(BadSources, match=said):
        _ = open_house(url).directory


def test_a_secret_that_is_not_set_is_asked_for_at_the_start(
    open_house: Open, crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CRM_TOKEN")

    with pytest.raises(BadSources, match="CRM_TOKEN"):
        _ = open_house(crm.url).directory


def test_a_host_of_ones_own_network_may_be_asked_by_http(
    open_house: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_TOKEN", "t0ken")

    assert open_house("http://crm.lan", plain_hosts="db.lan, CRM.lan").directory.all()


def test_without_a_file_there_is_the_directory_alone(open_house: Open, crm: Crm) -> None:
    house = open_house(crm.url, sources=None)

    assert house.directory is house.customers.own
    assert house.directory.find(NUMBER) == KLAUS
    assert isinstance(house.customers.view(NUMBER), ProfileView)
    assert Unknown() == house.customers.view(OTHER)
    assert crm.asked == []


def test_a_rehearsal_asks_no_source(
    crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IVR_IDENTIFY__SOURCES", str(tmp_path / "sources.yaml"))

    house = House.for_rehearsal(tmp_path)

    assert house.customers.described is None
    house.close()


def test_a_caller_is_what_all_sources_say(open_house: Open, crm: Crm) -> None:
    house = open_house(crm.url)

    caller = house.directory.find(NUMBER)

    assert caller == replace(KLAUS, tier="vip", is_vulnerable=True)
    ((method, path, headers, _),) = crm.asked
    assert (method, path, headers["X-Api-Key"]) == ("GET", "/%2B4989123456", "t0ken")


def test_the_desk_sees_who_said_what(open_house: Open, crm: Crm) -> None:
    view = open_house(crm.url).customers.view(NUMBER)

    assert isinstance(view, ProfileView)
    assert [(one.name, one.value, one.source) for one in view.facts] == [
        ("is_vulnerable", "true", "billing"),
        ("name", "Klaus", "directory"),
        ("tier", "vip", "crm"),
    ]
    assert [
        (one.fact.name, one.fact.value, one.fact.source, one.why) for one in view.conflicts
    ] == [
        ("is_vulnerable", "false", "crm", "less_strict"),
        ("name", "Nikolaus", "crm", "later_in_order"),
    ]


def test_with_the_crm_down_customers_are_whom_the_directory_knows(
    open_house: Open, crm: Crm
) -> None:
    crm.answer = answering(503, {})
    house = open_house(crm.url)

    assert house.directory.find(NUMBER) == replace(
        KLAUS, is_vulnerable=True, missing=("crm: failed",)
    )
    with pytest.raises(DirectoryUnavailable):
        house.directory.find(OTHER)
    assert "directory_unavailable" not in unready(house)


@pytest.mark.parametrize("status", [200, 503])
def test_nothing_of_customers_is_logged(
    open_house: Open, crm: Crm, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    caplog.set_level(logging.DEBUG)
    crm.answer = answering(status, {**RECORD, "vulnerable": "Wolkenstein"})

    open_house(crm.url).directory.find(NUMBER)

    shown = str(logged(caplog.records))
    secrets = ("89123456", "Klaus", "C-1", "s-1", "vip", "Wolkenstein", "t0ken")
    assert [secret for secret in secrets if secret in shown] == []
    assert ("source failed" in shown) == (status == 503)


def test_many_calls_at_once_ask_the_crm_once(open_house: Open, crm: Crm) -> None:
    may_answer = Event()
    crm.answer = waiting_for(may_answer, answering(200, RECORD))
    house = open_house(crm.url)
    together = Barrier(24)

    def call(_: int) -> str:
        together.wait(10)
        may_answer.set()
        found = house.directory.find(NUMBER)
        return found.tier if isinstance(found, Caller) else ""

    with ThreadPoolExecutor(24) as calls:
        tiers = set(calls.map(call, range(24)))

    assert (tiers, len(crm.asked)) == ({"vip"}, 1)


def test_a_crm_that_stays_down_is_left_alone(open_house: Open, crm: Crm) -> None:
    crm.answer = answering(503, {})
    house = open_house(crm.url, failures_until_pause=2)

    found = [house.directory.find(NUMBER) for _ in range(4)]

    told = [one.missing for one in found if isinstance(one, Caller)]
    assert told == [("crm: failed",)] * 2 + [("crm: paused",)] * 2
    assert len(crm.asked) == 2


def test_what_was_told_goes_with_what_somebody_has_erased(open_house: Open, crm: Crm) -> None:
    house = open_house(crm.url)
    house.directory.find(NUMBER)

    house._forget(SubjectId("s-1"))
    house.directory.find(NUMBER)

    assert len(crm.asked) == 2


def test_nothing_that_sources_tell_is_written_to_disk(
    open_house: Open, crm: Crm, tmp_path: Path
) -> None:
    crm.answer = answering(200, {**RECORD, "name": "Wolkenstein", "tier": "plutonium"})
    house = open_house(crm.url)
    caller = house.directory.find(NUMBER)
    house.close()

    assert isinstance(caller, Caller)
    assert caller.tier == "plutonium"
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"Klaus" in kept
    assert b"Wolkenstein" not in kept
    assert b"plutonium" not in kept
