"""What every record of who may be contacted does, in memory and in a database."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.databases import SQL, an_engine
from sqlalchemy import text

from biometrics import StoreUnavailable
from biometrics.storage.database import open_engine, writing
from ivr.call import CustomerId
from ivr.reach.agreements import Agreed, Agreements, MemoryAgreements, Stopped
from ivr.reach.sql_agreements import SqlAgreements

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
KLAUS, ERNA = CustomerId("C-1"), CustomerId("C-2")
AGREED = Agreed(customer=KLAUS, text="contact-1", at=NOW)
STOPPED = Stopped(customer=KLAUS, at=NOW + timedelta(days=1))
AGAIN = Agreed(customer=KLAUS, text="contact-2", at=NOW + timedelta(days=2))


@pytest.fixture(params=["memory", *SQL])
def agreements(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Agreements]:
    if request.param == "memory":
        yield MemoryAgreements()
        return
    with an_engine(request, tmp_path) as engine:
        yield SqlAgreements(engine)


def test_nobody_has_agreed_to_anything_at_first(agreements: Agreements) -> None:
    assert agreements.latest(KLAUS) is None
    assert agreements.history(KLAUS) == ()


def test_the_last_word_counts_and_every_word_is_kept(agreements: Agreements) -> None:
    for wish, count in ((AGREED, 1), (STOPPED, 2), (AGAIN, 3)):
        agreements.add(wish)

        assert agreements.latest(KLAUS) == wish
        assert len(agreements.history(KLAUS)) == count
    assert agreements.history(KLAUS) == (AGREED, STOPPED, AGAIN)
    assert agreements.latest(ERNA) is None


@pytest.mark.parametrize("change", ["DELETE FROM", "UPDATE"])
def test_nothing_is_taken_back_in_the_database(tmp_path: Path, change: str) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'agreements.db'}")
    agreements = SqlAgreements(engine)
    agreements.add(AGREED)
    statement = f"{change} contact_agreements" + (" SET text = NULL" * (change == "UPDATE"))

    with pytest.raises(StoreUnavailable), writing(engine) as connection:
        connection.execute(text(statement))

    assert agreements.latest(KLAUS) == AGREED
    engine.dispose()
