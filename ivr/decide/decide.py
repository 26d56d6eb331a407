"""What happens next: rules asked one after the other, the first that fits decides."""

from collections.abc import Callable
from dataclasses import replace

from ivr.call import Ask, Intent, Line, Mood, OutOfScope, Repeated, Say, Several, Unheard, Unsure
from ivr.decide import errands, onward
from ivr.decide.answers import answer_to_our_question
from ivr.decide.dialogue import (
    AnythingElse,
    Choosing,
    Confirming,
    Filling,
    Offered,
    Repeating,
    Typing,
)
from ivr.decide.failing import Failure, asked_again, failed, keys_instead, priority_rule
from ivr.decide.guess import Guess, best_guess
from ivr.decide.keys import takes_digits, typed
from ivr.decide.leaving import hung_up, is_leaving
from ivr.decide.moment import Decision, Moment, decided, queued, read_back, remembered
from ivr.decide.policy import COMMON, WORDLESS, Policy, Seat
from ivr.decide.precedence import first_where_queued
from ivr.decide.rating import rated, with_rating
from ivr.decide.serve import is_doubtful, serve
from ivr.decide.trouble import answer_about_trouble, hears_first, with_news
from ivr.decide.wishes import common_wish
from ivr.errand import Served
from ivr.sending import Posted

_YES_OR_NO = frozenset({"affirm", "deny"})
_NEVER_OFFERED = WORDLESS | {"repeat"}
_REFUSALS = ("deny", "undo", "something_else")

_PLAIN = 0.9
"""Probability from which a yes is a yes and nothing else."""

_STILL_REPEATING = frozenset({"affirm", "hello", "repeat"})

_Rule = Callable[[Moment, Policy], Decision | None]


def decide(moment: Moment, policy: Policy) -> Decision:
    """What to do with this turn: the first rule that has an answer decides.

    A decision with an errand or a sending is not finished: `told` and `posted` go on with what
    came of it.
    """
    moment = _settled(typed(moment))
    for rule in _RULES:
        if decision := rule(moment, policy):
            return _finished(decision, moment, policy)
    return _finished(_not_understood(moment, policy), moment, policy)


def told(moment: Moment, policy: Policy, decision: Decision, served: Served) -> Decision:
    """What to do now that the business system has answered the decision's errand."""
    outcome = errands.told(moment, policy, decision, served)
    return _finished(outcome, _settled(typed(moment)), policy)


def posted(moment: Moment, policy: Policy, decision: Decision, outcome: Posted) -> Decision:
    """What to do now that the decision's sending is on its way, or is not."""
    after = onward.told(moment, decision, outcome)
    return _finished(after, _settled(typed(moment)), policy)


def _finished(decision: Decision, moment: Moment, policy: Policy) -> Decision:
    """The next wish of the same sentence follows at once; what is final is remembered."""
    decision = first_where_queued(_with_next_wish(decision, moment, policy), moment, policy)
    if decision.errand or decision.sending:
        return decision
    decision = with_rating(with_news(decision, moment), moment, policy)
    return remembered(decision, moment)


def _with_next_wish(decision: Decision, moment: Moment, policy: Policy) -> Decision:
    dialogue = decision.dialogue
    is_open = decision.errand is not None or decision.sending is not None
    is_through = isinstance(decision.action, Say) and not is_open
    if not dialogue.later or not is_through or not isinstance(dialogue.pending, AnythingElse):
        return decision
    wish, *rest = dialogue.later
    then = replace(
        moment,
        meaning=wish,
        # It is as old as the first wish, and was said by the same voice.
        stale=0 if moment.proven else moment.stale,
        dialogue=replace(dialogue, later=tuple(rest), pending=None),
    )
    following = serve(then, policy, wish, "another wish of the same sentence")
    following = first_where_queued(following, then, policy)
    said = tuple(line for line in decision.action.lines if line.key != "ask.anything_else")
    announced = Line(key="tell.next_wish", facts={"want_key": f"intent.{wish.name}.want"})
    lines = (*said, announced, *following.action.lines)
    joined = replace(
        following,
        action=replace(following.action, lines=lines),
        reasons=(*decision.reasons, *following.reasons),
    )
    return _with_next_wish(joined, moment, policy)


def _settled(moment: Moment) -> Moment:
    """One reading of what was said: the first of several wishes, and a yes or no where one fits.

    "No, I want to cancel" is a request. After a question a yes is a yes, else it is none; a yes as
    likely as a no is neither.
    """
    meaning = moment.meaning
    if isinstance(meaning, Several):
        later = (*meaning.intents[1:], *moment.dialogue.later)
        return replace(
            moment, meaning=meaning.intents[0], dialogue=replace(moment.dialogue, later=later)
        )
    if not isinstance(meaning, Unsure) or isinstance(moment.dialogue.pending, Confirming):
        return moment
    first, second = meaning.first, meaning.second
    if {first.name, second.name} <= COMMON:
        return replace(
            moment, meaning=replace(first, confidence=first.confidence + second.confidence)
        )
    greetings = [one for one in (first, second) if one.name == "hello"]
    if greetings:  # "hello, when do you close?" is a question
        return replace(moment, meaning=second if first is greetings[0] else first)
    replies = [one for one in (first, second) if one.name in _YES_OR_NO]
    if len(replies) != 1:
        return moment
    request = second if replies[0] is first else first
    if first.name == "affirm" and moment.dialogue.pending is not None:
        return replace(moment, meaning=first)
    return replace(moment, meaning=request)


def _to_be_looked_at(moment: Moment, policy: Policy) -> Decision | None:
    """The caller hears what every caller hears who is handed on, and no more."""
    if not moment.needs_review:
        return None
    reason = "a person has to look at the voice"
    return queued(moment, policy.person, line="tell.queue", reason=reason)


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
    return meaning.confidence >= policy.common_from or priority_rule(moment, policy) is not None


def _without_second_factor(moment: Moment, policy: Policy, intent: Intent) -> Decision:
    """A person makes sure in another way."""
    reason = f"{intent.name}: the second factor is refused"
    return queued(moment, policy.person, line="tell.needs_second_factor", reason=reason)


def _pin_typed(moment: Moment, policy: Policy) -> Decision | None:
    pending, pinned = moment.dialogue.pending, moment.pinned
    if not isinstance(pending, Typing):
        return None
    if pinned is not None:
        return serve(moment, policy, pending.intent, f"PIN {pinned.value}")
    if moment.means(*_REFUSALS):
        return _without_second_factor(moment, policy, pending.intent)
    if isinstance(moment.meaning, Intent) and moment.meaning.name in COMMON:
        return None
    return asked_again(moment, policy, what="no PIN typed")


def _nobody_listened(moment: Moment, policy: Policy) -> Decision | None:
    """Without a recogniser the telephone's keys are left, and a person."""
    if moment.heard is not Unheard.NOBODY_LISTENED or moment.keys:
        return None
    return keys_instead(moment, policy)


def _nothing_heard(moment: Moment, policy: Policy) -> Decision | None:
    if not isinstance(moment.heard, Unheard) or moment.keys:
        return None
    if isinstance(moment.dialogue.pending, AnythingElse) and moment.dialogue.unheard:
        return hung_up(moment, "silence, and nothing is open")
    what = f"heard only {moment.heard.value}"
    return failed(moment, policy, "ask.repeat", what=what, kind=Failure.NOTHING_HEARD)


def _poorly_heard(moment: Moment, policy: Policy) -> Decision | None:
    if isinstance(moment.heard, Unheard) or moment.heard.confidence >= policy.least_hearing:
        return None
    if moment.read or moment.problem is not None:
        return None  # codes that are spelled out sound like nothing, and say what was asked for
    if _is_plain_reply(moment) and moment.heard.confidence >= policy.least_hearing_of_replies:
        return None
    return failed(moment, policy, "ask.rephrase", what="words poorly heard")


def _is_plain_reply(moment: Moment) -> bool:
    """A yes or a no to what was asked: two words give a recogniser little to be sure of."""
    meaning = moment.meaning
    if not isinstance(meaning, Intent) or moment.dialogue.pending is None:
        return False
    return meaning.name in _YES_OR_NO and meaning.confidence >= _PLAIN


def _wrong_keys(moment: Moment, policy: Policy) -> Decision | None:
    """Keys that stand for nothing here."""
    if not moment.keys or moment.meaning is not None or takes_digits(moment):
        return None
    if answer := answer_to_our_question(moment, policy):
        return answer
    return failed(moment, policy, "keys.unknown", what="keys without a meaning")


def _priority_queue(moment: Moment, policy: Policy) -> Decision | None:
    """People who should not talk to a machine go to a person, unless they are leaving."""
    rule = priority_rule(moment, policy)
    if rule is None or (is_leaving(moment, policy) and moment.mood is not Mood.UPSET):
        return None
    may_say_why = moment.proven is not None or not rule.when.is_about_the_customer
    return queued(
        moment,
        Seat(queue=rule.queue, priority=rule.priority),
        line=rule.says if may_say_why else "tell.queue",
        reason=rule.reason,
    )


def _helpless(moment: Moment, policy: Policy) -> Decision | None:
    """Who seems lost for the second time is better off with a person."""
    helpless = moment.dialogue.helpless + (moment.mood is Mood.NEEDS_HELP)
    if policy.helpless is None or helpless < policy.helpless.after_turns:
        return None
    seat = Seat(queue=policy.helpless.queue, priority=policy.helpless.priority)
    return queued(moment, seat, line="tell.queue_helpless", reason="seems to need help")


def _guess_from_event(moment: Moment, policy: Policy) -> Decision | None:
    """A proven caller is asked about what just happened to them, if it fits what they said."""
    if moment.proven is None or moment.dialogue.has_guessed or is_doubtful(moment, policy):
        return None
    if moment.means("hello") and moment.dialogue.pending is not None:
        return None
    guess = best_guess(moment.proven, moment.meaning, moment.now, policy, moment.history)
    if guess is None or _is_done_by_link(moment, guess):
        return None
    return _offered(moment, guess)


def _is_done_by_link(moment: Moment, guess: Guess) -> bool:
    """Whoever has rebooked on the page does not call to be asked whether to rebook."""
    sent_at = moment.done_by_link.get(guess.intent)
    return sent_at is not None and sent_at >= guess.event.at


def _request(moment: Moment, policy: Policy) -> Decision | None:
    meaning = moment.meaning
    if not isinstance(meaning, Intent) or meaning.name in _NEVER_OFFERED:
        return None
    if meaning.confidence >= policy.sure_from(meaning.name):
        return serve(_with_form_parked(moment), policy, meaning, "understood")
    return read_back(moment, meaning, f"{meaning.name} is likely but not sure -> confirm")


def _with_form_parked(moment: Moment) -> Moment:
    """What was begun and has been told something is gone on with afterwards."""
    match moment.dialogue.pending:
        case Filling(intent=intent) | Confirming(intent=intent) if intent.slots:
            later = (intent, *moment.dialogue.later)
            return replace(moment, dialogue=replace(moment.dialogue, later=later))
        case _:
            return moment


def _two_readings(moment: Moment, policy: Policy) -> Decision | None:
    del policy
    if not isinstance(moment.meaning, Unsure):
        return None
    first, second = moment.meaning.first, moment.meaning.second
    if {first.name, second.name} & (_NEVER_OFFERED | (COMMON - {"person"})):
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
    rated,
    _digits_repeated,
    _pin_typed,
    _nobody_listened,
    _nothing_heard,
    _wrong_keys,
    _poorly_heard,
    _priority_queue,
    _helpless,
    hears_first,
    answer_about_trouble,
    answer_to_our_question,
    _guess_from_event,
    common_wish,
    _request,
    _two_readings,
)


def _not_understood(moment: Moment, policy: Policy) -> Decision:
    if isinstance(moment.meaning, OutOfScope):
        return failed(moment, policy, "tell.cannot_serve", what="nothing this business does")
    return failed(moment, policy, "ask.rephrase", what="an answer without a question")


def _offered(moment: Moment, guess: Guess) -> Decision:
    said = moment.meaning.slots if isinstance(moment.meaning, Intent) else {}
    intent = replace(guess.wish, slots={**guess.wish.slots, **said})
    return decided(
        moment,
        Ask(lines=(guess.line,)),
        f"recent {guess.event.kind} suggests {guess.intent} -> ask",
        pending=Offered(intent=intent, is_personal=True, event=guess.event),
    )
