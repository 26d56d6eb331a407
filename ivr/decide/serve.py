"""Serve what is wanted, if we are as sure of the caller as it needs."""

from dataclasses import replace
from typing import assert_never

from biometrics import Outcome, Verdict
from ivr.call import Ask, Assurance, Intent, Line, Pinned, Say, Unknown
from ivr.decide.dialogue import AnythingElse, Menu, Proving, Repeating, Typing
from ivr.decide.errands import carry_out, has_second_factor, run
from ivr.decide.moment import (
    ASKS_FOR_DIGITS,
    ASKS_FOR_PIN,
    MOST_STALE,
    Decision,
    Moment,
    decided,
    queued,
)
from ivr.decide.policy import BY_MACHINE, Policy

_BY_VOICE = (Assurance.VOICE, Assurance.VOICE_AND_SECOND_FACTOR)

_WHY = {
    "second_factor": "needs a second factor besides the voice",
    "signs": "something sounded like a recording or a machine",
}


def serve(  # noqa: PLR0913 - where the conversation stands
    moment: Moment,
    policy: Policy,
    intent: Intent,
    why: str,
    *,
    is_chosen: bool = False,
    is_agreed: bool = False,
) -> Decision:
    """Do it, answer, send to the people who do it, or find out first who is calling.

    `is_chosen`: the caller took one of the options. `is_agreed`: it was read back, and is right.
    """
    assurance = policy.need(intent.name).assurance
    match assurance:
        case Assurance.OPEN:
            is_sure = True
        case Assurance.CALLER_ID:
            is_sure = moment.is_known_number
        case Assurance.VOICE | Assurance.VOICE_AND_SECOND_FACTOR:
            is_sure = moment.proven is not None
        case other:
            assert_never(other)
    if not is_sure:
        return _not_proven(moment, policy, intent, assurance)
    if assurance in _BY_VOICE and moment.stale and not goes_on(moment):
        return _more_speech(moment, intent, f"{intent.name} is new, and nothing was compared")
    if lacking := _what_is_lacking(moment, policy, assurance):
        return _stepped_up(moment, policy, intent, lacking)
    if intent.name not in policy.tasks:
        return _served(moment, policy, intent, why)
    if is_agreed:
        return run(moment, policy, intent, f"{why}, {intent.name} -> do")
    return carry_out(moment, policy, intent, why, is_chosen=is_chosen)


def goes_on(moment: Moment) -> bool:
    """It was begun in a turn whose voice was compared; keys and short words may finish it."""
    return not isinstance(moment.dialogue.pending, AnythingElse | Menu | None)


def _more_speech(moment: Moment, intent: Intent, why: str) -> Decision:
    line = Line(key=_what_to_change(moment.verdict))
    reason = f"{why} -> ask for more speech"
    return decided(moment, Ask(lines=(line,)), reason, pending=Proving(intent=intent))


def is_doubtful(moment: Moment, policy: Policy) -> bool:
    """A voice that sounded like a recording or a machine, where the policy minds."""
    return "signs" in policy.repeat_digits_for and moment.has_signs and not moment.has_repeated


def _what_is_lacking(moment: Moment, policy: Policy, assurance: Assurance) -> str | None:
    """What keeps a caller who is sure enough by voice from being served."""
    if assurance is Assurance.VOICE_AND_SECOND_FACTOR and not has_second_factor(moment, policy):
        return "second_factor"
    return "signs" if assurance is Assurance.VOICE and is_doubtful(moment, policy) else None


def _stepped_up(moment: Moment, policy: Policy, intent: Intent, lacking: str) -> Decision:
    """By PIN, for whoever has one; else by digits to repeat."""
    if lacking != "second_factor" or not moment.has_pin:
        return _digits_to_repeat(moment, policy, intent, lacking)
    asked = moment.dialogue.pins_asked
    reason = f"{intent.name}: {_WHY[lacking]}"
    if moment.pinned is not None:
        reason += f", PIN {moment.pinned.value}"
    may_try = moment.pinned in (None, Pinned.WRONG) and asked < policy.pin_tries
    if not may_try:
        return queued(moment, policy.person, line="tell.needs_second_factor", reason=reason)
    line = Line(key=ASKS_FOR_PIN[min(asked, 1)])
    pending = Typing(intent=intent)
    return decided(moment, Ask(lines=(line,)), f"{reason} -> ask for the PIN", pending=pending)


def _digits_to_repeat(moment: Moment, policy: Policy, intent: Intent, lacking: str) -> Decision:
    """Random digits in the same voice, as often as may be tried; else a person makes sure."""
    asked = moment.dialogue.digits_asked
    reason = f"{intent.name}: {_WHY[lacking]}"
    if moment.repeated is not None:
        reason += f", digits {moment.repeated.value}"
    if lacking not in policy.repeat_digits_for or asked >= policy.digits_tries:
        return queued(moment, policy.person, line="tell.needs_second_factor", reason=reason)
    line = Line(key=ASKS_FOR_DIGITS[min(asked, 1)])
    pending = Repeating(intent=intent)
    return decided(moment, Ask(lines=(line,)), f"{reason} -> repeat digits", pending=pending)


def _served(moment: Moment, policy: Policy, intent: Intent, why: str) -> Decision:
    how = policy.requests.get(intent.name, policy.person.queue)
    if how != BY_MACHINE:
        seat = policy.person.model_copy(update={"queue": how})
        return queued(moment, seat, line="tell.queue", reason=f"{why}, {intent.name}")
    if intent.name in moment.dialogue.answered:
        reason = f"asked for {intent.name} again"
        return queued(moment, policy.person, line="tell.queue", reason=reason)
    line = Line(key=f"intent.{intent.name}.answer", facts=intent.slots)
    action = Say(lines=(line, Line(key="ask.anything_else")))
    answer = decided(moment, action, f"{why}, {intent.name} -> answer", pending=AnythingElse())
    answered = answer.dialogue.answered | {intent.name}
    return replace(answer, dialogue=replace(answer.dialogue, answered=answered))


def _not_proven(moment: Moment, policy: Policy, intent: Intent, assurance: Assurance) -> Decision:
    outcome = moment.verdict.outcome
    needs = f"{intent.name} needs {assurance.value.replace('_', ' ')}"
    if isinstance(moment.caller, Unknown):
        return queued(
            moment, policy.person, line="tell.queue", reason=f"{needs}; number not in the directory"
        )
    if moment.verdict.needs_person:
        reason = f"{needs}; the voice may not or cannot be checked"
        return queued(moment, policy.person, line="tell.queue", reason=reason)
    is_open = outcome is Outcome.INCONCLUSIVE or moment.stale > MOST_STALE
    may_ask = is_open and not moment.is_rejected and not moment.dialogue.has_asked_for_speech
    if may_ask:
        return _more_speech(moment, intent, f"{needs}; voice {outcome.value}")
    tried = moment.is_rejected or outcome is Outcome.INCONCLUSIVE
    line = "tell.not_proven" if tried else "tell.queue"
    return queued(moment, policy.person, line=line, reason=f"{needs}; voice {outcome.value}")


def _what_to_change(verdict: Verdict) -> str:
    """The prompt for what keeps the voice from being told; first what makes it meaningless."""
    poor = sorted(verdict.poor, key=lambda poor: not poor.is_meaningless)
    return f"poor.{poor[0].code.value}" if poor else "ask.more_speech"
