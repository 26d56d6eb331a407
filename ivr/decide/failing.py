"""When nothing was heard or understood: ask again, in other words, then by keys, then a person."""

from dataclasses import replace
from enum import Enum, auto

from ivr.call import Ask, Line
from ivr.decide.dialogue import AnythingElse, Confirming, Menu, Offered, Pending, Troubled
from ivr.decide.moment import Decision, Moment, decided, queued
from ivr.decide.policy import Policy, Seat
from ivr.decide.precedence import circumstances
from ivr.decide.rules import PriorityRule

REQUEST = (Line(key="ask.request"),)

_MENU_FROM = 2
"""Failures after which an open question names keys: words have not worked twice."""


class Failure(Enum):
    """VoiceXML 2.0, section 5.2.6, calls them noinput and nomatch."""

    NOTHING_HEARD = auto()
    NOT_UNDERSTOOD = auto()


def failed(  # noqa: PLR0913 - what went wrong, and what becomes of the question
    moment: Moment,
    policy: Policy,
    key: str,
    *,
    what: str,
    kind: Failure = Failure.NOT_UNDERSTOOD,
    forgets: bool = False,
) -> Decision:
    """Ask again, and after too many times a person, the one who would have come anyway."""
    dialogue = moment.dialogue
    failures = dialogue.failures + 1
    if failures >= policy.failures_until_person:
        rule = priority_rule(moment, policy)
        seat = Seat(queue=rule.queue, priority=rule.priority) if rule else policy.person
        reason = f"{what}, not understood {failures} times"
        return queued(moment, seat, line="tell.queue", reason=reason)
    pending = None if forgets else dialogue.pending
    lines: tuple[Line, ...] = (Line(key=key),)
    if pending is None and failures >= _MENU_FROM and policy.menu:
        lines, pending = (*lines, *menu_lines(policy)), Menu(intents=policy.menu)
    decision = decided(moment, Ask(lines=lines), f"{what} -> ask again", pending=pending)
    is_unheard = kind is Failure.NOTHING_HEARD
    return replace(
        decision,
        wording=dialogue.unheard if is_unheard else dialogue.not_understood,
        dialogue=replace(
            decision.dialogue,
            failures=failures,
            unheard=dialogue.unheard + is_unheard,
            not_understood=dialogue.not_understood + (not is_unheard),
        ),
    )


def asked_again(moment: Moment, policy: Policy, *, what: str) -> Decision:
    """No answer to our question: ask it again, in other words where there are any."""
    decision = failed(moment, policy, "ask.rephrase", what=what)
    if not isinstance(decision.action, Ask) or not moment.dialogue.last_lines:
        return decision
    lines = asked_before(moment)
    if lines == REQUEST:
        dialogue = replace(decision.dialogue, pending=None)
        return replace(decision, action=Ask(lines=REQUEST), dialogue=dialogue)
    again = Ask(lines=_with_keys(lines, moment.dialogue.pending))
    return replace(decision, action=again, wording=moment.dialogue.not_understood + 1)


def _with_keys(lines: tuple[Line, ...], pending: Pending | None) -> tuple[Line, ...]:
    """A question that is asked again names the keys that answer it."""
    yes_no = Line(key="keys.yes_no")
    has_yes_or_no = isinstance(pending, Offered | Confirming | Troubled | AnythingElse)
    return (*lines, yes_no) if has_yes_or_no and yes_no not in lines else lines


def said_before(moment: Moment) -> tuple[Line, ...]:
    """What was said last; what was said to a proven voice only to a proven voice."""
    dialogue = moment.dialogue
    may_hear = moment.proven is not None or not dialogue.was_proven
    return dialogue.last_lines if dialogue.last_lines and may_hear else REQUEST


def asked_before(moment: Moment) -> tuple[Line, ...]:
    """The question that is pending, under the same condition."""
    dialogue = moment.dialogue
    may_hear = moment.proven is not None or not dialogue.was_asked_of_proven
    return dialogue.question if dialogue.question and may_hear else said_before(moment)


def restated(moment: Moment, lines: tuple[Line, ...], reason: str) -> Decision:
    """Say these lines again.

    Where the open question is asked in their place nothing is pending any more: whoever says yes
    to it agrees to nothing else.
    """
    pending = None if lines == REQUEST else moment.dialogue.pending
    return decided(moment, Ask(lines=lines), reason, pending=pending)


def by_keys(moment: Moment, policy: Policy, reason: str) -> Decision:
    """The question that was asked, with the keys that answer it; a menu where none was."""
    pending: Pending | None = moment.dialogue.pending
    if pending is not None and not isinstance(pending, Menu):
        lines = asked_before(moment)
        shown = lines if lines == REQUEST else _with_keys(lines, pending)
        return replace(restated(moment, shown, reason), wording=1)
    if not policy.menu:
        return queued(moment, policy.person, line="tell.queue", reason=reason)
    return decided(moment, Ask(lines=menu_lines(policy)), reason, pending=Menu(intents=policy.menu))


def keys_instead(moment: Moment, policy: Policy) -> Decision:
    """Words cannot be heard at present: ask for keys, and after too many times a person."""
    what = "no words could be recognised"
    failures = moment.dialogue.failures + 1
    if failures >= policy.failures_until_person:
        return queued(moment, policy.person, line="tell.queue", reason=f"{what} {failures} times")
    decision = by_keys(moment, policy, f"{what} -> keys are asked for")
    if not isinstance(decision.action, Ask):
        return decision
    lines = (Line(key="tell.keys_instead"), *decision.action.lines)
    return replace(
        decision,
        action=replace(decision.action, lines=lines),
        dialogue=replace(decision.dialogue, failures=failures),
    )


def menu_lines(policy: Policy) -> tuple[Line, ...]:
    entries = tuple(
        Line(key="keys.entry", facts={"key": str(key), "want_key": f"intent.{name}.want"})
        for key, name in enumerate(policy.menu, start=1)
    )
    return (*entries, Line(key="keys.person"))


def priority_rule(moment: Moment, policy: Policy) -> PriorityRule | None:
    return policy.priority_rule(circumstances(moment, policy))
