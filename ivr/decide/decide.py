"""What happens next: rules asked one after the other, the first that fits decides."""

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from ivr.call import (
    Ask,
    Event,
    HangUp,
    Intent,
    Language,
    Line,
    OutOfScope,
    Unheard,
    Unknown,
    Unsure,
)
from ivr.decide.dialogue import AnythingElse, Choosing, Offered, Proving
from ivr.decide.moment import Decision, Moment, decided, queued, remembered
from ivr.decide.policy import Policy, Seat
from ivr.decide.serve import serve

_YES_OR_NO = frozenset({"affirm", "deny"})
"""Nothing that could be offered."""

_Rule = Callable[[Moment, Policy], Decision | None]


def decide(moment: Moment, policy: Policy) -> Decision:
    """What to do with this turn: the first rule that has an answer decides."""
    moment = _settled(moment)
    for rule in _RULES:
        if decision := rule(moment, policy):
            return remembered(decision, moment)
    return remembered(_not_understood(moment, policy), moment)


def _settled(moment: Moment) -> Moment:
    """After a question of ours, what is likeliest a yes or a no is one."""
    meaning = moment.meaning
    if moment.dialogue.pending is None or not isinstance(meaning, Unsure):
        return moment
    return replace(moment, meaning=meaning.first) if meaning.first.name in _YES_OR_NO else moment


def _nothing_heard(moment: Moment, policy: Policy) -> Decision | None:
    if not isinstance(moment.heard, Unheard):
        return None
    return _failed(moment, policy, "ask.repeat", what=f"heard only {moment.heard.value}")


def _priority_queue(moment: Moment, policy: Policy) -> Decision | None:
    """People who should not talk to a machine go to a person, unless they are leaving."""
    if moment.means("goodbye"):
        return None
    caller = Unknown() if moment.is_rejected else moment.caller
    rule = policy.priority_rule(caller, moment.mood, moment.now.date())
    if rule is None:
        return None
    may_say_why = moment.proven is not None or not rule.when.is_about_the_customer
    return queued(
        moment,
        Seat(queue=rule.queue, priority=rule.priority),
        line=rule.says if may_say_why else "tell.queue",
        reason=rule.reason,
    )


def _poorly_heard(moment: Moment, policy: Policy) -> Decision | None:
    if isinstance(moment.heard, Unheard) or moment.heard.confidence >= policy.least_hearing:
        return None
    return _failed(moment, policy, "ask.rephrase", what="words poorly heard")


def _common_wish(moment: Moment, policy: Policy) -> Decision | None:
    """What can be wanted in any business, if it is sure enough."""
    meaning = moment.meaning
    if isinstance(meaning, Intent) and meaning.confidence < policy.confirm_below:
        return None
    match meaning:
        case Intent(name="person"):
            return queued(moment, policy.person, line="tell.queue", reason="asked for a person")
        case Intent(name="goodbye"):
            return decided(moment, HangUp(lines=(Line(key="tell.goodbye"),)), "said goodbye")
        case Intent(name="repeat"):
            return decided(moment, Ask(lines=_said_before(moment)), "asked to hear it again")
        case Intent(name="help"):
            return decided(moment, Ask(lines=(Line(key="help.what_i_can"),)), "asked for help")
        case Intent(name="speak_english"):
            return _in_language(moment, Language.ENGLISH)
        case Intent(name="speak_german"):
            return _in_language(moment, Language.GERMAN)
    return None


def _answer_to_our_question(moment: Moment, policy: Policy) -> Decision | None:
    pending = moment.dialogue.pending
    if pending is None:
        return None
    if moment.means("deny") and isinstance(pending, AnythingElse):
        return decided(moment, HangUp(lines=(Line(key="tell.goodbye"),)), "nothing else")
    if moment.means("deny"):
        return decided(moment, Ask(lines=(Line(key="ask.request"),)), "the guess was wrong")
    if moment.means("affirm") and isinstance(pending, AnythingElse):
        return decided(moment, Ask(lines=(Line(key="ask.request"),)), "something else")
    intent = _agreed(moment)
    if intent is None:
        return None
    wish = replace(moment, meaning=replace(intent, confidence=1.0))
    return _common_wish(wish, policy) or serve(moment, policy, intent, "the caller agreed")


def _agreed(moment: Moment) -> Intent | None:
    """What the caller agreed to, of what we asked."""
    match moment.dialogue.pending:
        case Offered(intent=intent, is_personal=is_personal):
            may_go_on = moment.proven is not None or not is_personal
            return intent if may_go_on and moment.means("affirm") else None
        case Choosing(first=first, second=second):
            if moment.means("affirm", first.name):
                return first
            return second if moment.means(second.name) else None
        case Proving(intent=intent):
            says_something_else = isinstance(moment.meaning, Intent) and not moment.means("affirm")
            return None if says_something_else else intent
        case AnythingElse() | None:
            return None
        case other:
            assert_never(other)


def _guess_from_event(moment: Moment, policy: Policy) -> Decision | None:
    """A proven caller is asked about what just happened to them, if it fits what they said."""
    if moment.proven is None or moment.dialogue.is_greeted:
        return None
    for event in sorted(moment.proven.events, key=lambda event: event.at, reverse=True):
        wanted = policy.suggestion(event, moment.now)
        if wanted and _could_mean(moment, wanted):
            return _offered(moment, event, wanted)
    return None


def _request(moment: Moment, policy: Policy) -> Decision | None:
    meaning = moment.meaning
    if not isinstance(meaning, Intent) or meaning.name in _YES_OR_NO:
        return None
    if meaning.confidence >= policy.confirm_below:
        return serve(moment, policy, meaning, "understood")
    line = Line(key="ask.confirm", facts={"want_key": f"intent.{meaning.name}.want"})
    return decided(
        moment,
        Ask(lines=(line,)),
        f"{meaning.name} is likely but not sure -> confirm",
        pending=Offered(intent=meaning),
    )


def _two_readings(moment: Moment, policy: Policy) -> Decision | None:
    del policy
    if not isinstance(moment.meaning, Unsure):
        return None
    first, second = moment.meaning.first, moment.meaning.second
    if {first.name, second.name} & _YES_OR_NO:
        return None
    facts = {"first_key": f"intent.{first.name}.want", "second_key": f"intent.{second.name}.want"}
    return decided(
        moment,
        Ask(lines=(Line(key="ask.which_of_two", facts=facts),)),
        f"{first.name} or {second.name} -> ask which",
        pending=Choosing(first=first, second=second),
    )


_RULES: tuple[_Rule, ...] = (
    _nothing_heard,
    _poorly_heard,
    _priority_queue,
    _common_wish,
    _answer_to_our_question,
    _guess_from_event,
    _request,
    _two_readings,
)


def _not_understood(moment: Moment, policy: Policy) -> Decision:
    if isinstance(moment.meaning, OutOfScope):
        keys = ("tell.cannot_serve", "ask.request")
        return _failed(moment, policy, *keys, what="nothing this business does")
    return _failed(moment, policy, "ask.rephrase", what="an answer without a question")


def _failed(moment: Moment, policy: Policy, *keys: str, what: str) -> Decision:
    failures = moment.dialogue.failures + 1
    if failures >= policy.failures_until_person:
        reason = f"{what}, not understood {failures} times"
        return queued(moment, policy.person, line="tell.queue", reason=reason)
    decision = decided(
        moment,
        Ask(lines=tuple(Line(key=key) for key in keys)),
        f"{what} -> ask again",
        pending=moment.dialogue.pending,
    )
    return replace(decision, dialogue=replace(decision.dialogue, failures=failures))


def _said_before(moment: Moment) -> tuple[Line, ...]:
    """What was said last; with facts in it only to a proven caller."""
    lines = moment.dialogue.last_lines
    if not lines or (any(line.facts for line in lines) and not moment.proven):
        return (Line(key="ask.request"),)
    return lines


def _in_language(moment: Moment, language: Language) -> Decision:
    lines = (Line(key="ask.request"),)
    decision = decided(moment, Ask(lines=lines), f"asked for language {language.value}")
    return replace(decision, dialogue=replace(decision.dialogue, language=language))


def _could_mean(moment: Moment, wanted: str) -> bool:
    if isinstance(moment.meaning, Unsure):
        return wanted in (moment.meaning.first.name, moment.meaning.second.name)
    return moment.means(wanted)


def _offered(moment: Moment, event: Event, wanted: str) -> Decision:
    said = moment.meaning.slots if isinstance(moment.meaning, Intent) else {}
    intent = Intent(name=wanted, confidence=1.0, slots={**event.facts, **said})
    return decided(
        moment,
        Ask(lines=(Line(key=f"offer.{event.kind}", facts=event.facts),)),
        f"recent {event.kind} suggests {wanted} -> ask",
        pending=Offered(intent=intent, is_personal=True),
    )
