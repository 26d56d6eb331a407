"""Making keys, and what becomes of the one whose place another takes."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ivr.errors import BadApiKey, UnknownApiKey
from ivr.service.api_keys import KeyId, Scope
from ivr.service.making_api_keys import digest_of, made, revocation, rotation

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
OLD = made("pbx-1", [Scope.CALLS], NOW - WEEK, NOW + 51 * WEEK).key


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 65])
def test_a_name_says_who_uses_the_key(name: str) -> None:
    with pytest.raises(BadApiKey, match="name"):
        made(name, [Scope.CALLS], NOW, None)


def test_a_key_that_would_open_nothing_is_not_made() -> None:
    with pytest.raises(BadApiKey, match="scope"):
        made("pbx-1", [], NOW, None)
    with pytest.raises(BadApiKey, match="expired"):
        made("pbx-1", [Scope.CALLS], NOW, NOW)


@pytest.mark.parametrize("shown", [b"", b"secret", b"rufwerk", b"rufwerk_" + b"x" * 200, b"\xff"])
def test_what_can_be_no_key_is_not_looked_for(shown: bytes) -> None:
    assert digest_of(shown) is None


def test_a_secret_has_256_bits_and_only_its_digest_is_kept() -> None:
    new = made("pbx-1", [Scope.CALLS], NOW, None)

    assert len(new.secret) == len("rufwerk_") + 43
    assert new.key.digest == hashlib.sha256(new.secret.encode()).digest()
    assert digest_of(new.secret.encode()) == new.key.digest
    assert new.secret not in repr(new)
    assert made("pbx-1", [Scope.CALLS], NOW, None).secret != new.secret


def test_a_key_opens_nothing_once_it_is_revoked_or_expired() -> None:
    assert not replace(OLD, revoked_at=NOW).is_valid(NOW)
    assert not replace(OLD, expires_at=NOW).is_valid(NOW)
    assert replace(OLD, expires_at=NOW).is_valid(NOW - timedelta(seconds=1))


@pytest.mark.parametrize(
    "keys",
    [
        [],
        [replace(OLD, name="pbx-2")],
        [replace(OLD, revoked_at=NOW)],
        [replace(OLD, expires_at=NOW)],
    ],
)
def test_only_a_valid_key_gives_its_place(keys: list[object]) -> None:
    with pytest.raises(UnknownApiKey):
        rotation(keys, "pbx-1", NOW, overlap=WEEK)  # type: ignore[arg-type]


def test_no_third_key_of_a_name_is_valid() -> None:
    plan = rotation([OLD], "pbx-1", NOW, overlap=WEEK)

    with pytest.raises(BadApiKey, match=f"{OLD.id} or {plan.new.key.id}"):
        rotation([plan.ending, plan.new.key], "pbx-1", NOW, overlap=WEEK)


def test_the_new_key_does_the_same_as_long_and_the_old_one_goes_on_for_a_while() -> None:
    plan = rotation([OLD], "pbx-1", NOW, overlap=WEEK)

    assert plan.ending == replace(OLD, expires_at=NOW + WEEK)
    assert plan.new.key.scopes == OLD.scopes
    assert plan.new.key.expires_at == NOW + 52 * WEEK


def test_a_key_that_ends_sooner_anyway_lives_no_longer() -> None:
    soon = replace(OLD, expires_at=NOW + timedelta(days=1))

    assert rotation([soon], "pbx-1", NOW, overlap=WEEK).ending == soon


def test_a_key_without_an_end_is_followed_by_one_without() -> None:
    plan = rotation([replace(OLD, expires_at=None)], "pbx-1", NOW, overlap=WEEK)

    assert plan.new.key.expires_at is None
    assert plan.ending.expires_at == NOW + WEEK


def test_what_opens_nothing_cannot_be_revoked() -> None:
    with pytest.raises(UnknownApiKey):
        revocation([OLD], KeyId("k0"))
    with pytest.raises(UnknownApiKey):
        revocation([replace(OLD, revoked_at=NOW)], OLD.id)

    assert revocation([OLD], OLD.id) == OLD
