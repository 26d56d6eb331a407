"""Making accounts and changing them; the trail tells who did it."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from biometrics import AuditKind, StoreUnavailable, Witness
from ivr.errors import BadPerson, UnknownPerson
from ivr.people.account import Account, People, checked, switched, with_hash, with_role
from ivr.people.password import Hasher, checked_password
from ivr.people.person import Person, PersonId, Role
from ivr.people.session import Sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """What `actor` does with accounts. Methods raise StoreUnavailable: nothing was changed then."""

    people: People
    sessions: Sessions
    hasher: Hasher
    witness: Witness

    def add(self, person: Person, password: str, now: datetime) -> Account:
        """A new account.

        Raises:
            BadPerson: the id is taken or is none.
            WeakPassword: the password may not be set.
        """
        hashed = self.hasher.hashed(checked_password(password, checked(person).id))
        account = Account(person=person, hashed=hashed, made_at=now)
        with self._announced(person.id, "added", role=person.role):
            if not self.people.add(account):
                raise BadPerson(f"There is an account {person.id} already.")
        return account

    def set_role(self, person: PersonId, role: Role) -> None:
        """Raises UnknownPerson, as those below."""
        self._change(with_role(self.find(person), role), "role", role=role)

    def set_password(self, person: PersonId, password: str) -> None:
        """Raises WeakPassword too: it may not be set."""
        account = self.find(person)
        hashed = self.hasher.hashed(checked_password(password, person))
        self._change(with_hash(account, hashed), "password")

    def switch(self, person: PersonId, *, is_active: bool) -> None:
        """Off or on; who is off cannot sign in, and is signed out at once."""
        account = self.find(person)
        self._change(switched(account, is_active=is_active), "enabled" if is_active else "disabled")

    def find(self, person: PersonId) -> Account:
        found = self.people.find(person)
        if found is None:
            raise UnknownPerson(f"Nobody has the account {person}; see: ivr people list")
        return found

    def _change(self, account: Account, what: str, **details: str) -> None:
        with self._announced(account.id, what, **details):
            if not self.people.change(account):
                raise StoreUnavailable("Somebody else changed this account just now; try again.")
            self.sessions.end_all(account.id)

    def _announced(
        self, person: PersonId, what: str, **details: str
    ) -> AbstractContextManager[None]:
        return self.witness.announced(
            AuditKind.PERSON_CHANGED, None, what=what, person=person, **details
        )
