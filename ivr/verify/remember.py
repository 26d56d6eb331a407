"""An accepted turn is remembered, so that its recording cannot be played as a new one."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from biometrics import Outcome, Speech, SubjectId, Verdict, VoiceProblem
from ivr.call import Caller, Unknown
from ivr.verify.attempts import NOWHERE, Origin
from ivr.verify.evidence import Evidence


class Check(Protocol):
    """Asks the voiceprint about one turn."""

    def __call__(
        self,
        caller: Caller | Unknown,
        speech: Speech,
        earlier: Evidence | None,
        now: datetime,
        origin: Origin = ...,
    ) -> Evidence: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberingCheck:
    """Another check, and the memory of what it accepted."""

    ask: Check
    remember: Callable[[SubjectId, Speech, datetime], None]
    """Raises VoiceProblem when it cannot."""

    def check(
        self,
        caller: Caller | Unknown,
        speech: Speech,
        earlier: Evidence | None,
        now: datetime,
        origin: Origin = NOWHERE,
    ) -> Evidence:
        """The other check's verdict; what cannot be remembered is not accepted either."""
        evidence = self.ask(caller, speech, earlier, now, origin)
        if evidence.verdict.outcome is not Outcome.ACCEPTED or evidence.subject is None:
            return evidence
        try:
            self.remember(evidence.subject, speech, now)
        except VoiceProblem:
            return replace(evidence, standing=None, verdict=_unproven(speech))
        return evidence


def _unproven(speech: Speech) -> Verdict:
    return Verdict(
        outcome=Outcome.INCONCLUSIVE,
        reasons=("the turn cannot be remembered",),
        net_speech_ms=speech.net_ms,
        needs_person=True,
    )
