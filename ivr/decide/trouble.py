"""Something has happened that callers call about: they hear of it before anything else."""

from dataclasses import replace

from ivr.call import Ask, HangUp, Intent, Line, Mood, Say, Transcript
from ivr.decide.dialogue import AnythingElse, Troubled
from ivr.decide.failing import asked_again, failed
from ivr.decide.moment import Decision, Moment, Trouble, TroubleHeard, decided
from ivr.decide.policy import Policy
from ivr.decide.serve import serve

_SAYS_NOTHING = frozenset({"hello", "affirm", "deny", "help", "repeat"})
_AT_ONCE = frozenset({"person", "goodbye", "no_voice"})


def hears_first(moment: Moment, policy: Policy) -> Decision | None:
    """Where it may be the reason of the call, the caller is asked whether it is."""
    trouble = _news(moment)
    if trouble is None or moment.dialogue.pending is not None or not _may_be_why(moment, policy):
        return None
    meaning = moment.meaning
    instead = meaning if isinstance(meaning, Intent) and meaning.name not in _SAYS_NOTHING else None
    decision = decided(
        moment,
        Ask(lines=(*trouble.lines, Line(key="ask.is_it_that"))),
        "a known trouble -> ask whether it is that",
        pending=Troubled(
            incident=trouble.incident,
            instead=instead,
            suggested=_suggested(trouble, policy),
        ),
    )
    return _heard(decision, trouble)


def answer_about_trouble(moment: Moment, policy: Policy) -> Decision | None:
    """Yes ends most calls; after a no, what was said at first is served and not asked for again."""
    pending = moment.dialogue.pending
    if not isinstance(pending, Troubled):
        return None
    then = replace(moment, dialogue=replace(moment.dialogue, pending=None))
    if moment.means("affirm") and pending.suggested is not None:
        return serve(then, policy, pending.suggested, "it was that")
    if moment.means("affirm"):
        lines = (Line(key="tell.trouble_thanks"), Line(key="ask.anything_else"))
        decision = decided(moment, Say(lines=lines), "it was that", pending=AnythingElse())
        return replace(decision, dialogue=replace(decision.dialogue, helped_by=pending.incident))
    if moment.means("deny"):
        if pending.instead is None:
            return failed(moment, policy, "ask.request", what="not that", forgets=True)
        return serve(then, policy, pending.instead, "not that, but what was said before")
    if not isinstance(moment.meaning, Intent):
        return asked_again(moment, policy, what="no answer to the question")
    return None


def with_news(decision: Decision, moment: Moment) -> Decision:
    """Whoever wants something else hears of it too, once, before the answer."""
    trouble = _news(moment)
    if trouble is None or trouble.incident in decision.dialogue.troubles:
        return _ended(decision, moment)
    if isinstance(decision.action, HangUp) or moment.dialogue.pending is not None:
        return _ended(decision, moment)
    lines = (*trouble.lines, *decision.action.lines)
    return _heard(replace(decision, action=replace(decision.action, lines=lines)), trouble)


def _news(moment: Moment) -> Trouble | None:
    """What this caller has not heard yet. Whoever was not heard, or is angry, is not held up."""
    trouble = moment.trouble
    if trouble is None or trouble.incident in moment.dialogue.troubles:
        return None
    if not isinstance(moment.heard, Transcript) or moment.mood is Mood.UPSET:
        return None
    if moment.means(*_AT_ONCE) or (trouble.is_personal and moment.proven is None):
        return None
    return trouble


def _may_be_why(moment: Moment, policy: Policy) -> bool:
    meaning = moment.meaning
    if not isinstance(meaning, Intent) or meaning.name in _SAYS_NOTHING:
        return True
    trouble = moment.trouble
    kind = trouble.lines[0].key.removeprefix("trouble.") if trouble else ""
    return meaning.name in policy.troubles.get(kind, ())


def _suggested(trouble: Trouble, policy: Policy) -> Intent | None:
    """As for an event of that kind that happened to the customer alone."""
    told = trouble.lines[0]
    suggestion = policy.events.get(told.key.removeprefix("trouble."))
    if suggestion is None or not trouble.is_personal:
        return None
    return Intent(name=suggestion.suggests, confidence=1.0, slots=told.facts)


def _heard(decision: Decision, trouble: Trouble) -> Decision:
    dialogue = decision.dialogue
    return replace(
        decision,
        dialogue=replace(dialogue, troubles=dialogue.troubles | {trouble.incident}),
        trouble=TroubleHeard(incident=trouble.incident),
    )


def _ended(decision: Decision, moment: Moment) -> Decision:
    """The call is over with it: nothing else was wanted."""
    incident = moment.dialogue.helped_by
    if not incident or not isinstance(decision.action, HangUp):
        return decision
    return replace(decision, trouble=TroubleHeard(incident=incident, is_end=True))
