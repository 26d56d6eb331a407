"""Who on a list sounds like this? What is found waits for a person; it decides nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock

from biometrics.calibration.calibration import Calibration
from biometrics.errors import ConsentMissing, WatchlistUnusable
from biometrics.records.audit import AuditKind
from biometrics.records.witness import Witness
from biometrics.voiceprint import SubjectId, Vector, Voiceprint
from biometrics.watchlist.gallery import Gallery, HeardBy, Progress
from biometrics.watchlist.index import Index
from biometrics.watchlist.lists import ListPurpose, Watchlist, WatchlistId
from biometrics.watchlist.reviews import Candidate, Review, ReviewStore, band_of, new_review_id
from biometrics.watchlist.sources import EnrolledVoices, ListedVoices, Source
from biometrics.watchlist.store import WatchlistStore
from biometrics.watchlist.strictness import Strictness, strictness

_ROUNDED = 0.01
"""How far an index may be off in a cosine: half precision is off by 0.001 at the most."""

_OTHER_ENCODER = (
    "{} of the entries of this list were made by another encoder and cannot be compared; remove "
    "them, and add the voices again from recordings."
)
_NOT_AGREED = (
    "Among the enrolled only a voice is looked for whose owner has agreed to recognition and to "
    "the comparison with others: ivr voiceprint consent SUBJECT watchlist."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSettings:
    """How a list is searched."""

    alarms_per_search: float
    """Share of searches that may alarm though the voice is on no list."""

    most_candidates: int
    """So many, the most alike, are told at most."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heard:
    """A voice that is looked for."""

    vector: Vector = field(repr=False)
    net_ms: int
    snr_db: float | None = None
    subject: SubjectId | None = None
    """Whose it is said to be; None where nobody says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Somebody on a list who sounds alike."""

    entry: SubjectId
    llr: float
    """Natural-log likelihood ratio, above 0 speaks for the same person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search led to."""

    hits: tuple[Hit, ...]
    """Most alike first."""

    strictness: Strictness
    review: Review | None = None
    """Where hits wait for a person."""


class Search:
    """Compares one voice with all of a list. One per process; every thread may use it."""

    def __init__(  # noqa: PLR0913 - everything a search rests on, and each of another kind
        self,
        *,
        lists: WatchlistStore,
        reviews: ReviewStore,
        enrolled: EnrolledVoices,
        encoder: HeardBy,
        calibration: Calibration,
        index: Callable[[], Index],
        witness: Witness,
        settings: SearchSettings,
    ) -> None:
        calibration.check_fits(encoder.id)
        self._lists, self._reviews, self._enrolled = lists, reviews, enrolled
        self._encoder, self._calibration, self._index = encoder, calibration, index
        self._witness, self._settings = witness, settings
        self._galleries: dict[WatchlistId, Gallery] = {}
        self._lock = Lock()

    def of_purpose(self, purpose: ListPurpose) -> tuple[Watchlist, ...]:
        """Every list for this, whether or not it may be used."""
        return tuple(one for one in self._lists.lists() if one.purpose is purpose)

    def load(
        self, watchlist: Watchlist, now: datetime, progress: Progress | None = None
    ) -> Gallery:
        """The list in memory as it is now.

        Raises:
            WatchlistUnusable: it may not be used, or another encoder made some of its entries.
            StoreUnavailable: it cannot be read, or the trail not be written.
        """
        watchlist.check_usable(now)
        with self._lock:
            gallery = self._galleries.get(watchlist.id)
            if gallery is None:
                gallery = Gallery(self._source(watchlist), self._index(), self._encoder)
                self._galleries[watchlist.id] = gallery
        if gallery.refresh(now, progress):
            self._witness.saw(AuditKind.WATCHLIST_LOADED, None, list=watchlist.id)
        if gallery.others and watchlist.purpose is ListPurpose.FRAUD:
            raise WatchlistUnusable(_OTHER_ENCODER.format(gallery.others))
        return gallery

    def search(self, watchlist: Watchlist, heard: Heard, now: datetime) -> Found:
        """Who on the list sounds like what was heard; it is in the trail before it is told.

        Raises:
            ConsentMissing: among the enrolled only somebody is looked for who agreed to it as well.
            WatchlistUnusable: the list may not be used, or not be compared with as a whole.
            CalibrationUnusable: no threshold follows from the calibration.
            StoreUnavailable: the list cannot be read, or the trail or a review not be written.
        """
        watchlist.check_usable(now)
        if watchlist.purpose is ListPurpose.DUPLICATES:
            self._check_agreed(heard.subject, now)
        gallery = self.load(watchlist, now)
        strict = strictness(
            self._calibration,
            size=len(gallery),
            alarms_per_search=self._settings.alarms_per_search,
        )
        hits = self._hits(gallery, heard, strict, now)
        details = {"list": watchlist.id, "found": _code(hits, strict)}
        self._witness.saw(AuditKind.WATCHLIST_SEARCHED, heard.subject, **details)
        if not hits:
            return Found(hits=(), strictness=strict)
        review = self._waiting(watchlist, heard, hits, strict, now)
        return Found(hits=hits, strictness=strict, review=review)

    def _check_agreed(self, subject: SubjectId | None, now: datetime) -> None:
        if subject is None or not self._enrolled.has_agreed(subject, now):
            raise ConsentMissing(_NOT_AGREED)

    def _hits(
        self, gallery: Gallery, heard: Heard, strict: Strictness, now: datetime
    ) -> tuple[Hit, ...]:
        """The index proposes; only prints that are kept at this moment are told about."""
        near = gallery.nearest(heard.vector, most=self._settings.most_candidates + 1)
        found = []
        for one in near:
            if one.subject == heard.subject or not self._may_reach(one.cosine, heard, strict):
                continue
            voiceprint = gallery.source.find(one.subject, now)
            if voiceprint is None or not self._encoder.fits(voiceprint):
                continue
            llr = self._llr(self._calibration.alike(voiceprint.vector, heard.vector), heard)
            if llr >= strict.threshold:
                found.append(Hit(entry=one.subject, llr=llr))
        found.sort(key=lambda hit: -hit.llr)
        return tuple(found[: self._settings.most_candidates])

    def _may_reach(self, cosine: float, heard: Heard, strict: Strictness) -> bool:
        """Worth opening a sealed record for. A normalised score cannot be told before."""
        is_plain = self._calibration.cohort is None
        return not is_plain or self._llr(cosine + _ROUNDED, heard) >= strict.threshold

    def _llr(self, score: float, heard: Heard) -> float:
        return self._calibration.llr(score, heard.net_ms, heard.snr_db)

    def _waiting(
        self,
        watchlist: Watchlist,
        heard: Heard,
        hits: tuple[Hit, ...],
        strict: Strictness,
        now: datetime,
    ) -> Review:
        """A review of these hits; the same question is asked once."""
        review = Review(
            id=new_review_id(),
            watchlist=watchlist.id,
            subject=heard.subject,
            candidates=tuple(Candidate(entry=hit.entry, band=band_of(hit.llr)) for hit in hits),
            is_promised=strict.is_promised,
            found_at=now,
        )
        if heard.subject is not None:
            for one in self._reviews.of(watchlist.id):
                if one.is_open and one.is_about(review):
                    return one
        details = {"list": watchlist.id, "review": review.id, "band": review.candidates[0].band}
        with self._witness.announced(AuditKind.WATCHLIST_HIT, heard.subject, **details):
            self._reviews.add(review)
        return review

    def _source(self, watchlist: Watchlist) -> Source:
        if watchlist.purpose is ListPurpose.DUPLICATES:
            return self._enrolled
        return ListedVoices(store=self._lists, watchlist=watchlist.id)


def heard_in(voiceprint: Voiceprint) -> Heard:
    """A print as what is looked for."""
    return Heard(
        vector=voiceprint.vector, net_ms=voiceprint.net_speech_ms, subject=voiceprint.subject
    )


def _code(hits: tuple[Hit, ...], strict: Strictness) -> str:
    if not hits:
        return "nobody"
    return "somebody" if strict.is_promised else "candidates"
