"""Is this one of many? Voices compared with lists of others, where law and people allow it."""

from biometrics.watchlist.call_watch import WATCHLIST, CallWatch, CallWatchSettings, Seen, Watched
from biometrics.watchlist.desk import WatchlistDesk
from biometrics.watchlist.gallery import Gallery, HeardBy
from biometrics.watchlist.index import ExactIndex, Index, Near
from biometrics.watchlist.likeness import Likeness
from biometrics.watchlist.lists import LegalBasis, ListPurpose, Watchlist, WatchlistId
from biometrics.watchlist.reviews import (
    Candidate,
    MemoryReviews,
    Review,
    ReviewId,
    ReviewStatus,
    ReviewStore,
)
from biometrics.watchlist.search import Found, Heard, Hit, Search, SearchSettings, heard_in
from biometrics.watchlist.sources import EnrolledVoices, ListedVoices
from biometrics.watchlist.store import MemoryWatchlists, WatchlistStore
from biometrics.watchlist.strictness import Strictness, strictness

__all__ = [
    "WATCHLIST",
    "CallWatch",
    "CallWatchSettings",
    "Candidate",
    "EnrolledVoices",
    "ExactIndex",
    "Found",
    "Gallery",
    "Heard",
    "HeardBy",
    "Hit",
    "Index",
    "LegalBasis",
    "Likeness",
    "ListPurpose",
    "ListedVoices",
    "MemoryReviews",
    "MemoryWatchlists",
    "Near",
    "Review",
    "ReviewId",
    "ReviewStatus",
    "ReviewStore",
    "Search",
    "SearchSettings",
    "Seen",
    "Strictness",
    "Watched",
    "Watchlist",
    "WatchlistDesk",
    "WatchlistId",
    "WatchlistStore",
    "heard_in",
    "strictness",
]
