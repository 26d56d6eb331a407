"""What every keeper of contexts does, in memory and in a database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.databases import SQL, an_engine
from sqlalchemy import create_engine, text

from biometrics import StoreUnavailable
from ivr.call import CustomerId, Language
from ivr.handover.context import Context, Customer, Earlier, Evidence, Said
from ivr.handover.contexts import Contexts, digest
from ivr.handover.memory_contexts import MemoryContexts
from ivr.handover.sql_contexts import SqlContexts
from ivr.wiring.vault_seal import VaultSeal

NOON = datetime(2026, 5, 20, 12, tzinfo=UTC)
SEAL = VaultSeal(key=b"k" * 32)
KEEP = timedelta(hours=24)
CONTEXT = Context(
    call_id="c-1",
    at=NOON,
    language=Language.GERMAN,
    business="airline",
    number="+4989123456",
    customer=Customer(
        id=CustomerId("k-1"), name="Klaus", events=({"kind": "flight_cancelled"},), age=70
    ),
    evidence=Evidence(decision="accepted", llr=6.2, threshold=3.9, reasons=("enough speech",)),
    said=(Said(caller="Ich möchte umbuchen.", machine="Gern.", intent="rebook_flight"),),
    intent="rebook_flight",
    slots={"flight": "LH815"},
    tried=("rebook_flight: done",),
    queue="senior",
    priority=80,
    earlier=(Earlier(at=NOON - timedelta(days=3), intent="check_in", outcome="served"),),
)


@pytest.fixture(params=["memory", *SQL])
def contexts(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Contexts]:
    if request.param == "memory":
        yield MemoryContexts(keep=KEEP)
        return
    with an_engine(request, tmp_path) as engine:
        yield SqlContexts(engine, SEAL, keep=KEEP)


def test_a_token_that_was_not_given_opens_nothing(contexts: Contexts) -> None:
    contexts.put("token", CONTEXT)

    assert contexts.find("tokem", NOON) is None
    assert contexts.find("", NOON) is None


def test_what_is_too_old_is_not_told_and_then_forgotten(contexts: Contexts) -> None:
    contexts.put("token", CONTEXT)
    later = NOON + KEEP + timedelta(seconds=1)

    assert contexts.find("token", later) is None
    assert contexts.expire(later) == 1
    assert contexts.find("token", NOON) is None


def test_what_is_kept_comes_back_as_it_was(contexts: Contexts) -> None:
    contexts.put("token", CONTEXT)

    assert contexts.find("token", NOON + timedelta(hours=23)) == CONTEXT


def test_whoever_claimed_a_caller_finds_the_context_by_the_digest(contexts: Contexts) -> None:
    contexts.put("token", CONTEXT)

    assert contexts.of_digest("token", NOON) is None
    assert contexts.of_digest(digest("token"), NOON) == CONTEXT
    assert contexts.of_digest(digest("token"), NOON + KEEP + timedelta(seconds=1)) is None


def test_the_latest_is_told(contexts: Contexts) -> None:
    contexts.put("token", CONTEXT)
    contexts.put("token", replace(CONTEXT, mood="upset"))

    found = contexts.find("token", NOON)

    assert found is not None
    assert found.mood == "upset"
    assert contexts.expire(NOON) == 0


def test_nobody_without_the_key_reads_a_context_or_learns_its_token(tmp_path: Path) -> None:
    file = tmp_path / "contexts.db"
    engine = create_engine(f"sqlite:///{file}")
    SqlContexts(engine, SEAL, keep=KEEP).put("a-token-of-the-gateway", CONTEXT)
    engine.dispose()

    raw = file.read_bytes()

    for secret in (b"Klaus", b"4989123456", b"umbuchen", b"LH815", b"a-token-of-the-gateway"):
        assert secret not in raw
    other = SqlContexts(engine, VaultSeal(key=b"o" * 32), keep=KEEP)
    with pytest.raises(StoreUnavailable):
        other.find("a-token-of-the-gateway", NOON)


def test_a_context_that_was_moved_to_another_token_is_refused(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'contexts.db'}")
    contexts = SqlContexts(engine, SEAL, keep=KEEP)
    contexts.put("mine", CONTEXT)
    contexts.put("theirs", CONTEXT)
    with engine.begin() as connection:
        rows = connection.execute(text("SELECT token FROM handover_contexts")).scalars().all()
        swap = "UPDATE handover_contexts SET token = :new WHERE token = :old"
        for old, new in ((rows[0], "x"), (rows[1], rows[0]), ("x", rows[1])):
            connection.execute(text(swap), {"old": old, "new": new})

    with pytest.raises(StoreUnavailable):
        contexts.find("mine", NOON)
    engine.dispose()
