"""When a caller means to end the call."""

from ivr.call import HangUp, Intent, Line
from ivr.decide.dialogue import AnythingElse, Offered
from ivr.decide.moment import Decision, Moment, decided, read_back
from ivr.decide.policy import Policy
from ivr.decide.replies import is_bare_no

_SURELY = 0.75
"""Probability from which a goodbye is one where nothing is open."""


def is_leaving(moment: Moment, policy: Policy) -> bool:
    """The caller says goodbye where that can be expected."""
    if isinstance(moment.dialogue.pending, AnythingElse):
        return moment.means("goodbye") or (moment.means("deny") and is_bare_no(moment.text))
    if has_confirmed(moment, "goodbye"):
        return True
    meaning = moment.meaning
    is_sure = isinstance(meaning, Intent) and meaning.confidence >= policy.common_from
    return moment.means("goodbye") and is_sure and bool(moment.dialogue.last_lines)


def has_confirmed(moment: Moment, name: str) -> bool:
    """We asked whether it is this, and it is."""
    match moment.dialogue.pending:
        case Offered(intent=Intent(name=asked)):
            return asked == name and moment.means("affirm", name)
        case _:
            return False


def goodbye(moment: Moment, meaning: Intent) -> Decision:
    """A call ends at once where that can be expected; elsewhere "thank you" may mean anything."""
    pending, has_begun = moment.dialogue.pending, bool(moment.dialogue.last_lines)
    is_sure = pending is None and has_begun and meaning.confidence >= _SURELY
    if isinstance(pending, AnythingElse) or has_confirmed(moment, "goodbye") or is_sure:
        return hung_up(moment, "said goodbye")
    return read_back(moment, meaning, "goodbye out of turn -> confirm")


def hung_up(moment: Moment, reason: str) -> Decision:
    return decided(moment, HangUp(lines=(Line(key="tell.goodbye"),)), reason)
