"""Who may no longer be in a folder of encoded voices."""

from dataclasses import dataclass
from datetime import datetime

from biometrics import Purpose, SubjectId, Withdrawal
from biometrics.records.consent import latest
from biometrics.vault.register import Destroyed, Refused
from ivr.wiring.voices import Voices


@dataclass(frozen=True)
class Gone:
    """What keys and ledger say; every method raises StoreUnavailable where they cannot be asked."""

    voices: Voices

    def has_taken_back(self, subject: str, since: datetime) -> bool:
        """The subject has refused, agrees no longer, or was erased after `since`.

        An erasure counts where the person has agreed anew after it: what was heard before it was
        to go.
        """
        own = SubjectId(subject)
        found = self.voices.keys.vault.find(own)
        return isinstance(found, Refused) or self._has_withdrawn(own, since)

    def may_not_stay(self, subject: str, since: datetime) -> bool:
        """Likewise, or the subject's voiceprint was destroyed and not made again."""
        own = SubjectId(subject)
        found = self.voices.keys.vault.find(own)
        return isinstance(found, Destroyed | Refused) or self._has_withdrawn(own, since)

    def _has_withdrawn(self, subject: SubjectId, since: datetime) -> bool:
        history = self.voices.records.ledger.history(subject)
        ended = (one for one in history if isinstance(one, Withdrawal))
        return isinstance(latest(history, Purpose.RECOGNITION), Withdrawal) or any(
            one.purpose is Purpose.RECOGNITION and since <= one.withdrawn_at for one in ended
        )
