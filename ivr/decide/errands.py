"""What the business system can do: bring together what it needs, run it, tell what came of it."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from ivr.call import Ask, Assurance, Caller, Intent, Line, Say
from ivr.decide.dialogue import AnythingElse, Confirming, Filling, Picking
from ivr.decide.moment import Decision, Moment, decided, queued
from ivr.decide.policy import BY_MACHINE, Policy
from ivr.errand import (
    Choices,
    Declined,
    Done,
    Errand,
    Option,
    Served,
    Step,
    Task,
    Thread,
    Unavailable,
)

_NO_SUCH = "no_such_"
"""How codes begin that say a slot is wrong: no_such_card_last4 has the card asked for again."""

_NOTED = Line(key="tell.noted")
"""What a number alone is told: that it was heard, and nothing of what is known."""

_MOST_OPTIONS = 4
"""More than these nobody keeps in mind while listening."""


def carry_out(
    moment: Moment, policy: Policy, intent: Intent, why: str, *, is_chosen: bool = False
) -> Decision:
    """The next thing that is missing before it can be done, or the errand itself."""
    task = policy.tasks[intent.name]
    intent = _with_what_was_told(moment, intent, task)
    missing = [slot for slot in task.needs if slot not in intent.slots]
    if missing:
        return ask_for(moment, intent, missing[0], f"{why}, {intent.name} needs {missing[0]}")
    if task.has_options and not is_chosen:
        return _run(moment, policy, intent, Step.OPTIONS, f"{why}, {intent.name} -> options")
    if task.is_confirmed:
        line = Line(key=f"intent.{intent.name}.confirm", facts=intent.slots)
        reason = f"{why}, {intent.name} -> read back"
        pending = Confirming(intent=intent, options=_chosen_from(moment) if is_chosen else ())
        return decided(moment, Ask(lines=(line,)), reason, pending=pending)
    return run(moment, policy, intent, f"{why}, {intent.name} -> do")


def _with_what_was_told(moment: Moment, intent: Intent, task: Task) -> Intent:
    """Of the errand before it: whoever had a card blocked need not name it again for a new one.

    Only where it is read back before anything is done.
    """
    if not task.is_confirmed or not moment.dialogue.done:
        return intent
    known = moment.dialogue.done[-1].slots
    told = {name: known[name] for name in task.needs if name in known and name not in intent.slots}
    return replace(intent, slots={**intent.slots, **told})


def _chosen_from(moment: Moment) -> tuple[Option, ...]:
    match moment.dialogue.pending:
        case Picking(options=options) | Confirming(options=options):
            return options
        case _:
            return ()


def ask_for(moment: Moment, intent: Intent, slot: str, reason: str) -> Decision:
    """One question for one slot."""
    pending = Filling(intent=intent, slot=slot)
    return decided(moment, Ask(lines=(Line(key=f"ask.slot.{slot}"),)), reason, pending=pending)


def run(moment: Moment, policy: Policy, intent: Intent, reason: str) -> Decision:
    """Everything is told and agreed to."""
    return _run(moment, policy, intent, Step.DO, reason)


def can_be_taken_back(moment: Moment, policy: Policy) -> bool:
    """What was done last can be undone, and nobody else is speaking now."""
    done = moment.dialogue.done
    if not done or not policy.tasks[done[-1].intent].can_be_undone:
        return False
    return _rank(assurance_of(moment, policy)) >= _rank(done[-1].assurance)


def taken_back(moment: Moment, policy: Policy) -> Decision | None:
    """The errand that was run last, undone, if it can be."""
    if not can_be_taken_back(moment, policy):
        return None
    errand = replace(moment.dialogue.done[-1], step=Step.UNDO)
    decision = decided(moment, Say(lines=()), f"asked to undo {errand.intent}")
    return replace(decision, errand=errand)


def told(moment: Moment, policy: Policy, decision: Decision, served: Served) -> Decision:
    """What is said and asked now that the business system has answered."""
    errand = decision.errand
    if errand is None:
        return decision
    moment = replace(moment, dialogue=decision.dialogue)
    match served:
        case Done():
            outcome = _done(moment, errand, served)
        case Choices():
            outcome = _choices(moment, errand, served)
        case Declined():
            outcome = _declined(moment, policy, errand, served)
        case Unavailable():
            outcome = _unavailable(moment, policy, errand, served)
        case other:
            assert_never(other)
    lines = (*decision.action.lines, *outcome.action.lines)
    return replace(
        outcome,
        action=replace(outcome.action, lines=lines),
        reasons=(*decision.reasons, *outcome.reasons),
    )


def assurance_of(moment: Moment, policy: Policy) -> Assurance:
    """How sure we are of the caller by now."""
    if moment.proven is not None:
        has_second = has_second_factor(moment, policy)
        return Assurance.VOICE_AND_SECOND_FACTOR if has_second else Assurance.VOICE
    return Assurance.CALLER_ID if moment.is_known_number else Assurance.OPEN


def has_second_factor(moment: Moment, policy: Policy) -> bool:
    """A PIN was right, or digits were repeated where the policy takes them for one."""
    may_repeat = "second_factor" in policy.repeat_digits_for and not moment.has_pin
    return moment.has_second_factor or (may_repeat and moment.has_repeated)


def _rank(assurance: Assurance) -> int:
    return list(Assurance).index(assurance)


def _run(moment: Moment, policy: Policy, intent: Intent, step: Step, reason: str) -> Decision:
    assurance = assurance_of(moment, policy)
    known = moment.caller if assurance is not Assurance.OPEN else None
    errand = Errand(
        intent=intent.name,
        step=step,
        slots=intent.slots,
        customer_id=known.customer_id if isinstance(known, Caller) else None,
        assurance=assurance,
        key=_key(moment, intent),
    )
    return replace(decided(moment, Say(lines=()), reason), errand=errand)


def _key(moment: Moment, intent: Intent) -> str:
    """The same wish of the same caller in the same call, wanted once, is one errand."""
    again = sum(
        one.intent == intent.name and one.slots == intent.slots for one in moment.dialogue.done
    )
    return thread_of(moment, again=again).key(intent.name, intent.slots)


def thread_of(moment: Moment, *, again: int) -> Thread:
    """What this caller wants in this call."""
    caller = moment.caller.customer_id if isinstance(moment.caller, Caller) else ""
    call = f"{moment.call_id}\0{moment.nonce}\0{caller}"
    return Thread(name=hashlib.sha256(call.encode()).hexdigest(), again=again)


def _done(moment: Moment, errand: Errand, served: Done) -> Decision:
    dialogue = moment.dialogue
    if errand.step is Step.UNDO:
        line = Line(key="tell.undone")
        dialogue = replace(dialogue, done=dialogue.done[:-1])
    else:
        line = Line(key=f"intent.{errand.intent}.done", facts={**errand.slots, **served.facts})
        if errand.assurance is Assurance.CALLER_ID:
            line = _NOTED
        dialogue = replace(
            dialogue,
            failures=0,
            done=(*dialogue.done, errand),
            answered=dialogue.answered | {errand.intent},
        )
    moment = replace(moment, dialogue=dialogue)
    return _and_else(moment, line, f"{errand.intent}: {errand.step.value} done")


def _and_else(moment: Moment, line: Line, reason: str) -> Decision:
    action = Say(lines=(line, Line(key="ask.anything_else")))
    return decided(moment, action, reason, pending=AnythingElse())


def _choices(moment: Moment, errand: Errand, served: Choices) -> Decision:
    options = served.options[:_MOST_OPTIONS]
    intent = Intent(name=errand.intent, confidence=1.0, slots=errand.slots)
    lines = (
        Line(key="tell.options", facts={"count": str(len(options))}),
        *(_spoken(errand.intent, place, one) for place, one in enumerate(options, start=1)),
        Line(key="ask.this_option" if len(options) == 1 else "ask.which_option"),
    )
    pending = Picking(intent=intent, options=options)
    return decided(moment, Ask(lines=lines), f"{len(options)} options", pending=pending)


def _spoken(intent: str, place: int, option: Option) -> Line:
    facts: Mapping[str, str] = {**option.slots, **option.facts}
    named = {"place": str(place), "option_key": f"intent.{intent}.option"}
    return Line(key="tell.option", facts={**facts, **named})


def _declined(moment: Moment, policy: Policy, errand: Errand, served: Declined) -> Decision:
    reason = f"{errand.intent}: declined, {served.code}"
    if errand.assurance is Assurance.CALLER_ID:
        # A no would tell whoever shows the number what the customer has, and what not.
        return queued(moment, policy.person, line="tell.queue", reason=reason)
    known = served.code in policy.declines.get(errand.intent, ())
    key = f"intent.{errand.intent}.declined.{served.code}" if known else "declined.other"
    line = Line(key=key, facts={**errand.slots, **served.facts})
    slot = served.code.removeprefix(_NO_SUCH)
    wrong = slot if slot != served.code and slot in errand.slots else None
    if wrong is None or wrong not in policy.tasks[errand.intent].needs:
        return _and_else(moment, line, reason)
    failures = moment.dialogue.failures + 1
    if failures >= policy.failures_until_person:
        return queued(moment, policy.person, line="tell.queue", reason=reason)
    kept = {name: value for name, value in errand.slots.items() if name != wrong}
    intent = Intent(name=errand.intent, confidence=1.0, slots=kept)
    again = ask_for(moment, intent, wrong, f"{reason} -> ask again")
    return replace(
        again,
        action=Ask(lines=(line, *again.action.lines)),
        dialogue=replace(again.dialogue, failures=failures),
    )


def _unavailable(moment: Moment, policy: Policy, errand: Errand, served: Unavailable) -> Decision:
    """A person goes on, in the queue that would have done it without a machine."""
    how = policy.requests.get(errand.intent, BY_MACHINE)
    update = {} if how == BY_MACHINE else {"queue": how}
    seat = policy.person.model_copy(update=update)
    line = "tell.may_be_done" if served.may_be_done else "tell.system_down"
    state = "does not say whether it was done" if served.may_be_done else "does not answer"
    return queued(moment, seat, line=line, reason=f"{errand.intent}: the business system {state}")
