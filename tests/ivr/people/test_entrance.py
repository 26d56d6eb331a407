"""Who is let in, how often somebody may try, and when a session is over."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from fakes.people import HASHER, PASSWORD, Office

from biometrics import AuditEvent, AuditKind, StoreUnavailable
from ivr.people.argon2_hasher import Argon2Hasher
from ivr.people.entrance import Entered, Refused, SignIn
from ivr.people.person import PersonId, Role
from ivr.people.session import digest_of

HOME = "192.0.2.1"


@pytest.fixture
def office() -> Office:
    office = Office()
    office.hire("anna", Role.AGENT)
    office.hire("gone", Role.AGENT, is_active=False)
    return office


def tried(name: str = "anna", password: str = PASSWORD, source: str = HOME) -> SignIn:
    return SignIn(name=name, password=password, source=source)


def entered(office: Office) -> str:
    found = office.entrance.enter(tried(), office.now)
    assert isinstance(found, Entered)
    return found.secret


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("anna", ""),
        ("anna", "vier blaue esel im rege"),
        ("anna", PASSWORD + "x" * 400),
        ("nobody", PASSWORD),
        ("", ""),
        ("gone", PASSWORD),
        ("x" * 5_000, PASSWORD),
    ],
)
def test_nobody_gets_in_with_what_does_not_fit(office: Office, name: str, password: str) -> None:
    assert office.entrance.enter(tried(name, password), office.now) == Refused()


def test_a_name_that_nobody_has_is_never_written_down(office: Office) -> None:
    """It may be a password, typed into the wrong field."""
    office.entrance.enter(tried("geheimes wort"), office.now)

    assert office.written() == [("nobody", AuditKind.SIGN_IN_FAILED, {"account": "unknown"})]


def test_an_unknown_name_costs_a_hash_too(office: Office) -> None:
    asked: list[str] = []

    class Counting(Argon2Hasher):
        def fits(self, hashed: str, password: str) -> bool:
            asked.append(hashed.rpartition("$")[0].rpartition("$")[0])
            return super().fits(hashed, password)

    hasher = Counting(memory_kib=64, rounds=1)
    entrance = replace(office.entrance, hasher=hasher)
    for name in ("anna", "nobody"):
        entrance.enter(tried(name, "falsch"), office.now)

    assert len(asked) == 2
    assert asked[0] == asked[1]


def test_guessing_at_an_account_waits_longer_and_longer(office: Office) -> None:
    waits = []
    for number in range(9):
        wrong = tried(password="falsch", source=f"192.0.2.{number}")
        refused = office.entrance.enter(wrong, office.now)
        assert isinstance(refused, Refused)
        waits.append(refused.wait_s)
        office.later(seconds=refused.wait_s)

    assert waits == [0, 0, 0, 1, 0, 2, 0, 4, 0]


def test_while_it_waits_the_right_password_does_not_open_it(office: Office) -> None:
    for _ in range(3):
        office.entrance.enter(tried(password="falsch", source="198.51.100.7"), office.now)

    assert office.entrance.enter(tried(), office.now) == Refused(wait_s=1)
    office.later(seconds=1)
    assert isinstance(office.entrance.enter(tried(), office.now), Entered)


def test_guessing_at_many_accounts_slows_the_source_down(office: Office) -> None:
    for number in range(6):
        office.entrance.enter(tried(f"name{number}"), office.now)

    assert office.entrance.enter(tried(), office.now) == Refused(wait_s=1)
    assert isinstance(office.entrance.enter(tried(source="2001:db8::/64"), office.now), Entered)


def test_an_own_account_does_not_clear_the_source(office: Office) -> None:
    for number in range(5):
        office.entrance.enter(tried(f"name{number}"), office.now)
    entered(office)
    office.entrance.enter(tried("name9"), office.now)

    assert office.entrance.enter(tried("name10"), office.now) == Refused(wait_s=1)


@dataclass
class BrokenAudit:
    def record(self, event: AuditEvent) -> None:
        raise StoreUnavailable("The trail is gone.")


def test_what_cannot_be_written_down_lets_nobody_in() -> None:
    office = Office(audit=BrokenAudit())
    office.hire("anna", Role.AGENT)

    with pytest.raises(StoreUnavailable):
        office.entrance.enter(tried(), office.now)
    assert office.sessions.end_all(PersonId("anna")) == 0


def test_where_tries_cannot_be_counted_nobody_is_let_in(office: Office) -> None:
    class Broken:
        def take(self, *_: object) -> timedelta:
            raise StoreUnavailable("Nobody can count.")

        give_back = clear = take

    entrance = replace(office.entrance, tries=Broken())

    with pytest.raises(StoreUnavailable):
        entrance.enter(tried(), office.now)


@pytest.mark.parametrize("secret", ["", "x", "x" * 43, "x" * 5_000, "ü" * 43])
def test_a_secret_of_no_session_is_nobody(office: Office, secret: str) -> None:
    entered(office)

    assert office.entrance.who(secret, office.now) is None


def test_who_signed_in_is_known_until_idle_for_too_long(office: Office) -> None:
    secret = entered(office)

    for _ in range(3):
        assert office.entrance.who(secret, office.later(minutes=29)) is not None
    assert office.entrance.who(secret, office.later(minutes=30)) is None


def test_what_pages_ask_by_themselves_keeps_no_session_open(office: Office) -> None:
    secret = entered(office)

    assert office.entrance.who(secret, office.later(minutes=29), is_alive=False) is not None
    assert office.entrance.who(secret, office.later(minutes=1), is_alive=False) is None


def test_no_session_lasts_longer_than_it_may(office: Office) -> None:
    secret = entered(office)
    for _ in range(23):
        assert office.entrance.who(secret, office.later(minutes=25)) is not None

    assert office.entrance.who(secret, office.later(minutes=25)) is None


def test_only_the_digest_of_a_secret_is_kept(office: Office) -> None:
    secret = entered(office)

    [session] = office.sessions._kept.values()
    assert session.digest == digest_of(secret)
    assert secret not in repr(session)
    assert len(secret) >= 43


def test_signing_out_ends_one_session(office: Office) -> None:
    first, second = entered(office), entered(office)
    office.entrance.leave(first)
    office.entrance.leave(first)

    assert office.entrance.who(first, office.now) is None
    assert office.entrance.who(second, office.now) is not None
    assert [kind for _, kind, _ in office.written()] == [
        AuditKind.SIGNED_IN,
        AuditKind.SIGNED_IN,
        AuditKind.SIGNED_OUT,
    ]


@pytest.mark.parametrize("change", ["role", "password", "off", "off and on"])
def test_every_session_is_over_when_the_account_changes(office: Office, change: str) -> None:
    secret = entered(office)
    kept = office.sessions.find(digest_of(secret) or b"")
    registry, anna = office.registry(), PersonId("anna")
    match change:
        case "role":
            registry.set_role(anna, Role.ADMIN)
        case "password":
            registry.set_password(anna, "drei gelbe igel im gras")
        case _:
            registry.switch(anna, is_active=False)
    if change == "off and on":
        registry.switch(anna, is_active=True)

    assert office.entrance.who(secret, office.now) is None
    assert kept is not None
    office.sessions.open(kept)  # as if another process had kept it
    assert office.entrance.who(secret, office.now) is None


def test_a_stale_hash_is_made_anew_and_the_session_goes_on(office: Office) -> None:
    stronger = Argon2Hasher(memory_kib=128, rounds=1)
    entrance = replace(office.entrance, hasher=stronger)
    found = entrance.enter(tried(), office.now)

    account = office.people.find(PersonId("anna"))
    assert account is not None
    assert isinstance(found, Entered)
    assert not stronger.is_stale(account.hashed)
    assert HASHER.fits(account.hashed, PASSWORD)
    assert entrance.who(found.secret, office.now) is not None


def test_sessions_that_are_over_are_forgotten(office: Office) -> None:
    entered(office)

    assert office.entrance.tidy(office.now) == 0
    assert office.entrance.tidy(office.later(minutes=31)) == 1
