"""What a turn tells about how well its caller is understood."""

from ivr.call import Caller, Transcript
from ivr.decide.dialogue import (
    Choosing,
    Confirming,
    Filling,
    Menu,
    Offered,
    Picking,
    Proving,
    Repeating,
    Typing,
)
from ivr.decide.keys import place_typed
from ivr.decide.moment import Moment
from ivr.decide.replies import which_of
from ivr.review.collect import Said

AGREES = ("review", "yes")
"""The preference of a customer who agreed that such sentences are kept."""

_ANSWERED_OTHERWISE = (Filling, Repeating, Typing, Confirming, Picking, Proving)
"""Questions of ours that no request answers."""

_ANOTHER_THING = ("deny", "something_else")


def said_in(moment: Moment) -> Said:
    """What a turn tells about how well its caller is understood."""
    heard, pending = moment.heard, moment.dialogue.pending
    is_denied = moment.means(*_ANOTHER_THING) and (
        isinstance(pending, Choosing) or (isinstance(pending, Offered) and not pending.is_personal)
    )
    caller = moment.caller
    return Said(
        call=moment.call_id,
        # Names are masked by their capitals, which Vosk does not write.
        transcript=heard if isinstance(heard, Transcript) and heard.engine != "vosk" else None,
        meaning=moment.meaning,
        is_answer=isinstance(pending, _ANSWERED_OTHERWISE),
        settled=_settled(moment),
        is_denied=is_denied,
        names=(caller.name,) if isinstance(caller, Caller) else (),
        has_agreed=moment.proven is not None and AGREES in moment.proven.preferences.items(),
    )


def _settled(moment: Moment) -> str:
    """The intent that the caller has agreed to."""
    place = place_typed(moment)
    match moment.dialogue.pending:
        case Menu(intents=intents):
            return "" if place is None else intents[place]
        case Offered(intent=intent) if moment.means("affirm"):
            return intent.name
        case Choosing(first=first, second=second):
            choice = place if place is not None else which_of(moment.text, 2)
            if moment.means(first.name) or choice == 0:
                return first.name
            return second.name if moment.means(second.name) or choice == 1 else ""
        case _:
            return ""
