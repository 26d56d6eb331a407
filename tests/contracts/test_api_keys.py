"""What every keeper of the service's keys does, in memory and in a database."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from fakes.databases import SQL, an_engine

from biometrics import StoreUnavailable
from biometrics.storage.database import open_engine, writing
from ivr.service.api_keys import ApiKey, ApiKeys, KeyId, Scope
from ivr.service.memory_api_keys import MemoryApiKeys
from ivr.service.sql_api_keys import SqlApiKeys

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
KEY = ApiKey(
    id=KeyId("k1"),
    name="pbx-1",
    scopes=frozenset({Scope.CALLS, Scope.GATEWAYS}),
    digest=b"1" * 32,
    made_at=NOW,
    expires_at=NOW + timedelta(days=365),
)
OTHER = replace(KEY, id=KeyId("k2"), digest=b"2" * 32, made_at=NOW + timedelta(1), expires_at=None)


@pytest.fixture(params=["memory", *SQL])
def keys(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ApiKeys]:
    if request.param == "memory":
        yield MemoryApiKeys()
        return
    with an_engine(request, tmp_path) as engine:
        yield SqlApiKeys(engine)


def test_where_no_keys_are_none_is_found(keys: ApiKeys) -> None:
    assert keys.all() == ()
    assert keys.find(KEY.digest) is None
    assert not keys.replace(KEY, KEY)
    keys.note_use(KEY.id, NOW.date())
    assert keys.all() == ()


@pytest.mark.parametrize("digest", [b"", b"1" * 31, b"1" * 33, b"2" * 32])
def test_another_digest_finds_nothing(keys: ApiKeys, digest: bytes) -> None:
    keys.add(KEY)

    assert keys.find(digest) is None


@pytest.mark.parametrize(
    "again", [KEY, replace(OTHER, id=KEY.id), replace(OTHER, digest=KEY.digest)]
)
def test_neither_an_id_nor_a_secret_is_there_twice(keys: ApiKeys, again: ApiKey) -> None:
    assert keys.add(KEY)

    assert not keys.add(again)
    assert keys.all() == (KEY,)


def test_what_was_added_is_found_as_it_was(keys: ApiKeys) -> None:
    assert keys.add(OTHER)
    assert keys.add(KEY)

    assert keys.find(KEY.digest) == KEY
    assert keys.find(OTHER.digest) == OTHER
    assert keys.all() == (KEY, OTHER)


def test_whoever_saw_another_end_changes_nothing(keys: ApiKeys) -> None:
    keys.add(KEY)
    revoked = replace(KEY, revoked_at=NOW)
    keys.replace(KEY, revoked)

    assert not keys.replace(KEY, replace(KEY, expires_at=None))
    assert keys.find(KEY.digest) == revoked


def test_only_the_end_of_a_key_can_be_changed(keys: ApiKeys) -> None:
    keys.add(KEY)
    wider = replace(KEY, scopes=frozenset(Scope), name="x", expires_at=NOW, digest=b"3" * 32)

    assert keys.replace(KEY, wider)
    assert keys.all() == (replace(KEY, expires_at=NOW),)


def test_a_use_changes_nothing_but_the_day(keys: ApiKeys) -> None:
    keys.add(KEY)

    keys.note_use(KEY.id, date(2026, 11, 26))
    assert keys.find(KEY.digest) == replace(KEY, last_used=date(2026, 11, 26))
    assert keys.replace(KEY, replace(KEY, revoked_at=NOW))


def test_of_many_that_revoke_at_once_one_does(keys: ApiKeys) -> None:
    keys.add(KEY)
    with ThreadPoolExecutor(8) as threads:
        gone = replace(KEY, revoked_at=NOW)
        done = list(threads.map(lambda _: keys.replace(KEY, gone), range(16)))

    assert done.count(True) == 1


def test_a_scope_from_a_later_version_opens_nothing(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'keys.db'}")
    keys = SqlApiKeys(engine)
    keys.add(KEY)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE api_keys SET scopes = 'everything calls'")

    found = keys.find(KEY.digest)
    engine.dispose()

    assert found is not None
    assert found.scopes == {Scope.CALLS}


def test_a_database_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    keys = SqlApiKeys(f"sqlite:///{tmp_path / 'nowhere' / 'keys.db'}")

    with pytest.raises(StoreUnavailable):
        keys.find(KEY.digest)
