"""What people say of the machine's part in a call goes where it is learned from."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from biometrics import AuditKind, Rights, Witness, forgetting_learned
from ivr.call import Caller, PhoneNumber
from ivr.handover.context import Context
from ivr.handover.contexts import Contexts, Judged
from ivr.handover.feedback import Feedback
from ivr.identify.directory import Directory
from ivr.journal.journal import Journal, Later
from ivr.review.collect import Misunderstood
from ivr.wiring.reviewing import Reviewing
from ivr.wiring.said import AGREES

log = logging.getLogger(__name__)

_SAYS = {Judged.RIGHT: True, Judged.WRONG: False, Judged.UNKNOWN: None}


@dataclass(frozen=True, kw_only=True)
class Learner:
    """One per process."""

    journal: Callable[[], Journal]
    contexts: Callable[[], Contexts]
    directory: Callable[[], Directory]
    rights: Callable[[], Rights]
    witness: Callable[[str], Witness]
    reviewing: Reviewing

    def __call__(self, feedback: Feedback) -> None:
        self.journal().add_later(
            feedback.token_digest,
            Later(
                waited_ms=feedback.waited_ms,
                handled_ms=feedback.handled_ms,
                person_right=_SAYS[feedback.person],
                intent_right=_SAYS[feedback.intent],
                solved=_SAYS[feedback.solved],
            ),
        )
        context = self.contexts().of_digest(feedback.token_digest, feedback.at)
        if context is None:
            return
        if feedback.person is Judged.WRONG:
            self._not_the_person(feedback, context)
        if feedback.intent is Judged.WRONG:
            self._misunderstood(feedback, context)

    def _not_the_person(self, feedback: Feedback, context: Context) -> None:
        """A voice that was taken for the customer's teaches the customer's print nothing."""
        caller = self._caller(context)
        subject = caller.subject if caller else None
        self.witness(feedback.agent).saw(
            AuditKind.CONTEXT_JUDGED,
            subject,
            person=feedback.person.value,
            decision=context.evidence.decision,
        )
        if subject is not None and context.evidence.decision == "accepted":
            self.rights().store.learn(subject, forgetting_learned)

    def _misunderstood(self, feedback: Feedback, context: Context) -> None:
        """The sentence goes to the review list where the customer agreed to that."""
        said = next((one for one in context.said if one.intent == context.intent), None)
        if said is None or not context.intent:
            return
        customer = context.customer
        is_proven = context.evidence.decision == "accepted" and feedback.person is not Judged.WRONG
        agreed = customer is not None and AGREES in customer.preferences.items()
        told = Misunderstood(
            text=said.caller,
            language=context.language,
            taken_for=context.intent,
            meant=feedback.meant,
            names=(customer.name,) if customer else (),
            has_agreed=is_proven and agreed,
        )
        self.reviewing.misunderstood(told, feedback.at)

    def _caller(self, context: Context) -> Caller | None:
        if context.number is None:
            return None
        found = self.directory().find(PhoneNumber(e164=context.number))
        if not isinstance(found, Caller) or context.customer is None:
            return None
        return found if found.customer_id == context.customer.id else None
