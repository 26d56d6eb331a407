"""Looking for a caller's voice on the lists of fraudsters, within one call."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from biometrics.calibration.calibration import Calibration
from biometrics.encoder import CONTEXT_MS
from biometrics.errors import VoiceProblem
from biometrics.sound.quality import quality
from biometrics.speech import Speech
from biometrics.verification.signs import Sign
from biometrics.verification.standing import Standing
from biometrics.voiceprint import SubjectId, Vector
from biometrics.watchlist.lists import ListPurpose
from biometrics.watchlist.reviews import Review, ReviewStatus, ReviewStore
from biometrics.watchlist.search import Heard, Search

WATCHLIST = "watchlist"
"""Name of the sign."""

_MORE = 2
"""All is searched again once there is so many times as much speech."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Watched:
    """What was looked for in a call so far; in memory only."""

    net_ms: int
    """Speech that was looked for."""

    voice: Vector = field(repr=False)
    reviews: tuple[Review, ...] = ()
    """What was found, as it was when it was found."""

    left_out: str = ""
    """Why a list may not be used, in a sentence."""

    is_blind: bool = False
    """A list could not be searched though it may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the call has told about the lists after a turn."""

    watched: Watched | None
    signs: tuple[Sign, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CallWatchSettings:
    """When a call is looked at."""

    least_net_ms: int
    """Less speech is not looked for."""

    blind_needs_person: bool
    """A call that could not be looked for goes to a person; else it is only told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallWatch:
    """Looks for callers on lists of fraudsters. One per process, shared by every call."""

    search: Search
    reviews: ReviewStore
    calibration: Calibration
    settings: CallWatchSettings

    def look(
        self, subject: SubjectId, standing: Standing | None, so_far: Watched | None, now: datetime
    ) -> Seen:
        """What a turn brings. What cannot be searched is told, and never taken for nobody found.

        Nobody is looked for whose voice was not compared: verification comes first, and with it the
        consent to be recognised.
        """
        watched = so_far
        evidence, voice = (standing.evidence, standing.voice) if standing else (None, None)
        if evidence is not None and voice is not None and self._is_due(evidence, voice, so_far):
            watched = self._searched(subject, evidence, voice, so_far, now)
        return Seen(watched=watched, signs=tuple(self._signs(watched)) if watched else ())

    def _is_due(self, evidence: Speech, voice: Vector, so_far: Watched | None) -> bool:
        if evidence.net_ms < self.settings.least_net_ms:
            return False
        if so_far is None or so_far.is_blind or evidence.net_ms >= _MORE * so_far.net_ms:
            return True
        # Somebody else may have taken over.
        shorter_ms = min(evidence.net_ms, so_far.net_ms)
        alike = self.calibration.alike(so_far.voice, voice)
        return not self.calibration.pair_llr(alike, shorter_ms) >= 0.0

    def _searched(
        self,
        subject: SubjectId,
        evidence: Speech,
        voice: Vector,
        so_far: Watched | None,
        now: datetime,
    ) -> Watched:
        heard = Heard(
            vector=voice,
            net_ms=evidence.net_ms,
            snr_db=quality(evidence.in_context(CONTEXT_MS)).snr_db,
            subject=subject,
        )
        watched = Watched(
            net_ms=evidence.net_ms, voice=voice, reviews=so_far.reviews if so_far else ()
        )
        try:
            lists = self.search.of_purpose(ListPurpose.FRAUD)
        except VoiceProblem:
            return replace(watched, is_blind=True)
        for watchlist in lists:
            if why := watchlist.why_unusable(now):
                watched = replace(watched, left_out=why)
                continue
            try:
                found = self.search.search(watchlist, heard, now)
            except VoiceProblem:
                watched = replace(watched, is_blind=True)
                continue
            if found.review and found.review.id not in [one.id for one in watched.reviews]:
                watched = replace(watched, reviews=(*watched.reviews, found.review))
        return watched

    def _signs(self, watched: Watched) -> Iterator[Sign]:
        try:
            still_open = [
                one
                for one in watched.reviews
                if self.reviews.status(one.id) in (ReviewStatus.OPEN, ReviewStatus.CONFIRMED)
            ]
        except VoiceProblem:
            watched, still_open = replace(watched, is_blind=True), []
        for review in still_open:
            yield _sign(
                risk=1.0 if review.is_promised else 0.5,
                needs_person=review.is_promised,
                reason="The voice is like one on a list; a person has to look at it."
                if review.is_promised
                else "Candidates on a list too long to be sure of wait for a person's look.",
            )
        if watched.is_blind:
            needs_person = self.settings.blind_needs_person
            yield _sign(
                risk=0.0,
                needs_person=needs_person,
                reason="Not checked: the watchlists cannot be searched.",
            )
        elif watched.left_out:
            yield _sign(
                risk=0.0, needs_person=False, reason="Not checked: a watchlist may not be used."
            )


def _sign(*, risk: float, needs_person: bool, reason: str) -> Sign:
    return Sign(
        name=WATCHLIST,
        risk=risk,
        is_spoof=False,
        may_gate=False,
        reason=reason,
        needs_person=needs_person,
    )
