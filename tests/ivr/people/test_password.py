"""Which passwords may be set."""

import pytest

from ivr.errors import WeakPassword
from ivr.people.argon2_hasher import Argon2Hasher
from ivr.people.password import checked_password, generated
from ivr.people.person import PersonId

ANNA = PersonId("anna.beck")


@pytest.mark.parametrize(
    "password",
    [
        "",
        "Kurz!1aB",
        "elf-zeichen",
        "x" * 257,
        "aaaaaaaaaaaa",
        "abababababab",
        "PasswortPasswort",
        "Passwort-2026!",
        "rufwerk-rufwerk",
        "Rufwerk2026!!",
        "anna.beck2026",
        "123456789012",
        "callcenter1234",
    ],
)
def test_what_is_short_or_tried_first_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        checked_password(password, ANNA)


@pytest.mark.parametrize(
    "password",
    [
        "vier blaue esel im regen",
        "rufwerk singt am morgen leise",
        "ßäöü ßäöü ßäöü 1",
        "🦉🐢🦊🐙🦔🦇" * 2,
    ],
)
def test_no_mixture_is_asked_for(password: str) -> None:
    assert checked_password(password, ANNA) == password


def test_one_that_is_drawn_may_be_set() -> None:
    drawn = {checked_password(generated(), PersonId("ab")) for _ in range(50)}

    assert len(drawn) == 50


def test_the_same_letters_from_another_keyboard_are_the_same() -> None:
    assert checked_password("u\u0308ber alle Berge", ANNA) == "über alle Berge"


@pytest.fixture(scope="module")
def hasher() -> Argon2Hasher:
    return Argon2Hasher(memory_kib=64, rounds=1)


@pytest.mark.parametrize("hashed", ["", "x", "$argon2id$v=19$m=64,t=1,p=1$YQ$YQ", "vier"])
def test_what_is_no_hash_fits_nothing(hasher: Argon2Hasher, hashed: str) -> None:
    assert not hasher.fits(hashed, "vier blaue esel")


def test_a_hash_fits_its_password_alone(hasher: Argon2Hasher) -> None:
    first, second = hasher.hashed("vier blaue esel"), hasher.hashed("vier blaue esel")

    assert first != second
    assert not hasher.fits(first, "vier blaue Esel")
    assert hasher.fits(first, "vier blaue esel")


def test_weaker_parameters_are_stale(hasher: Argon2Hasher) -> None:
    hashed = hasher.hashed("vier blaue esel")

    assert not hasher.is_stale(hashed)
    assert Argon2Hasher(memory_kib=128, rounds=1).is_stale(hashed)
