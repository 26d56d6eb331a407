"""Watchlists: where they are kept, what searches them, and whether that is switched on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from biometrics import (
    CONTEXT_MS,
    Comparer,
    Enrolling,
    Lookalikes,
    Speech,
    SubjectId,
    TooLittleSpeech,
    Voiceprint,
    VoiceprintStore,
    joined_speech,
    quality,
)
from biometrics.errors import UnknownWatchlist
from biometrics.storage.database import Engine
from biometrics.vault.vault import Vault
from biometrics.watchlist import (
    CallWatch,
    CallWatchSettings,
    EnrolledVoices,
    ExactIndex,
    Heard,
    HeardBy,
    Index,
    Likeness,
    ListPurpose,
    ReviewStore,
    Search,
    SearchSettings,
    WatchlistDesk,
    WatchlistStore,
)
from ivr.errors import WatchlistsOff
from ivr.settings import WatchlistSettings
from ivr.verify.watch import Look
from ivr.wiring.records import Records

_OFF = (
    "Comparing one voice with many is switched off. IVR_WATCHLIST__ENABLED=true switches it on, "
    "once somebody has decided that it may be done: see docs/voiceprints.md."
)
_NOBODY = SubjectId("nobody")
"""Whose print it is before it gets the id of an entry."""


@dataclass(frozen=True, kw_only=True)
class Watching:
    """One of many? Made when first needed, in the database of the voiceprints."""

    settings: WatchlistSettings
    engine: Callable[[], Engine]
    vault: Callable[[], Vault]
    records: Callable[[], Records]
    prints: Callable[[], VoiceprintStore]
    """All that is kept, unaudited: reading them for a search is told as one reading."""

    enrolling: Callable[[], Enrolling]
    """The encoder, what its scores mean, and how recordings become a print."""

    listen: Callable[[bytes], Speech]

    @cached_property
    def lists(self) -> WatchlistStore:
        from biometrics.watchlist.sql_watchlists import SqlWatchlists

        # The records come first: opening them makes the keys where there are none yet.
        self.records()
        return SqlWatchlists(self.engine(), self.vault())

    @cached_property
    def reviews(self) -> ReviewStore:
        from biometrics.watchlist.sql_reviews import SqlReviews

        self.records()
        return SqlReviews(self.engine(), self.vault())

    def desk(self, actor: str) -> WatchlistDesk:
        """What people do with lists; whatever destroys works when they are switched off, too."""
        witness = self.records().witness(actor)
        return WatchlistDesk(lists=self.lists, reviews=self.reviews, witness=witness)

    def check_on(self) -> None:
        """Asked before a list is made, filled or searched.

        Raises:
            WatchlistsOff: nobody has switched it on.
        """
        if not self.settings.enabled:
            raise WatchlistsOff(_OFF)

    @property
    def heard_by(self) -> HeardBy:
        encoder = self.enrolling().encoder
        return HeardBy(
            id=encoder.id, weights_sha256=encoder.weights_sha256, dimension=encoder.dimension
        )

    @cached_property
    def enrolled(self) -> EnrolledVoices:
        records = self.records()
        return EnrolledVoices(
            store=self.prints(),
            enrolled=records.uses.idle_since,
            ledger=records.ledger,
            refresh_s=self.settings.refresh_s,
        )

    def search_by(self, actor: str) -> Search:
        """What compares one voice with all of a list; searches are told as done by `actor`.

        Raises:
            WatchlistsOff: nobody has switched it on.
        """
        self.check_on()
        return Search(
            lists=self.lists,
            reviews=self.reviews,
            enrolled=self.enrolled,
            encoder=self.heard_by,
            calibration=self.enrolling().calibration,
            index=self._index,
            witness=self.records().witness(actor),
            settings=SearchSettings(
                alarms_per_search=self.settings.alarms_per_search,
                most_candidates=self.settings.most_candidates,
            ),
        )

    def print_of(self, recordings: Sequence[bytes], now: datetime) -> Voiceprint:
        """A voice in recordings, for an entry; they must be as good as those of an enrolment.

        Raises:
            VoiceProblem: they are not enough, not fit, or not of one voice.
            CallProblem: a file is no recording.
        """
        enrolling = self.enrolling()
        takes = [enrolling.hear(self.listen(recording)) for recording in recordings]
        return enrolling.voiceprint(_NOBODY, takes, now=now)

    def kept_print(self, subject: SubjectId) -> Voiceprint:
        """The voiceprint of somebody enrolled who agrees to be recognised; the read is audited.

        Raises:
            UnknownWatchlist: none is kept, or it may not be used.
        """
        found = self.records().for_use(self.prints(), actor="operator").get(subject)
        if not isinstance(found, Voiceprint):
            raise UnknownWatchlist("No voiceprint that may be used is kept under this id.")
        return found

    def voice_of(self, recordings: Sequence[bytes]) -> Heard:
        """The voice in recordings, to be looked for.

        Raises:
            TooLittleSpeech: there is less of it than can be compared.
            CallProblem: a file is no recording.
        """
        enrolling = self.enrolling()
        speech = joined_speech([self.listen(recording) for recording in recordings])
        comparer = Comparer(encoder=enrolling.encoder, calibration=enrolling.calibration)
        if speech.net_ms < comparer.least_ms:
            raise TooLittleSpeech(
                f"The recordings hold {speech.net_ms / 1000:.1f} s of speech; "
                f"{comparer.least_ms / 1000:.1f} s is needed."
            )
        snr_db = quality(speech.in_context(CONTEXT_MS)).snr_db
        return Heard(vector=comparer.voice(speech), net_ms=speech.net_ms, snr_db=snr_db)

    @cached_property
    def look(self) -> Look | None:
        """For the check of voices, the lists in memory; None while it is switched off."""
        if not self.settings.enabled:
            return None
        search, now = self._search, datetime.now(UTC)
        for watchlist in search.of_purpose(ListPurpose.FRAUD):
            if watchlist.why_unusable(now) is None:
                search.load(watchlist, now)
        watch = CallWatch(
            search=search,
            reviews=self.reviews,
            calibration=self.enrolling().calibration,
            settings=CallWatchSettings(
                least_net_ms=self.settings.least_net_ms,
                blind_needs_person=self.settings.unsearched == "person",
            ),
        )
        return watch.look

    @cached_property
    def lookalikes(self) -> Lookalikes | None:
        """Who else is enrolled and sounds alike; None while it is switched off."""
        if not self.settings.enabled:
            return None
        witness = self.records().witness("service")
        return Likeness(search=self._search, enrolled=self.enrolled, witness=witness).of

    def probe(self) -> None:
        """Whether lists can be read, for whoever asks if calls can be taken.

        Raises:
            StoreUnavailable: they cannot.
        """
        if self.settings.enabled:
            self.lists.lists()

    @cached_property
    def _search(self) -> Search:
        """One for calls and enrolments, so that lists are in memory once."""
        return self.search_by("service")

    def _index(self) -> Index:
        dimension = self.heard_by.dimension
        if self.settings.index == "exact":
            return ExactIndex(dimension)
        from biometrics.watchlist.usearch_index import UsearchIndex

        return UsearchIndex(dimension)
