"""Who goes first among those who go to a person anyway."""

from dataclasses import replace

from ivr.call import Intent, Queue, Unknown
from ivr.decide.dialogue import (
    Confirming,
    Filling,
    Offered,
    Picking,
    Proving,
    Repeating,
    Typing,
)
from ivr.decide.moment import Decision, Moment
from ivr.decide.policy import COMMON, WORDLESS, Policy
from ivr.decide.rules import Circumstances


def circumstances(moment: Moment, policy: Policy) -> Circumstances:
    """What the rules look at. A foreign voice gains nothing from the number it uses."""
    return Circumstances(
        caller=Unknown() if moment.is_rejected else moment.caller,
        mood=moment.mood,
        now=moment.now,
        intent=_wanted(moment, policy),
    )


def first_where_queued(decision: Decision, moment: Moment, policy: Policy) -> Decision:
    """Further ahead where the rules say so. Nobody falls back, and the sentence stays the same."""
    action = decision.action
    if not isinstance(action, Queue):
        return decision
    rules = policy.first_where_queued(circumstances(moment, policy))
    if not rules:
        return decision
    first = rules[0]
    why = (f"{rule.reason} -> priority {rule.priority}" for rule in rules)
    new = tuple(reason for reason in why if reason not in decision.reasons)
    if first.priority > action.priority:
        queue = first.queue or action.queue
        action = replace(action, queue=queue, priority=first.priority)
    return replace(decision, action=action, reasons=(*decision.reasons, *new))


def _wanted(moment: Moment, policy: Policy) -> str:
    """The request of this turn, or the one that it is the answer about."""
    match moment.meaning:
        case Intent(name=name, confidence=sure) if name not in COMMON | WORDLESS:
            return name if sure >= policy.sure_from(name) else ""
    match moment.dialogue.pending:
        case Offered(intent=intent) if moment.means("affirm"):
            return intent.name
        case (
            Proving(intent=intent)
            | Repeating(intent=intent)
            | Typing(intent=intent)
            | Filling(intent=intent)
            | Confirming(intent=intent)
            | Picking(intent=intent)
        ):
            return intent.name
        case _:
            return ""
