"""What people do with lists: make them, decide about them, fill them, review hits, destroy them."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime

from biometrics.errors import UnknownWatchlist, WatchlistUnusable
from biometrics.records.audit import AuditKind, as_code
from biometrics.records.receipt import Receipt
from biometrics.records.witness import Witness
from biometrics.voiceprint import SubjectId, Voiceprint
from biometrics.watchlist.gallery import HeardBy
from biometrics.watchlist.lists import (
    LegalBasis,
    ListPurpose,
    Watchlist,
    is_of,
    new_entry_id,
    new_list_id,
)
from biometrics.watchlist.reviews import Review, ReviewId, ReviewStatus, ReviewStore
from biometrics.watchlist.store import WatchlistStore


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchlistDesk:
    """Every change is in the audit trail first.

    Every method raises StoreUnavailable where store or trail cannot do their part.
    """

    lists: WatchlistStore
    reviews: ReviewStore
    witness: Witness

    def find(self, name: str) -> Watchlist:
        """The list of this name or id.

        Raises:
            UnknownWatchlist: there is none.
        """
        for one in self.lists.lists():
            if name in (one.name, one.id):
                return one
        raise UnknownWatchlist("There is no such watchlist; ivr watchlist lists shows them.")

    def create(
        self, name: str, purpose: ListPurpose, basis: LegalBasis | None, now: datetime
    ) -> Watchlist:
        """A new list. Without a legal basis it is there, and of no use.

        Raises:
            WatchlistUnusable: the name is blank or taken.
        """
        if not name.strip() or any(name in (one.name, one.id) for one in self.lists.lists()):
            raise WatchlistUnusable("A watchlist has a name, and no two have the same.")
        watchlist = Watchlist(
            id=new_list_id(), name=name, purpose=purpose, created_at=now, basis=basis
        )
        with self._changing(watchlist, "made"):
            self.lists.keep(watchlist)
        return watchlist

    def decide(self, watchlist: Watchlist, basis: LegalBasis) -> Watchlist:
        """Record on what legal basis the list is used from now on, in place of any earlier one."""
        decided = replace(watchlist, basis=basis)
        with self._changing(watchlist, "decided"):
            self.lists.keep(decided)
        return decided

    def add(
        self, watchlist: Watchlist, voiceprint: Voiceprint, *, encoder: HeardBy, now: datetime
    ) -> SubjectId:
        """Put a voice on a list of fraudsters; returns the id of the entry.

        The entry is a copy under a key of its own: erasing the print it was made of leaves it.

        Raises:
            WatchlistUnusable: the list may not be used or holds no entries of its own, or another
                encoder made the print.
        """
        watchlist.check_usable(now)
        if watchlist.purpose is not ListPurpose.FRAUD:
            raise WatchlistUnusable(
                "This list is of everybody enrolled who agreed to it; nobody is added to it."
            )
        if not encoder.fits(voiceprint):
            raise WatchlistUnusable(
                "Another encoder made this voiceprint; add the voice from recordings."
            )
        entry = replace(voiceprint, subject=new_entry_id(watchlist.id), enrolled_at=now)
        with self._changing(watchlist, "added", entry=as_code(entry.subject)):
            self.lists.add(watchlist.id, entry)
        return entry.subject

    def remove(self, watchlist: Watchlist, entry: SubjectId, now: datetime) -> Receipt:
        """Destroy an entry; whether or not the list may be used.

        Raises:
            UnknownWatchlist: it is no entry of this list.
        """
        if not is_of(entry, watchlist.id):
            raise UnknownWatchlist("This is no entry of the list; ivr watchlist lists shows them.")
        with self._changing(watchlist, "removed", entry=as_code(entry)):
            return self.lists.remove(watchlist.id, entry, at=now)

    def delete(self, watchlist: Watchlist, now: datetime) -> Receipt:
        """Destroy a list, the keys of all its entries, and its reviews."""
        with self._changing(watchlist, "deleted"):
            receipt = self.lists.delete(watchlist.id, at=now)
            self.reviews.forget(watchlist.id)
        return receipt

    def expire(self, now: datetime) -> tuple[Receipt, ...]:
        """Destroy every list whose time is over."""
        over = [one for one in self.lists.lists() if one.ends_at and one.ends_at <= now]
        return tuple(self.delete(one, now) for one in over)

    def settle(self, review: ReviewId, status: ReviewStatus, now: datetime) -> Review:
        """What a person made of a hit.

        Raises:
            UnknownWatchlist: there is no such review.
            WatchlistUnusable: somebody has settled it already.
        """
        found = self._review(review)
        details = {"list": found.watchlist, "review": review, "status": status.value}
        with self.witness.announced(AuditKind.WATCHLIST_REVIEWED, found.subject, **details):
            reviewer = self.witness.actor
            if not self.reviews.settle(review, status, by=reviewer, at=now):
                raise WatchlistUnusable("This hit was reviewed already.")
        return replace(found, status=status, reviewer=reviewer, reviewed_at=now)

    def _review(self, review: ReviewId) -> Review:
        for watchlist in self.lists.lists():
            for one in self.reviews.of(watchlist.id):
                if one.id == review:
                    return one
        raise UnknownWatchlist("There is no such hit; ivr watchlist hits shows them.")

    def _changing(
        self, watchlist: Watchlist, what: str, **details: str
    ) -> AbstractContextManager[None]:
        return self.witness.announced(
            AuditKind.WATCHLIST_CHANGED, None, list=watchlist.id, what=what, **details
        )
