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
    Mood,
    OutOfScope,
    Repeated,
    Transcript,
    Unheard,
    Unknown,
    Unsure,
)
from ivr.decide.dialogue import AnythingElse, Choosing, Offered, Proving, Repeating
from ivr.decide.moment import Decision, Moment, decided, queued, remembered
from ivr.decide.policy import WORDLESS, Policy, PriorityRule, Seat
from ivr.decide.replies import is_bare_no, which_of_two
from ivr.decide.serve import is_doubtful, serve

_YES_OR_NO = frozenset({"affirm", "deny"})
_NEVER_OFFERED = WORDLESS | {"repeat"}
_STILL_REPEATING = frozenset({"affirm", "hello", "repeat"})

_REQUEST = (Line(key="ask.request"),)

_Rule = Callable[[Moment, Policy], Decision | None]


def decide(moment: Moment, policy: Policy) -> Decision:
    """What to do with this turn: the first rule that has an answer decides."""
    moment = _settled(moment)
    for rule in _RULES:
        if decision := rule(moment, policy):
            return remembered(decision, moment)
    return remembered(_not_understood(moment, policy), moment)


def _settled(moment: Moment) -> Moment:
    """Two readings of which one is a yes or a no: after a question it is one, else it is not.

    "No, I want to cancel" is a request. A yes as likely as a no is neither.
    """
    meaning = moment.meaning
    if not isinstance(meaning, Unsure):
        return moment
    first, second = meaning.first, meaning.second
    replies = [one for one in (first, second) if one.name in _YES_OR_NO]
    if len(replies) != 1:
        return moment
    request = second if replies[0] is first else first
    if first.name == "affirm" and moment.dialogue.pending is not None:
        return replace(moment, meaning=first)
    return replace(moment, meaning=request)


def _digits_repeated(moment: Moment, policy: Policy) -> Decision | None:
    """Digits that were asked for decide, however the words were understood."""
    pending, repeated = moment.dialogue.pending, moment.repeated
    if not isinstance(pending, Repeating) or repeated is None:
        return None
    if repeated is Repeated.NO_DIGITS and _wants_something_else(moment, policy):
        return None
    return serve(moment, policy, pending.intent, f"digits repeated: {repeated.value}")


def _wants_something_else(moment: Moment, policy: Policy) -> bool:
    """Whoever asks to hear the digits again gets others: each row of them is for one try."""
    meaning = moment.meaning
    if not isinstance(meaning, Intent) or meaning.name in _STILL_REPEATING:
        return False
    return meaning.confidence >= policy.confirm_below or _priority_rule(moment, policy) is not None


def _to_be_looked_at(moment: Moment, policy: Policy) -> Decision | None:
    """The caller hears what every caller hears who is handed on, and no more."""
    if not moment.needs_review:
        return None
    reason = "a person has to look at the voice"
    return queued(moment, policy.person, line="tell.queue", reason=reason)


def _nothing_heard(moment: Moment, policy: Policy) -> Decision | None:
    if not isinstance(moment.heard, Unheard):
        return None
    return _failed(moment, policy, "ask.repeat", what=f"heard only {moment.heard.value}")


def _poorly_heard(moment: Moment, policy: Policy) -> Decision | None:
    if isinstance(moment.heard, Unheard) or moment.heard.confidence >= policy.least_hearing:
        return None
    return _failed(moment, policy, "ask.rephrase", what="words poorly heard")


def _priority_queue(moment: Moment, policy: Policy) -> Decision | None:
    """People who should not talk to a machine go to a person, unless they are leaving."""
    rule = _priority_rule(moment, policy)
    if rule is None or (_is_leaving(moment, policy) and moment.mood is not Mood.UPSET):
        return None
    may_say_why = moment.proven is not None or not rule.when.is_about_the_customer
    return queued(
        moment,
        Seat(queue=rule.queue, priority=rule.priority),
        line=rule.says if may_say_why else "tell.queue",
        reason=rule.reason,
    )


def _common_wish(moment: Moment, policy: Policy) -> Decision | None:
    """What can be wanted in any business, if it is sure enough."""
    meaning, pending = moment.meaning, moment.dialogue.pending
    match meaning:
        case Intent(name="hello"):
            return decided(moment, Ask(lines=_REQUEST), "a greeting", pending=pending)
        case Intent(name="repeat"):
            lines = _said_before(moment)
            return decided(moment, Ask(lines=lines), "asked to hear it again", pending=pending)
        case Intent(confidence=confidence) if confidence < policy.confirm_below:
            return None
        case Intent(name="person"):
            return queued(moment, policy.person, line="tell.queue", reason="asked for a person")
        case Intent(name="goodbye"):
            return _goodbye(moment, meaning)
        case Intent(name="help"):
            return _failed(moment, policy, "help.what_i_can", what="asked for help")
        case Intent(name="speak_english"):
            return _in_language(moment, Language.ENGLISH)
        case Intent(name="speak_german"):
            return _in_language(moment, Language.GERMAN)
    return None


def _goodbye(moment: Moment, meaning: Intent) -> Decision:
    """A call ends at once where that can be expected; elsewhere "thank you" may mean anything."""
    if isinstance(moment.dialogue.pending, AnythingElse) or _has_confirmed(moment, "goodbye"):
        return _hung_up(moment, "said goodbye")
    return _read_back(moment, meaning, "goodbye out of turn -> confirm")


def _answer_to_our_question(moment: Moment, policy: Policy) -> Decision | None:
    pending = moment.dialogue.pending
    if pending is None:
        return None
    if isinstance(pending, AnythingElse) and moment.means("deny") and _is_bare_no(moment):
        return _hung_up(moment, "nothing else")
    if isinstance(pending, AnythingElse) and moment.means("affirm"):
        return decided(moment, Ask(lines=_REQUEST), "something else")
    if moment.means("deny"):
        return _failed(moment, policy, "ask.request", what="not what was wanted", forgets=True)
    intent = _agreed(moment)
    if intent is not None:
        wish = replace(moment, meaning=replace(intent, confidence=1.0))
        return _common_wish(wish, policy) or serve(moment, policy, intent, "the caller agreed")
    is_no_answer = not isinstance(moment.meaning, Intent | Unsure) or _is_yes_to_two(moment)
    has_a_question = isinstance(pending, Offered | Choosing)
    return _asked_again(moment, policy) if has_a_question and is_no_answer else None


def _agreed(moment: Moment) -> Intent | None:
    """What the caller agreed to, of what we asked."""
    match moment.dialogue.pending:
        case Offered(intent=intent, is_personal=is_personal):
            may_go_on = moment.proven is not None or not is_personal
            return intent if may_go_on and moment.means("affirm") else None
        case Choosing(first=first, second=second):
            choice = which_of_two(_text(moment))
            if moment.means(first.name) or choice == 0:
                return first
            return second if moment.means(second.name) or choice == 1 else None
        case Proving(intent=intent) | Repeating(intent=intent):
            says_something_else = isinstance(moment.meaning, Intent) and not moment.means("affirm")
            return None if says_something_else else intent
        case AnythingElse() | None:
            return None
        case other:
            assert_never(other)


def _guess_from_event(moment: Moment, policy: Policy) -> Decision | None:
    """A proven caller is asked about what just happened to them, if it fits what they said."""
    if moment.proven is None or moment.dialogue.has_guessed or is_doubtful(moment, policy):
        return None
    for event in sorted(moment.proven.events, key=lambda event: event.at, reverse=True):
        wanted = policy.suggestion(event, moment.now)
        if wanted and _could_mean(moment, wanted, event):
            return _offered(moment, event, wanted)
    return None


def _request(moment: Moment, policy: Policy) -> Decision | None:
    meaning = moment.meaning
    if not isinstance(meaning, Intent) or meaning.name in _NEVER_OFFERED:
        return None
    if meaning.confidence >= policy.confirm_below:
        return serve(moment, policy, meaning, "understood")
    return _read_back(moment, meaning, f"{meaning.name} is likely but not sure -> confirm")


def _two_readings(moment: Moment, policy: Policy) -> Decision | None:
    del policy
    if not isinstance(moment.meaning, Unsure):
        return None
    first, second = moment.meaning.first, moment.meaning.second
    if {first.name, second.name} & _NEVER_OFFERED:
        return None
    facts = {"first_key": f"intent.{first.name}.want", "second_key": f"intent.{second.name}.want"}
    return decided(
        moment,
        Ask(lines=(Line(key="ask.which_of_two", facts=facts),)),
        f"{first.name} or {second.name} -> ask which",
        pending=Choosing(first=first, second=second),
    )


_RULES: tuple[_Rule, ...] = (
    _to_be_looked_at,
    _digits_repeated,
    _nothing_heard,
    _poorly_heard,
    _priority_queue,
    _answer_to_our_question,
    _common_wish,
    _guess_from_event,
    _request,
    _two_readings,
)


def _not_understood(moment: Moment, policy: Policy) -> Decision:
    if isinstance(moment.meaning, OutOfScope):
        return _failed(moment, policy, "tell.cannot_serve", what="nothing this business does")
    return _failed(moment, policy, "ask.rephrase", what="an answer without a question")


def _asked_again(moment: Moment, policy: Policy) -> Decision:
    """No answer to our question: ask it again, in other words where there are any."""
    decision = _failed(moment, policy, "ask.rephrase", what="no answer to the question")
    if isinstance(decision.action, Ask) and moment.dialogue.last_lines:
        return replace(decision, action=Ask(lines=_said_before(moment)))
    return decision


def _read_back(moment: Moment, intent: Intent, reason: str) -> Decision:
    line = Line(key="ask.confirm", facts={"want_key": f"intent.{intent.name}.want"})
    return decided(moment, Ask(lines=(line,)), reason, pending=Offered(intent=intent))


def _hung_up(moment: Moment, reason: str) -> Decision:
    return decided(moment, HangUp(lines=(Line(key="tell.goodbye"),)), reason)


def _failed(
    moment: Moment, policy: Policy, key: str, *, what: str, forgets: bool = False
) -> Decision:
    """Ask again, and after too many times a person, the one who would have come anyway."""
    failures = moment.dialogue.failures + 1
    if failures >= policy.failures_until_person:
        rule = _priority_rule(moment, policy)
        seat = Seat(queue=rule.queue, priority=rule.priority) if rule else policy.person
        reason = f"{what}, not understood {failures} times"
        return queued(moment, seat, line="tell.queue", reason=reason)
    pending = None if forgets else moment.dialogue.pending
    decision = decided(moment, Ask(lines=(Line(key=key),)), f"{what} -> ask again", pending=pending)
    return replace(decision, dialogue=replace(decision.dialogue, failures=failures))


def _priority_rule(moment: Moment, policy: Policy) -> PriorityRule | None:
    """A foreign voice gains nothing from the number it uses."""
    caller = Unknown() if moment.is_rejected else moment.caller
    return policy.priority_rule(caller, moment.mood, moment.now.date())


def _is_leaving(moment: Moment, policy: Policy) -> bool:
    if isinstance(moment.dialogue.pending, AnythingElse):
        return moment.means("goodbye") or (moment.means("deny") and _is_bare_no(moment))
    if _has_confirmed(moment, "goodbye"):
        return True
    meaning = moment.meaning
    is_sure = isinstance(meaning, Intent) and meaning.confidence >= policy.confirm_below
    return moment.means("goodbye") and is_sure and bool(moment.dialogue.last_lines)


def _has_confirmed(moment: Moment, name: str) -> bool:
    """We asked whether it is this, and it is."""
    match moment.dialogue.pending:
        case Offered(intent=Intent(name=asked)):
            return asked == name and moment.means("affirm", name)
        case _:
            return False


def _is_bare_no(moment: Moment) -> bool:
    return is_bare_no(_text(moment))


def _is_yes_to_two(moment: Moment) -> bool:
    return isinstance(moment.dialogue.pending, Choosing) and moment.means("affirm")


def _text(moment: Moment) -> str:
    return moment.heard.text if isinstance(moment.heard, Transcript) else ""


def _said_before(moment: Moment) -> tuple[Line, ...]:
    """What was said last; what was said to a proven voice only to a proven voice."""
    dialogue = moment.dialogue
    may_hear = moment.proven is not None or not dialogue.was_proven
    return dialogue.last_lines if dialogue.last_lines and may_hear else _REQUEST


def _in_language(moment: Moment, language: Language) -> Decision:
    """Go on in it, with the question that was asked."""
    pending = moment.dialogue.pending
    lines = _said_before(moment) if pending else _REQUEST
    reason = f"asked for language {language.value}"
    decision = decided(moment, Ask(lines=lines), reason, pending=pending)
    return replace(decision, dialogue=replace(decision.dialogue, language=language))


def _could_mean(moment: Moment, wanted: str, event: Event) -> bool:
    """The words leave room for this event: the same request, and no other flight or order."""
    readings: tuple[Intent, ...] = ()
    if isinstance(moment.meaning, Unsure):
        readings = (moment.meaning.first, moment.meaning.second)
    elif isinstance(moment.meaning, Intent):
        readings = (moment.meaning,)
    return any(
        reading.name == wanted
        and all(event.facts.get(name, said) == said for name, said in reading.slots.items())
        for reading in readings
    )


def _offered(moment: Moment, event: Event, wanted: str) -> Decision:
    said = moment.meaning.slots if isinstance(moment.meaning, Intent) else {}
    intent = Intent(name=wanted, confidence=1.0, slots={**event.facts, **said})
    return decided(
        moment,
        Ask(lines=(Line(key=f"offer.{event.kind}", facts=event.facts),)),
        f"recent {event.kind} suggests {wanted} -> ask",
        pending=Offered(intent=intent, is_personal=True),
    )
