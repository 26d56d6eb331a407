"""What can be wanted in any business."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from ivr.call import Ask, Intent, Language, Line
from ivr.decide.dialogue import AnythingElse
from ivr.decide.errands import taken_back
from ivr.decide.failing import REQUEST, asked_before, by_keys, failed, restated, said_before
from ivr.decide.leaving import goodbye
from ivr.decide.moment import Decision, Moment, decided, queued
from ivr.decide.policy import Policy


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
    return failed(moment, policy, "help.what_i_can", what="asked for help")


def _goodbye(moment: Moment, policy: Policy) -> Decision:
    del policy
    return goodbye(moment, Intent(name="goodbye", confidence=1.0))


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


def _back(moment: Moment, policy: Policy) -> Decision:
    """The question before this one, or the first of all."""
    del policy
    trail = moment.dialogue.trail
    if not trail or (trail[-1].was_proven and moment.proven is None):
        return decided(moment, Ask(lines=REQUEST), "asked to go back to the beginning")
    asked = trail[-1]
    decision = decided(
        moment, Ask(lines=asked.lines or REQUEST), "asked to go back", pending=asked.pending
    )
    return replace(decision, dialogue=replace(decision.dialogue, trail=trail[:-1]))


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
    "back": _back,
    "undo": _undo,
    "something_else": _something_else,
    "by_keys": _by_keys,
    "no_voice": _without_voice,
}
