"""Digits to repeat in the middle of a call, from the prompt that asks for them to the answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from biometrics import Speech
from ivr.call import Language, Repeated, Transcript, Unheard
from ivr.decide.moment import ASKS_FOR_DIGITS, Decision
from ivr.settings import ChallengeSettings
from ivr.verify.challenge import Challenge, issue, judge
from ivr.verify.evidence import Evidence

Heard = Transcript | Unheard


@dataclass(frozen=True, slots=True, kw_only=True)
class StepUp:
    """One per process, shared by every call."""

    settings: ChallengeSettings
    read: Callable[[str, Language], str]
    """The digits in a text, in a row; empty when there are none."""

    hear: Callable[[Speech, Language], Heard]
    """Listens for digits alone, as far as that can be done."""

    def ask(
        self, decision: Decision, language: Language, now: datetime
    ) -> tuple[Decision, Challenge | None]:
        """The decision with digits in the line that asks for some, and what is to be answered."""
        lines = decision.action.lines
        if not any(line.key in ASKS_FOR_DIGITS for line in lines):
            return decision, None
        challenge = issue(language, now, self.settings)
        # Parted by spaces they are spoken one by one.
        facts = {"digits": " ".join(challenge.digits)}
        filled = tuple(
            replace(line, facts=facts) if line.key in ASKS_FOR_DIGITS else line for line in lines
        )
        return replace(decision, action=replace(decision.action, lines=filled)), challenge

    def answered(
        self,
        challenge: Challenge,
        speech: Speech,
        heard: Heard,
        evidence: Evidence,
        now: datetime,
    ) -> Repeated:
        """How a turn answers the challenge. `heard` is what was heard of it as of any other.

        Second readings count too: among so many rows of digits that somebody else's words are
        taken for the right one by chance is less likely than that a right one is misheard.
        """
        listened = self.hear(speech, challenge.language)
        said = [one for one in (heard, listened) if isinstance(one, Transcript)]
        texts = [(text, one.language) for one in said for text in (one.text, *one.alternatives)]
        readings = [self.read(text, language) for text, language in texts]
        return judge(challenge, readings, evidence, now, self.settings)
