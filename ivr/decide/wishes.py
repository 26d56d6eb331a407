"""What can be wanted in any business."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from ivr.call import Ask, Intent, Language, Line
from ivr.decide.dialogue import AnythingElse
from ivr.decide.errands import taken_back
from ivr.decide.failing import REQUEST, asked_before, by_keys, restated, said_before
from ivr.decide.leaving import goodbye
from ivr.decide.moment import Decision, Moment, decided, queued
from ivr.decide.onward import link_wanted
from ivr.decide.policy import Policy

_GOODBYE = Intent(name="goodbye", confidence=1.0)


def common_wish(moment: Moment, policy: Policy) -> Decision | None:
    """The answer to a wish that every business knows, if it is sure enough."""
    meaning = moment.meaning
    if not isinstance(meaning, Intent) or meaning.name not in _WISHES:
        return None
    is_harmless = meaning.name in ("hello", "repeat")
    if not is_harmless and meaning.confidence < policy.common_from:
        return None
    return _WISHES[meaning.name](moment, policy)


def _greeted(moment: Moment, policy: Policy) -> Decision:
    del policy
    lines = asked_before(moment) if moment.dialogue.pending else REQUEST
    return restated(moment, lines, "a greeting")


def _repeated(moment: Moment, policy: Policy) -> Decision:
    del policy
    return restated(moment, said_before(moment), "asked to hear it again")


def _to_a_person(moment: Moment, policy: Policy) -> Decision:
    return queued(moment, policy.person, line="tell.queue", reason="asked for a person")


def _helped(moment: Moment, policy: Policy) -> Decision:
    del policy
    lines = asked_before(moment) if moment.dialogue.pending else ()
    helping = (Line(key="help.what_i_can"), *lines)
    pending = moment.dialogue.pending if lines != REQUEST else None
    return decided(moment, Ask(lines=helping), "asked for help", pending=pending)


def _waits(moment: Moment, policy: Policy) -> Decision:
    """Whoever has to look something up is waited for, and asked nothing new."""
    del policy
    lines, pending = (Line(key="tell.take_your_time"),), moment.dialogue.pending
    return decided(moment, Ask(lines=lines), "asked to wait", pending=pending)


def _said_who(moment: Moment, policy: Policy) -> Decision:
    del policy
    lines = asked_before(moment) if moment.dialogue.pending else REQUEST
    decision = restated(moment, lines, "asked who is speaking")
    return replace(
        decision, action=Ask(lines=(Line(key="notice.machine"), Line(key="notice.voice"), *lines))
    )


def _goodbye(moment: Moment, policy: Policy) -> Decision:
    del policy
    meaning = moment.meaning
    return goodbye(moment, meaning if isinstance(meaning, Intent) else _GOODBYE)


def _in_language(language: Language, moment: Moment, policy: Policy) -> Decision:
    """Go on in it, with the question that was asked."""
    del policy
    pending = moment.dialogue.pending
    lines = said_before(moment) if pending else REQUEST
    reason = f"asked for language {language.value}"
    decision = restated(moment, lines, reason)
    return replace(decision, dialogue=replace(decision.dialogue, language=language))


def _slower(moment: Moment, policy: Policy) -> Decision:
    del policy
    decision = restated(moment, said_before(moment), "asked for slower words")
    return replace(decision, dialogue=replace(decision.dialogue, is_slow=True))


def go_back(moment: Moment, policy: Policy) -> Decision:
    """The question before this one, or the first of all."""
    del policy
    trail = moment.dialogue.trail
    if not trail or (trail[-1].was_proven and moment.proven is None):
        first = decided(moment, Ask(lines=REQUEST), "back to the beginning")
        return replace(first, goes_back=True)
    asked = trail[-1]
    decision = decided(
        moment, Ask(lines=asked.lines or REQUEST), "asked to go back", pending=asked.pending
    )
    shorter = replace(decision.dialogue, trail=trail[:-1])
    return replace(decision, dialogue=shorter, goes_back=True)


def _without_voice(moment: Moment, policy: Policy) -> Decision:
    """People make sure by other means, and nothing of the voice is kept."""
    decision = queued(
        moment, policy.person, line="tell.opted_out", reason="does not want to be known by voice"
    )
    return replace(decision, dialogue=replace(decision.dialogue, refuses_voice=True))


def _undo(moment: Moment, policy: Policy) -> Decision:
    """What was done is taken back; what was only being talked about is dropped."""
    if decision := taken_back(moment, policy):
        return decision
    if moment.dialogue.done:
        return queued(moment, policy.person, line="tell.queue", reason="wants something undone")
    is_open = not isinstance(moment.dialogue.pending, AnythingElse | None)
    lines = (Line(key="tell.nothing_done"), *REQUEST) if is_open else REQUEST
    return decided(moment, Ask(lines=lines), "nothing was done that could be undone")


def _something_else(moment: Moment, policy: Policy) -> Decision:
    del policy
    return decided(moment, Ask(lines=(Line(key="ask.what_then"),)), "something else is wanted")


def _by_keys(moment: Moment, policy: Policy) -> Decision:
    return by_keys(moment, policy, "wants to type")


_WISHES: Mapping[str, Callable[[Moment, Policy], Decision]] = {
    "hello": _greeted,
    "repeat": _repeated,
    "person": _to_a_person,
    "help": _helped,
    "goodbye": _goodbye,
    "speak_english": partial(_in_language, Language.ENGLISH),
    "speak_german": partial(_in_language, Language.GERMAN),
    "slower": _slower,
    "back": go_back,
    "undo": _undo,
    "something_else": _something_else,
    "by_keys": _by_keys,
    "no_voice": _without_voice,
    "wait": _waits,
    "who_are_you": _said_who,
    "send_link": link_wanted,
}
