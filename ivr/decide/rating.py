"""How satisfied a caller is, by one key, once nothing is open and the call would end."""

import hashlib
from dataclasses import replace

from ivr.call import Ask, HangUp, Intent, Line, Mood
from ivr.decide.dialogue import Rating
from ivr.decide.leaving import hung_up
from ivr.decide.moment import Decision, Moment, decided
from ivr.decide.policy import Policy

_KEYS = frozenset("12345")
_LEAVING = frozenset({"affirm", "deny", "goodbye", "hello", "repeat"})
_CERTAIN = 2**32


def rated(moment: Moment, policy: Policy) -> Decision | None:
    """The answer to the question; whoever wants something after all is served."""
    if not isinstance(moment.dialogue.pending, Rating):
        return None
    key = moment.keys.rstrip("#")
    if key in _KEYS:
        thanks = (Line(key="tell.rating_thanks"), Line(key="tell.goodbye"))
        ended = decided(moment, HangUp(lines=thanks), "rated the call")
        return replace(ended, rating=int(key))
    return None if _wants_more(moment, policy) else hung_up(moment, "did not rate the call")


def with_rating(decision: Decision, moment: Moment, policy: Policy) -> Decision:
    """Ask instead of ending the call, where the draw falls on it; never somebody who is upset."""
    is_end = isinstance(decision.action, HangUp) and decision.errand is None
    was_asked = isinstance(moment.dialogue.pending, Rating)
    was_served = bool(moment.dialogue.done or moment.dialogue.answered)
    if not is_end or was_asked or not was_served or moment.mood is not Mood.NEUTRAL:
        return decision
    if not _is_drawn(moment.nonce, policy.rating_share):
        return decision
    asked = decided(moment, Ask(lines=(Line(key="ask.rating"),)), "ask for a rating")
    reasons = (*decision.reasons, *asked.reasons)
    return replace(asked, reasons=reasons, dialogue=replace(decision.dialogue, pending=Rating()))


def _wants_more(moment: Moment, policy: Policy) -> bool:
    if moment.keys:
        return moment.meaning is not None
    meaning = moment.meaning
    is_sure = isinstance(meaning, Intent) and meaning.confidence >= policy.change_subject_from
    return is_sure and not moment.means(*_LEAVING)


def _is_drawn(nonce: str, share: float) -> bool:
    """By the call's own random number, so that the same call is never asked and not asked."""
    drawn = int.from_bytes(hashlib.sha256(f"rating {nonce}".encode()).digest()[:4])
    return drawn < share * _CERTAIN
