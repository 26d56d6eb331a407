"""Going on by link: what can be sent now, and what is said of it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from ivr.call import Ask, Assurance, Caller, Intent, Line, Say
from ivr.decide.dialogue import AnythingElse, Confirming, Filling, Offered, Picking, Proving
from ivr.decide.errands import assurance_of, thread_of
from ivr.decide.failing import REQUEST, asked_before, restated
from ivr.decide.moment import Decision, Moment, decided
from ivr.decide.policy import Policy
from ivr.decide.serve import goes_on, is_doubtful
from ivr.errand import Option, PageKind
from ivr.sending import NotSent, Posted, Sending, Sent

CODE = "link.code"
"""The prompt that tells the code."""

_WISH = Intent(name="send_link", confidence=1.0)


def link_wanted(moment: Moment, policy: Policy) -> Decision:
    """To the customer's own address, and only for a voice that was accepted."""
    if not policy.may_send:
        return _kept(moment, "link.not_here", "no links are sent here")
    if moment.proven is None or is_doubtful(moment, policy):
        return _kept(moment, "link.needs_voice", "a link needs voice")
    sending = _what_to_send(moment, policy, moment.proven)
    if sending is None:
        return _kept(moment, "link.nothing", "nothing that could be sent")
    if moment.stale and not goes_on(moment):
        return _more_speech(moment)
    reason = f"{sending.intent}: {sending.kind.value} asked for as a link"
    decision = decided(moment, Say(lines=()), reason, pending=moment.dialogue.pending)
    return replace(decision, sending=sending)


def told(moment: Moment, decision: Decision, posted: Posted) -> Decision:
    """What is said now that it is on its way, or is not."""
    match posted:
        case Sent():
            outcome = _told_sent(moment, decision, posted)
        case NotSent():
            reason = f"link not sent: {posted.value}"
            outcome = _kept(moment, f"link.{posted.value}", reason)
        case other:
            assert_never(other)
    return replace(outcome, reasons=(*decision.reasons, *outcome.reasons))


def _told_sent(moment: Moment, decision: Decision, sent: Sent) -> Decision:
    lines = (
        Line(key=f"link.{sent.way.value}"),
        Line(key=CODE, facts={"code": sent.code}),
        Line(key="link.valid", facts={"hours": str(sent.hours)}),
        Line(key="ask.anything_else"),
    )
    dialogue = replace(moment.dialogue, sent=decision.sending, failures=0)
    reason = f"link sent by {sent.way.value}"
    moment = replace(moment, dialogue=dialogue)
    return decided(moment, Say(lines=lines), reason, pending=AnythingElse())


def _kept(moment: Moment, key: str, reason: str) -> Decision:
    """Say why not, and go on with what was asked."""
    lines = asked_before(moment) if moment.dialogue.pending else REQUEST
    decision = restated(moment, lines, reason)
    return replace(decision, action=Ask(lines=(Line(key=key), *lines)))


def _more_speech(moment: Moment) -> Decision:
    """Somebody else may have taken the telephone since the voice was compared."""
    line = Line(key="ask.more_speech")
    reason = "a link is new, and nothing was compared -> ask for more speech"
    return decided(moment, Ask(lines=(line,)), reason, pending=Proving(intent=_WISH))


def _what_to_send(moment: Moment, policy: Policy, caller: Caller) -> Sending | None:
    """What is being talked about, else what was done or sent before."""
    match moment.dialogue.pending:
        case Picking(intent=intent, options=options) | Confirming(intent=intent, options=options):
            kind = PageKind.OPTIONS if options else PageKind.FORM
        case Filling(intent=intent) | Offered(intent=intent):
            kind, options = PageKind.FORM, ()
        case _:
            return _of_what_was_done(moment, policy, caller)
    return _sending(moment, policy, caller, kind, intent.name, intent.slots, options)


def _of_what_was_done(moment: Moment, policy: Policy, caller: Caller) -> Sending | None:
    dialogue = moment.dialogue
    if dialogue.done:
        last = dialogue.done[-1]
        kind = PageKind.DOCUMENT
        if found := _sending(moment, policy, caller, kind, last.intent, last.slots):
            return found
    sent = dialogue.sent
    is_theirs = sent is not None and sent.caller.customer_id == caller.customer_id
    return sent if is_theirs else None


def _sending(  # noqa: PLR0913, PLR0917 - what is sent, of which wish
    moment: Moment,
    policy: Policy,
    caller: Caller,
    kind: PageKind,
    intent: str,
    slots: Mapping[str, str],
    options: tuple[Option, ...] = (),
) -> Sending | None:
    """None where there is no such page, or it needs more than the call has proven."""
    task, assurance = policy.tasks.get(intent), assurance_of(moment, policy)
    if task is None or kind not in task.pages:
        return None
    if _rank(assurance) < _rank(policy.need(intent).assurance):
        return None
    thread = thread_of(moment, again=sum(one.intent == intent for one in moment.dialogue.done))
    named = slots if kind is PageKind.DOCUMENT else {}
    return Sending(
        request=thread.key(f"{kind.value} of {intent}", named),
        kind=kind,
        caller=caller,
        intent=intent,
        slots=slots,
        options=options,
        needs=task.needs,
        assurance=assurance,
        thread=thread,
    )


def _rank(assurance: Assurance) -> int:
    return list(Assurance).index(assurance)
