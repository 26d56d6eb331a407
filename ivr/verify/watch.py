"""A caller whose voice a person has to look at is proven to nobody until then."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from biometrics import Outcome, Seen, Speech, Standing, SubjectId, Watched
from ivr.call import Caller, Unknown
from ivr.verify.attempts import NOWHERE, Origin
from ivr.verify.evidence import Evidence
from ivr.verify.remember import Check

Look = Callable[[SubjectId, Standing | None, Watched | None, datetime], Seen]
"""What the watchlists say of a voice after a turn. What cannot be looked for is a sign, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchfulCheck:
    """Another check, and a look at the watchlists once a voice was compared."""

    ask: Check
    look: Look

    def check(
        self,
        caller: Caller | Unknown,
        speech: Speech,
        earlier: Evidence | None,
        now: datetime,
        origin: Origin = NOWHERE,
    ) -> Evidence:
        """The other check's verdict, with the signs of the lists.

        A likeness rejects nobody and counts as no failed attempt: it takes the call to a person,
        and nothing is served to the voice before.
        """
        evidence = self.ask(caller, speech, earlier, now, origin)
        if evidence.subject is None:
            return evidence
        seen = self.look(evidence.subject, evidence.standing, evidence.watched, now)
        verdict = replace(evidence.verdict, signs=(*evidence.verdict.signs, *seen.signs))
        needing = tuple(sign.reason for sign in seen.signs if sign.needs_person)
        if needing:
            is_proof = verdict.outcome is Outcome.ACCEPTED
            verdict = replace(
                verdict,
                outcome=Outcome.INCONCLUSIVE if is_proof else verdict.outcome,
                reasons=(*(() if is_proof else verdict.reasons), *needing),
                needs_person=True,
            )
        return replace(evidence, verdict=verdict, watched=seen.watched)
