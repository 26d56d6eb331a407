"""Who else is enrolled and sounds like this: one person under two ids, or two alike."""

from dataclasses import dataclass
from datetime import datetime

from biometrics.enrolment.lookalike import Lookalike
from biometrics.records.audit import AuditKind
from biometrics.records.witness import Witness
from biometrics.voiceprint import SubjectId, Voiceprint
from biometrics.watchlist.lists import ListPurpose, Watchlist
from biometrics.watchlist.search import Search, heard_in
from biometrics.watchlist.sources import EnrolledVoices


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """Looks for one voice among all who are enrolled."""

    search: Search
    enrolled: EnrolledVoices
    witness: Witness

    def of(self, voiceprint: Voiceprint) -> tuple[Lookalike, ...]:
        """Other subjects who sound alike, most alike first; hits wait for a person as well.

        Nobody is found where no list for it was made, where it may not be used, and where the
        person has not agreed to be compared with others: then the trail says that nobody looked.

        Raises:
            StoreUnavailable: somebody could not be read, or the trail not be written.
        """
        now = self.witness.clock()
        found: dict[SubjectId, float] = {}
        for watchlist in self.search.of_purpose(ListPurpose.DUPLICATES):
            if why := self._why_not(watchlist, voiceprint.subject, now):
                details = {"list": watchlist.id, "found": why}
                self.witness.saw(AuditKind.WATCHLIST_SEARCHED, voiceprint.subject, **details)
                continue
            hits = self.search.search(watchlist, heard_in(voiceprint), now).hits
            found |= {hit.entry: hit.llr for hit in hits}
        ranked = sorted(found.items(), key=lambda one: -one[1])
        return tuple(Lookalike(subject=subject, llr=llr) for subject, llr in ranked)

    def _why_not(self, watchlist: Watchlist, subject: SubjectId, now: datetime) -> str | None:
        """A code; None where it may be looked."""
        if watchlist.why_unusable(now):
            return "not_allowed"
        return None if self.enrolled.has_agreed(subject, now) else "no_consent"
