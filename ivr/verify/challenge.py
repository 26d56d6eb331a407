"""Random digits to repeat: nobody has a recording of the caller saying them.

It shows that somebody live answers in the caller's voice. A machine that speaks in that voice as
fast as one can type can do so too; signs of made voices are another matter.
"""

import hmac
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from biometrics import Outcome
from ivr.call import Language, Repeated
from ivr.settings import ChallengeSettings
from ivr.verify.evidence import Evidence

_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True, kw_only=True)
class Challenge:
    """Digits that were asked for once. An answer uses them up, whatever it is."""

    digits: str = field(repr=False)
    """Such as 47192; no two neighbours are alike, for those run together when they are spoken."""

    language: Language
    """What they were asked for in."""

    issued_at: datetime
    """Aware."""

    expires_at: datetime


def issue(
    language: Language,
    now: datetime,
    settings: ChallengeSettings,
    *,
    draw: Callable[[str], str] = secrets.choice,
) -> Challenge:
    """Digits that nobody could know before."""
    digits = ""
    while len(digits) < settings.digits:
        digits += draw(_DIGITS.replace(digits[-1], "") if digits else _DIGITS)
    return Challenge(
        digits=digits,
        language=language,
        issued_at=now,
        expires_at=now + timedelta(seconds=settings.lives_s),
    )


def judge(
    challenge: Challenge,
    readings: Iterable[str],
    evidence: Evidence,
    now: datetime,
    settings: ChallengeSettings,
) -> Repeated:
    """How the turn that led to `evidence` answers.

    `readings` are the digits as each recogniser heard them, empty where it heard none. Right ones
    in any of them are right; the voice must be the caller's on the same audio.
    """
    if not challenge.issued_at <= now < challenge.expires_at:
        return Repeated.EXPIRED
    heard = [reading for reading in readings if reading]
    if not heard:
        return Repeated.NO_DIGITS
    matches = [_are_alike(challenge.digits, reading) for reading in heard]
    if not any(matches):
        return Repeated.WRONG_DIGITS
    return Repeated.PASSED if _fits(evidence, settings) else Repeated.VOICE_DOES_NOT_FIT


def _are_alike(digits: str, reading: str) -> bool:
    return hmac.compare_digest(digits.encode(), reading.encode())


def _fits(evidence: Evidence, settings: ChallengeSettings) -> bool:
    """This very turn was compared; what was accepted before says nothing about who says digits."""
    standing, latest = evidence.standing, evidence.verdict.incremental
    if standing is None or standing.pieces is not None or latest is None:
        return False
    if evidence.verdict.outcome is Outcome.ACCEPTED:
        return True
    is_open = evidence.verdict.outcome is Outcome.INCONCLUSIVE and not evidence.verdict.poor
    return is_open and latest.llr >= settings.least_llr
