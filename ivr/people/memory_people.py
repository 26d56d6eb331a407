"""Accounts for as long as the process lives."""

from dataclasses import replace
from threading import Lock

from ivr.people.account import Account
from ivr.people.person import PersonId


class MemoryPeople:
    """Accounts that no other process sees. Every thread may use it."""

    def __init__(self) -> None:
        self._kept: dict[PersonId, Account] = {}
        self._lock = Lock()

    def find(self, person: PersonId) -> Account | None:
        with self._lock:
            return self._kept.get(person)

    def all(self) -> tuple[Account, ...]:
        with self._lock:
            return tuple(self._kept[one] for one in sorted(self._kept))

    def add(self, account: Account) -> bool:
        with self._lock:
            return self._kept.setdefault(account.id, account) is account

    def change(self, account: Account) -> bool:
        with self._lock:
            kept = self._kept.get(account.id)
            if kept is None or kept.version != account.version:
                return False
            self._kept[account.id] = replace(
                account, version=account.version + 1, made_at=kept.made_at
            )
            return True
