"""Whose voices a list is made of: its own entries, or everybody enrolled who agreed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from biometrics.records.consent import Ledger, Purpose
from biometrics.storage.store import VoiceprintStore
from biometrics.voiceprint import SubjectId, Voiceprint
from biometrics.watchlist.lists import WatchlistId, is_of
from biometrics.watchlist.store import WatchlistStore


class Source(Protocol):
    """Where voices come from. Every method raises StoreUnavailable when it cannot."""

    def revision(self, now: datetime) -> int:
        """Another number where other voices may be there."""

    def voices(self, now: datetime) -> frozenset[SubjectId]:
        """Whose voices may be compared with at `now`."""

    def prints(self, voices: Sequence[SubjectId]) -> Iterator[Voiceprint]:
        """Those that are kept."""

    def find(self, voice: SubjectId, now: datetime) -> Voiceprint | None:
        """The print as it is kept now, if it may be compared with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedVoices:
    """The entries of one list."""

    store: WatchlistStore
    watchlist: WatchlistId

    def revision(self, now: datetime) -> int:
        del now
        return self.store.revision(self.watchlist)

    def voices(self, now: datetime) -> frozenset[SubjectId]:
        del now
        return self.store.entries(self.watchlist)

    def prints(self, voices: Sequence[SubjectId]) -> Iterator[Voiceprint]:
        # Whoever may write the database must not move a voice from one list to another.
        return self.store.prints([voice for voice in voices if is_of(voice, self.watchlist)])

    def find(self, voice: SubjectId, now: datetime) -> Voiceprint | None:
        del now
        return next(self.prints([voice]), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolledVoices:
    """Everybody enrolled who agreed to be recognised, and to be compared with others."""

    store: VoiceprintStore
    enrolled: Callable[[datetime], Iterable[SubjectId]]
    """Subjects of whom a voiceprint may be kept."""

    ledger: Ledger
    refresh_s: int
    """Who has enrolled since is found after so long at the latest; whoever is gone, never."""

    def revision(self, now: datetime) -> int:
        return int(now.timestamp()) // self.refresh_s

    def voices(self, now: datetime) -> frozenset[SubjectId]:
        return frozenset(one for one in self.enrolled(now) if self.has_agreed(one, now))

    def prints(self, voices: Sequence[SubjectId]) -> Iterator[Voiceprint]:
        for voice in voices:
            found = self.store.get(voice)
            if isinstance(found, Voiceprint):
                yield found

    def find(self, voice: SubjectId, now: datetime) -> Voiceprint | None:
        return next(self.prints([voice]), None) if self.has_agreed(voice, now) else None

    def has_agreed(self, subject: SubjectId, now: datetime) -> bool:
        """Whether this voice may be compared with other people's."""
        return all(
            self.ledger.has(subject, purpose, now)
            for purpose in (Purpose.RECOGNITION, Purpose.WATCHLIST)
        )
