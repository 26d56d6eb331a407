"""Who agreed to be contacted, in which words. Without an entry nobody has agreed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Protocol

from ivr.call import CustomerId


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """A customer agreed to be told when something happens."""

    customer: CustomerId
    text: str
    """Version of the words, such as contact-1."""

    at: datetime
    """Aware."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """A customer does not want to be contacted, whatever they said before."""

    customer: CustomerId
    at: datetime
    """Aware."""


Wish = Agreed | Stopped


class Agreements(Protocol):
    """Keeps every entry; nothing is ever changed. Every method raises StoreUnavailable."""

    def add(self, wish: Wish) -> None: ...

    def latest(self, customer: CustomerId) -> Wish | None:
        """The entry that counts; whoever gets no answer must take it for no."""

    def history(self, customer: CustomerId) -> tuple[Wish, ...]:
        """Every entry of a customer, oldest first."""


class MemoryAgreements:
    """Entries for as long as the process lives. Every thread may use it."""

    def __init__(self) -> None:
        self._wishes: defaultdict[CustomerId, list[Wish]] = defaultdict(list)
        self._lock = Lock()

    def add(self, wish: Wish) -> None:
        with self._lock:
            self._wishes[wish.customer].append(wish)

    def latest(self, customer: CustomerId) -> Wish | None:
        return next(reversed(self.history(customer)), None)

    def history(self, customer: CustomerId) -> tuple[Wish, ...]:
        with self._lock:
            return tuple(self._wishes.get(customer, ()))
