"""Serve what is wanted, if we are as sure of the caller as it needs."""

from dataclasses import replace
from typing import assert_never

from biometrics import Outcome
from ivr.call import Ask, Assurance, Caller, Intent, Line, Say, Unknown
from ivr.decide.dialogue import AnythingElse, Proving
from ivr.decide.moment import Decision, Moment, decided, queued
from ivr.decide.policy import BY_MACHINE, Policy


def serve(moment: Moment, policy: Policy, intent: Intent, why: str) -> Decision:
    """Answer, send to the people who do it, or find out first who is calling."""
    assurance = policy.need(intent.name).assurance
    match assurance:
        case Assurance.OPEN:
            is_sure = True
        case Assurance.CALLER_ID:
            is_sure = isinstance(moment.caller, Caller) and not moment.is_rejected
        case Assurance.VOICE:
            is_sure = moment.proven is not None
        case Assurance.VOICE_AND_SECOND_FACTOR:
            if moment.proven:
                reason = f"{intent.name} needs a second factor besides the voice"
                return queued(moment, policy.person, line="tell.needs_second_factor", reason=reason)
            is_sure = False
        case other:
            assert_never(other)
    if not is_sure:
        return _not_proven(moment, policy, intent, assurance)
    return _served(moment, policy, intent, why)


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
    if outcome is Outcome.INCONCLUSIVE and not moment.dialogue.has_asked_for_speech:
        return decided(
            moment,
            Ask(lines=(Line(key="ask.more_speech"),)),
            f"{needs}; voice {outcome.value} -> ask for more speech",
            pending=Proving(intent=intent),
        )
    tried = moment.is_rejected or outcome is Outcome.INCONCLUSIVE
    line = "tell.not_proven" if tried else "tell.queue"
    return queued(moment, policy.person, line=line, reason=f"{needs}; voice {outcome.value}")
