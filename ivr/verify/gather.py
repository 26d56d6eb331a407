"""What of a call may be learned from once it is over, gathered turn by turn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from biometrics import Examined, Flaw, Outcome, Sign, Speech, Standing
from ivr.call import Caller, Unknown
from ivr.verify.attempts import NOWHERE, Origin
from ivr.verify.evidence import Evidence
from ivr.verify.remember import Check

_REFUSED = (Outcome.REJECTED, Outcome.SPOOF_SUSPECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheringCheck:
    """Another check, and a note of which of its turns are beyond doubt. It decides nothing."""

    ask: Check
    examined: Callable[[Sequence[Sign]], Examined]
    most_uncompared_ms: int
    """Speech that is kept for an earlier encoder until the call ends; the latest counts."""

    def check(
        self,
        caller: Caller | Unknown,
        speech: Speech,
        earlier: Evidence | None,
        now: datetime,
        origin: Origin = NOWHERE,
    ) -> Evidence:
        """The other check's verdict, with what may be learned from."""
        evidence = self.ask(caller, speech, earlier, now, origin)
        examined = self.examined(evidence.verdict.signs)
        spoiled = _why_spoiled(evidence, earlier, examined)
        if spoiled:
            return replace(evidence, spoiled=spoiled, clearest=None, uncompared=())
        if examined is not Examined.CLEAR:
            return evidence
        if evidence.verdict.outcome is Outcome.EXPIRED:
            return replace(evidence, uncompared=self._lately((*evidence.uncompared, speech)))
        return replace(evidence, clearest=_clearer(evidence, speech))

    def _lately(self, turns: tuple[Speech, ...]) -> tuple[Speech, ...]:
        while len(turns) > 1 and sum(turn.net_ms for turn in turns) > self.most_uncompared_ms:
            turns = turns[1:]
        return turns


def _why_spoiled(evidence: Evidence, earlier: Evidence | None, examined: Examined) -> str:
    """One doubt about one turn is one about the call: nobody knows who spoke before it."""
    verdict = evidence.verdict
    if earlier and earlier.spoiled:
        return earlier.spoiled
    if earlier and earlier.subject != evidence.subject:
        return "other_subject"
    if verdict.outcome in _REFUSED:
        return verdict.outcome.value
    if verdict.needs_person:
        return "check_stopped"
    if evidence.forbidding or examined is Examined.ALARMING:
        return "signs"
    if any(poor.code is Flaw.SEVERAL_VOICES for poor in verdict.poor):
        return Flaw.SEVERAL_VOICES.value
    return ""


def _clearer(evidence: Evidence, speech: Speech) -> Standing | None:
    standing, before = evidence.standing, evidence.clearest
    if standing is None or not _is_proof_by_itself(standing, speech):
        return before
    if before is None or (standing.verdict.llr or 0.0) >= (before.verdict.llr or 0.0):
        return standing
    return before


def _is_proof_by_itself(standing: Standing, speech: Speech) -> bool:
    """Accepted for this very turn: earlier speech that was joined to it may be somebody else's."""
    heard = standing.evidence
    if standing.pieces is not None or standing.voice is None or heard is None:
        return False
    return standing.verdict.outcome is Outcome.ACCEPTED and heard.net_ms <= speech.net_ms
