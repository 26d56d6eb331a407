"""Guesses about the reason of a call: what became of earlier ones, and of this one."""

import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from biometrics import StoreUnavailable
from biometrics.storage.database import Engine
from biometrics.vault.vault import Vault
from ivr.call import Caller, CustomerId, Event
from ivr.decide.dialogue import Offered
from ivr.decide.guess import Answers, History, event_mark
from ivr.decide.moment import Decision, Moment
from ivr.identify.guesses import Feedback

log = logging.getLogger(__name__)

_UNKNOWN = History(is_known=False)


@dataclass(frozen=True)
class Guessing:
    """Feedback on guesses, in the database of the directory. Made when first needed."""

    business: str
    engine: Callable[[], Engine]
    vault: Callable[[], Vault]

    @cached_property
    def feedback(self) -> Feedback:
        from ivr.identify.sql_guesses import SqlFeedback

        return SqlFeedback(self.engine())

    def history(self, caller: Caller) -> History:
        """What became of earlier guesses; where that cannot be read, nothing is guessed."""
        try:
            marks = {self._mark(caller.customer_id, event): event for event in caller.events}
            refused = self.feedback.refused(marks)
            tallies = self.feedback.counts(self.business)
        except StoreUnavailable:
            log.warning("feedback on guesses cannot be read")
            return _UNKNOWN
        return History(
            answers={
                kind: Answers(right=tally.right, wrong=tally.wrong)
                for kind, tally in tallies.items()
            },
            refused=frozenset(event_mark(marks[mark]) for mark in refused),
        )

    def note(self, moment: Moment, decision: Decision) -> None:
        """What this turn made of a guess that was asked; what cannot be kept is not learned."""
        heard, pending = decision.guess, moment.dialogue.pending
        if heard is None or not isinstance(moment.caller, Caller):
            return
        if not isinstance(pending, Offered) or pending.event is None:
            return
        try:
            self._record(
                moment.caller.customer_id, pending.event, moment.now, is_right=heard.is_right
            )
        except StoreUnavailable:
            log.warning("feedback on a guess not kept")

    def _record(self, customer: CustomerId, event: Event, now: datetime, *, is_right: bool) -> None:
        mark = self._mark(customer, event)
        self.feedback.record(self.business, event.kind, is_right=is_right, at=now, mark=mark)

    def _mark(self, customer: CustomerId, event: Event) -> str:
        text = f"{len(customer)}:{customer}{event_mark(event)}"
        return hmac.digest(self._key, text.encode(), "sha256").hex()

    @cached_property
    def _key(self) -> bytes:
        return self.vault().common_key("marks of guesses")
