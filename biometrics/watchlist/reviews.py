"""What a person has to look at. A likeness decides nothing; it waits here for somebody."""

import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from threading import Lock
from typing import NewType, Protocol

from biometrics.voiceprint import SubjectId
from biometrics.watchlist.lists import WatchlistId

ReviewId = NewType("ReviewId", str)

_BAND = 2
"""Width of a band of likelihood ratios: what a person needs, and no score to search by."""


class ReviewStatus(StrEnum):
    """What a person made of a likeness."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who sounds alike."""

    entry: SubjectId
    """Of the list: an entry's id, or the subject where the list is of everybody enrolled."""

    band: str
    """Of the likelihood ratio, as a code such as llr_8_10."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A likeness that was found, and what became of it. Codes only."""

    id: ReviewId
    watchlist: WatchlistId

    subject: SubjectId | None
    """Whose call or enrolment it was; None where a recording was looked for."""

    candidates: tuple[Candidate, ...]
    """Most alike first."""

    is_promised: bool
    """The list is short enough for the wanted rate of false alarms to be promised. Else these are
    the most alike and no more, and nothing follows from them but a person's look."""

    found_at: datetime
    """Aware."""

    status: ReviewStatus = ReviewStatus.OPEN
    reviewed_at: datetime | None = None
    reviewer: str = ""
    """By role: operator."""

    @property
    def is_open(self) -> bool:
        return self.status is ReviewStatus.OPEN

    def is_about(self, other: "Review") -> bool:
        """Whether it asks the same: this voice, and the same most alike."""
        first, second = self.candidates[:1], other.candidates[:1]
        return (self.watchlist, self.subject) == (other.watchlist, other.subject) and (
            [one.entry for one in first] == [one.entry for one in second]
        )


def new_review_id() -> ReviewId:
    return ReviewId(f"review-{secrets.token_hex(6)}")


def band_of(llr: float) -> str:
    """The band that a likelihood ratio lies in, as a code."""
    low = math.floor(llr / _BAND) * _BAND
    return f"llr_{low}_{low + _BAND}"


class ReviewStore(Protocol):
    """Keeps reviews. Every method raises StoreUnavailable when it cannot."""

    def add(self, review: Review) -> None: ...

    def of(self, watchlist: WatchlistId) -> tuple[Review, ...]:
        """Every review of a list, oldest first."""

    def status(self, review: ReviewId) -> ReviewStatus | None:
        """None where it is gone with its list."""

    def settle(self, review: ReviewId, status: ReviewStatus, *, by: str, at: datetime) -> bool:
        """Close an open review; says whether it was open."""

    def forget(self, watchlist: WatchlistId) -> int:
        """Forget the reviews of a list; says how many there were."""


class MemoryReviews:
    """Reviews for as long as the process lives. Every thread may use it."""

    def __init__(self) -> None:
        self._kept: dict[ReviewId, Review] = {}
        self._lock = Lock()

    def add(self, review: Review) -> None:
        with self._lock:
            self._kept[review.id] = review

    def of(self, watchlist: WatchlistId) -> tuple[Review, ...]:
        with self._lock:
            return tuple(one for one in self._kept.values() if one.watchlist == watchlist)

    def status(self, review: ReviewId) -> ReviewStatus | None:
        with self._lock:
            found = self._kept.get(review)
        return found.status if found else None

    def settle(self, review: ReviewId, status: ReviewStatus, *, by: str, at: datetime) -> bool:
        with self._lock:
            found = self._kept.get(review)
            if found is None or not found.is_open:
                return False
            self._kept[review] = replace(found, status=status, reviewer=by, reviewed_at=at)
            return True

    def forget(self, watchlist: WatchlistId) -> int:
        with self._lock:
            gone: Sequence[ReviewId] = [
                one.id for one in self._kept.values() if one.watchlist == watchlist
            ]
            for review in gone:
                del self._kept[review]
        return len(gone)
