"""The port to the directory of customers, and its twin in memory."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from ivr.call import Caller, CallerNumber, PhoneNumber, Unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A customer and the numbers they call from."""

    caller: Caller
    numbers: tuple[PhoneNumber, ...] = field(repr=False)


class Directory(Protocol):
    """Knows who a number belongs to. Methods raise DirectoryUnavailable when they cannot tell."""

    def find(self, number: PhoneNumber) -> Caller | Unknown: ...

    def put(self, entries: Iterable[Entry]) -> None:
        """Keep all entries or none, each in place of an earlier one of the same customer.

        A number that another customer had moves to the new one.
        """

    def all(self) -> tuple[Entry, ...]:
        """Every entry, by customer id."""


def identify(number: CallerNumber, directory: Directory) -> Caller | Unknown:
    """Who the number belongs to; withheld and malformed numbers belong to nobody."""
    if not isinstance(number, PhoneNumber):
        return Unknown()
    return directory.find(number)


class MemoryDirectory:
    """A directory that lives as long as the process."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._entries: dict[str, Entry] = {}
        self.put(entries)

    def find(self, number: PhoneNumber) -> Caller | Unknown:
        for entry in self._entries.values():
            if number in entry.numbers:
                return entry.caller
        return Unknown()

    def put(self, entries: Iterable[Entry]) -> None:
        for entry in tuple(entries):
            moved = set(entry.numbers)
            for key, other in self._entries.items():
                kept = tuple(number for number in other.numbers if number not in moved)
                self._entries[key] = Entry(caller=other.caller, numbers=kept)
            self._entries[entry.caller.customer_id] = entry

    def all(self) -> tuple[Entry, ...]:
        return tuple(self._entries[key] for key in sorted(self._entries))
