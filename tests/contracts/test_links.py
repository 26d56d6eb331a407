"""What every keeper of links does, in memory and in a database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from biometrics import StoreUnavailable, SubjectId
from biometrics.storage.database import open_engine
from ivr.call import Assurance, CustomerId, Language
from ivr.errand import Option, PageKind, Thread
from ivr.onward.codes import LinkName, code_digest, name_of, token_of
from ivr.onward.content import Content
from ivr.onward.link import Link, State, tried
from ivr.onward.links import Links, changed
from ivr.onward.memory_links import MemoryLinks
from ivr.onward.sql_links import SqlLinks
from ivr.sending import Way
from ivr.wiring.vault_seal import VaultSeal

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
SEAL = VaultSeal(key=b"k" * 32)
TOKEN = token_of(b"k" * 32, "r-1")
CONTENT = Content(
    request="r-1",
    kind=PageKind.OPTIONS,
    customer=CustomerId("C-1001"),
    subject=SubjectId("s-7f3a"),
    language=Language.GERMAN,
    intent="rebook_flight",
    slots={"date": "2026-11-27"},
    options=(Option(slots={"flight": "LH453"}, facts={"departure": "2026-11-27T10:15"}),),
    assurance=Assurance.VOICE,
    thread=Thread(name="t" * 64, again=1),
    way=Way.EMAIL,
    address="klaus@example.org",
)


def link_of(token: str = TOKEN) -> Link:
    name = name_of(token)
    assert name is not None
    return Link(
        name=name,
        code=code_digest(token, "482137"),
        created_at=NOON,
        expires_at=NOON + timedelta(hours=24),
        due_at=NOON,
        mark="m-1",
        content=CONTENT,
    )


LINK = link_of()
OTHER = replace(link_of(token_of(b"k" * 32, "r-2")), created_at=NOON + timedelta(minutes=1))


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def links(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Links]:
    if request.param == "memory":
        yield MemoryLinks()
        return
    is_postgres = request.param == "postgresql"
    address = (
        request.getfixturevalue("postgres") if is_postgres else f"sqlite:///{tmp_path / 'l.db'}"
    )
    engine = open_engine(address)
    yield SqlLinks(engine, SEAL)
    engine.dispose()


def test_a_name_that_was_not_given_finds_nothing(links: Links) -> None:
    links.replace(None, LINK)

    assert links.find(OTHER.name) is None
    assert links.find(LinkName("")) is None


def test_what_another_changed_meanwhile_is_not_changed(links: Links) -> None:
    first = links.replace(None, LINK)
    assert first is not None
    assert links.replace(first, replace(first, state=State.OPENED)) is not None

    assert links.replace(first, replace(first, state=State.USED)) is None
    assert links.replace(None, LINK) is None
    found = links.find(LINK.name)
    assert found is not None
    assert found.state is State.OPENED


def test_of_many_tries_at_the_same_time_each_counts(links: Links) -> None:
    links.replace(None, LINK)

    def try_once(_: int) -> bool:
        found = links.find(LINK.name)
        assert found is not None
        counted = tried(found, NOON, most=5)
        return counted is not None and links.replace(found, counted) is not None

    with ThreadPoolExecutor(8) as threads:
        counted = sum(threads.map(try_once, range(24)))

    found = links.find(LINK.name)
    assert found is not None
    assert found.wrong == counted <= 5


def test_what_is_kept_comes_back_as_it_was(links: Links) -> None:
    kept = links.replace(None, LINK)

    assert links.find(LINK.name) == kept == LINK


def test_messages_wait_for_their_time_and_the_longest_waiting_comes_first(links: Links) -> None:
    links.replace(None, replace(LINK, due_at=NOON + timedelta(minutes=1)))
    links.replace(None, replace(OTHER, due_at=NOON))

    assert [one.name for one in links.due(NOON)] == [OTHER.name]
    assert [one.name for one in links.due(NOON + timedelta(hours=1))] == [OTHER.name, LINK.name]


def test_what_was_handed_over_is_not_due_again(links: Links) -> None:
    kept = links.replace(None, LINK)
    assert kept is not None
    links.replace(kept, replace(kept, due_at=None))

    assert links.due(NOON + timedelta(days=1)) == ()


def test_a_customers_links_are_found_the_latest_first(links: Links) -> None:
    links.replace(None, LINK)
    links.replace(None, OTHER)

    assert [one.name for one in links.of("m-1")] == [OTHER.name, LINK.name]
    assert links.of("m-2") == ()


def test_the_old_are_forgotten(links: Links) -> None:
    links.replace(None, LINK)

    assert links.forget(LINK.expires_at) == 0
    assert links.forget(LINK.expires_at + timedelta(seconds=1)) == 1
    assert links.find(LINK.name) is None


def test_nobody_without_the_key_reads_a_link_or_learns_its_token(tmp_path: Path) -> None:
    file = tmp_path / "links.db"
    engine = create_engine(f"sqlite:///{file}")
    SqlLinks(engine, SEAL).replace(None, LINK)
    engine.dispose()

    raw = file.read_bytes()

    for secret in (b"klaus@", b"LH453", b"482137", b"C-1001", TOKEN.encode()):
        assert secret not in raw
    with pytest.raises(StoreUnavailable):
        SqlLinks(engine, VaultSeal(key=b"o" * 32)).find(LINK.name)


def test_an_earlier_version_that_was_put_back_is_refused(tmp_path: Path) -> None:
    """It would give back the tries that were used up."""
    engine = create_engine(f"sqlite:///{tmp_path / 'links.db'}")
    links = SqlLinks(engine, SEAL)
    first = links.replace(None, LINK)
    assert first is not None
    with engine.begin() as connection:
        sealed = connection.execute(text("SELECT sealed FROM onward_links")).scalar_one()
    links.replace(first, replace(first, wrong=4))
    with engine.begin() as connection:
        connection.execute(text("UPDATE onward_links SET sealed = :sealed"), {"sealed": sealed})

    with pytest.raises(StoreUnavailable):
        links.find(LINK.name)
    engine.dispose()


def test_changes_of_the_same_moment_are_all_made(links: Links) -> None:
    links.replace(None, LINK)

    def count(_: int) -> None:
        found = links.find(LINK.name)
        assert found is not None
        changed(links, found, lambda one: replace(one, tries=one.tries + 1))

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(count, range(3)))

    found = links.find(LINK.name)
    assert found is not None
    assert found.tries == 3


def test_what_was_sent_anew_is_not_changed_as_it_was_before(links: Links) -> None:
    first = links.replace(None, LINK)
    assert first is not None
    links.replace(first, replace(first, sends=2))

    assert changed(links, first, lambda one: replace(one, state=State.OPENED)) is None
