"""What a turn says to the question that was asked last."""

from dataclasses import replace
from typing import assert_never

from ivr.call import Ask, Intent, Line, SlotProblem, Unsure
from ivr.decide.dialogue import (
    AnythingElse,
    Choosing,
    Confirming,
    Filling,
    Menu,
    Offered,
    Picking,
    Proving,
    Rating,
    Repeating,
    Troubled,
    Typing,
)
from ivr.decide.errands import ask_for, can_be_taken_back
from ivr.decide.failing import REQUEST, asked_again, failed
from ivr.decide.keys import place_typed
from ivr.decide.leaving import hung_up
from ivr.decide.moment import Decision, Moment, decided, read_back
from ivr.decide.options import option_in
from ivr.decide.policy import COMMON, Policy
from ivr.decide.replies import is_bare_no, is_plain_yes, which_of
from ivr.decide.serve import serve
from ivr.decide.wishes import common_wish, go_back
from ivr.errand import Option

_MOST_PIECES = 8
"""Turns that one number may take."""


def answer_to_our_question(moment: Moment, policy: Policy) -> Decision | None:
    """None where nothing was asked, or where something else was said."""
    match moment.dialogue.pending:
        case None:
            return _nothing_more(moment)
        case Troubled():
            return None
        case Filling() as filling:
            return _told_a_slot(moment, policy, filling)
        case Confirming() as confirming:
            return _agreed_to(moment, policy, confirming)
        case Picking() as picking:
            return _picked(moment, policy, picking)
        case AnythingElse():
            return _something_else(moment, policy)
        case _:
            return _yes_or_no(moment, policy)


def _nothing_more(moment: Moment) -> Decision | None:
    """Whoever is asked what else is wanted may say: no thanks, that's all."""
    has_begun = bool(moment.dialogue.last_lines)
    if has_begun and moment.means("deny") and is_bare_no(moment.text):
        return hung_up(moment, "nothing else")
    return None


def _something_else(moment: Moment, policy: Policy) -> Decision | None:
    if moment.means("deny") and (is_bare_no(moment.text) or moment.keys):
        return hung_up(moment, "nothing else")
    if moment.means("affirm"):
        return decided(moment, Ask(lines=REQUEST), "something else")
    if moment.means("deny") and can_be_taken_back(moment, policy):
        undo = Intent(name="undo", confidence=1.0)
        return read_back(moment, undo, "not what was wanted -> ask whether to undo it")
    return _yes_or_no(moment, policy)


def _told_a_slot(moment: Moment, policy: Policy, filling: Filling) -> Decision | None:
    if moment.read:
        slots = {**filling.intent.slots, **moment.read}
        intent = replace(filling.intent, slots=slots)
        moment = _relieved(moment)
        return serve(moment, policy, intent, f"told {', '.join(sorted(moment.read))}")
    if moment.problem is not None:
        return _not_whole(moment, policy, filling, moment.problem)
    if _wants_something_else(moment, policy, filling.intent):
        return None
    return asked_again(moment, policy, what=f"no {filling.slot} heard")


def _not_whole(moment: Moment, policy: Policy, filling: Filling, problem: SlotProblem) -> Decision:
    """A number that comes in pieces is waited for; one that cannot be right is asked for anew."""
    key, what = f"ask.slot.{filling.slot}_{problem.value}", f"{filling.slot} {problem.value}"
    pieces = (*filling.earlier, moment.text or moment.keys)
    if problem is SlotProblem.INCOMPLETE and len(pieces) <= _MOST_PIECES:
        pending = replace(filling, earlier=pieces)
        return decided(moment, Ask(lines=(Line(key=key),)), f"{what} -> wait", pending=pending)
    decision = failed(moment, policy, key, what=what)
    if not isinstance(decision.action, Ask):
        return decision
    pending = replace(filling, earlier=())
    return replace(decision, dialogue=replace(decision.dialogue, pending=pending))


def _agreed_to(moment: Moment, policy: Policy, confirming: Confirming) -> Decision | None:
    intent = confirming.intent
    if moment.read:
        changed = replace(intent, slots={**intent.slots, **moment.read})
        return serve(moment, policy, changed, f"corrected {', '.join(sorted(moment.read))}")
    if _is_plain_yes(moment):
        return serve(moment, policy, intent, "agreed", is_agreed=True)
    if (option := _named(moment, confirming.options)) is not None:
        chosen = replace(intent, slots={**intent.slots, **option.slots})
        return serve(moment, policy, chosen, "another option chosen", is_chosen=True)
    if moment.means("deny"):
        return _what_is_wrong(moment, policy, confirming)
    if _wants_something_else(moment, policy, intent):
        return None
    return asked_again(moment, policy, what="neither yes nor no")


def _relieved(moment: Moment) -> Moment:
    """Whoever has answered a question was understood: an earlier failure counts no longer."""
    failures = max(moment.dialogue.failures - 1, 0)
    return replace(moment, dialogue=replace(moment.dialogue, failures=failures))


def _is_plain_yes(moment: Moment) -> bool:
    """What cannot be taken back needs more than a sentence that sounds like a yes."""
    if moment.keys:
        return moment.means("affirm")
    return is_plain_yes(moment.text) and not moment.means("deny")


def _what_is_wrong(moment: Moment, policy: Policy, confirming: Confirming) -> Decision:
    """To choose anew, or to tell anew the one thing that was said; of several which one it is.

    It is no failure: that is what reading back is for.
    """
    intent, options = confirming.intent, confirming.options
    if options:
        picking = Picking(intent=intent, options=options)
        return decided(
            moment,
            Ask(lines=(Line(key="ask.which_option"),)),
            "not as read back -> choose again",
            pending=picking,
        )
    said = policy.tasks[intent.name].needs
    if len(said) == 1:
        kept = {name: value for name, value in intent.slots.items() if name != said[0]}
        return ask_for(moment, replace(intent, slots=kept), said[0], "not as read back -> ask")
    line = Line(key="ask.what_is_wrong")
    return decided(moment, Ask(lines=(line,)), "not as read back -> ask", pending=confirming)


def _picked(moment: Moment, policy: Policy, picking: Picking) -> Decision | None:
    if (option := _named(moment, picking.options)) is not None:
        moment = _relieved(moment)
        slots = {**picking.intent.slots, **option.slots}
        intent = replace(picking.intent, slots=slots)
        return serve(moment, policy, intent, "option chosen", is_chosen=True)
    if moment.means("deny", "something_else"):
        lines = (Line(key="ask.none_of_these"),)
        return decided(moment, Ask(lines=lines), "none of the options")
    if _wants_something_else(moment, policy, picking.intent):
        return None
    return asked_again(moment, policy, what="no option chosen")


def _named(moment: Moment, options: tuple[Option, ...]) -> Option | None:
    """By its key, its place, what it holds, or a yes to the only one."""
    if not options:
        return None
    place = place_typed(moment)
    if place is None and moment.read:
        fitting = [one for one in options if moment.read.items() <= one.slots.items()]
        if len(fitting) == 1:
            return fitting[0]
    if place is None:
        place = which_of(moment.text, len(options))
    if place is None:
        place = option_in(moment.text, options)
    if place is None and len(options) == 1 and moment.means("affirm"):
        place = 0
    return None if place is None else options[place]


def _wants_something_else(moment: Moment, policy: Policy, than: Intent) -> bool:
    """A request of its own, or one of the wishes that every business knows."""
    meaning = moment.meaning
    if isinstance(meaning, Unsure) or not isinstance(meaning, Intent):
        return False
    if meaning.name in ("affirm", "deny", than.name):
        return False
    return meaning.name in COMMON or meaning.confidence >= policy.change_subject_from


def _yes_or_no(moment: Moment, policy: Policy) -> Decision | None:
    pending = moment.dialogue.pending
    if moment.means("deny"):
        if isinstance(pending, Offered) and pending.is_personal:
            return _wrong_guess(moment, policy)
        if isinstance(pending, Offered) and pending.intent.name in COMMON:
            return go_back(moment, policy)
        return failed(moment, policy, "ask.request", what="not what was wanted", forgets=True)
    intent = _agreed(moment)
    if intent is not None:
        wish = replace(moment, meaning=replace(intent, confidence=1.0))
        return common_wish(wish, policy) or serve(moment, policy, intent, "the caller agreed")
    is_no_answer = not isinstance(moment.meaning, Intent | Unsure) or _is_yes_to_two(moment)
    has_a_question = isinstance(pending, Offered | Choosing | Menu)
    return (
        asked_again(moment, policy, what="no answer to the question")
        if (has_a_question and is_no_answer)
        else None
    )


def _wrong_guess(moment: Moment, policy: Policy) -> Decision:
    """It was our mistake: it costs the caller one sentence and counts as no failure of theirs."""
    if moment.dialogue.failures + 1 >= policy.failures_until_person:
        return failed(moment, policy, "ask.request", what="not what was wanted", forgets=True)
    return decided(moment, Ask(lines=REQUEST), "the guess was wrong -> ask what is wanted")


def _agreed(moment: Moment) -> Intent | None:
    """What the caller agreed to, of what we asked."""
    place = place_typed(moment)
    match moment.dialogue.pending:
        case Offered(intent=intent, is_personal=is_personal):
            may_go_on = moment.proven is not None or not is_personal
            return intent if may_go_on and moment.means("affirm") else None
        case Choosing(first=first, second=second):
            choice = place if place is not None else which_of(moment.text, 2)
            if moment.means(first.name) or choice == 0:
                return first
            return second if moment.means(second.name) or choice == 1 else None
        case Menu(intents=intents):
            return None if place is None else Intent(name=intents[place], confidence=1.0)
        case Proving(intent=intent) | Repeating(intent=intent) | Typing(intent=intent):
            says_something_else = isinstance(moment.meaning, Intent) and not moment.means("affirm")
            return None if says_something_else else intent
        case AnythingElse() | Rating() | Filling() | Confirming() | Picking() | Troubled() | None:
            return None
        case other:
            assert_never(other)


def _is_yes_to_two(moment: Moment) -> bool:
    return isinstance(moment.dialogue.pending, Choosing | Menu) and moment.means("affirm")
