"""An account as it is kept, and how it changes."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

from ivr.errors import BadPerson
from ivr.people.person import Person, PersonId, Role

_ID = re.compile(r"[a-z][a-z0-9.-]{1,31}")

_LONGEST_NAME = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody, and what they sign in with."""

    person: Person
    hashed: str = field(repr=False)
    """Of the password, with its salt and the parameters it was made with."""

    made_at: datetime
    """Aware, UTC."""

    epoch: int = 0
    """Grows with password, role and when the account is switched off or on: sessions that began in
    an earlier one are over."""

    version: int = 0
    """Grows with every change; whoever changes it names the one they saw."""

    @property
    def id(self) -> PersonId:
        return self.person.id


class People(Protocol):
    """Accounts. Every thread and process may use it. Methods raise StoreUnavailable."""

    def find(self, person: PersonId) -> Account | None: ...

    def all(self) -> tuple[Account, ...]:
        """By id."""

    def add(self, account: Account) -> bool:
        """False where the id is taken; then nothing was changed."""

    def change(self, account: Account) -> bool:
        """Keep it as it is now, one version on; False where its version is not the kept one."""


def checked(person: Person) -> Person:
    """The same person.

    Raises:
        BadPerson: the id is none that the audit trail may name, or the name is none.
    """
    if not _ID.fullmatch(person.id):
        raise BadPerson(
            "A name to sign in with has 2 to 32 of a-z, 0-9, dot and hyphen, a letter first."
        )
    if not person.name.strip() or len(person.name) > _LONGEST_NAME or not person.name.isprintable():
        raise BadPerson("The name that pages show has 1 to 64 characters.")
    return person


def with_role(account: Account, role: Role) -> Account:
    return _later(account, person=replace(account.person, role=role))


def with_hash(account: Account, hashed: str) -> Account:
    """With another password."""
    return _later(account, hashed=hashed)


def switched(account: Account, *, is_active: bool) -> Account:
    return _later(account, person=replace(account.person, is_active=is_active))


def _later(account: Account, *, person: Person | None = None, hashed: str = "") -> Account:
    return replace(
        account,
        person=person or account.person,
        hashed=hashed or account.hashed,
        epoch=account.epoch + 1,
    )
