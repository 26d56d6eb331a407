"""Handing callers over to people, and writing down what happened, put together for calls."""

import hmac
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from biometrics import StoreUnavailable, Waveform
from biometrics.storage.database import Engine
from biometrics.vault.vault import Vault
from ivr.briefing import DoneByLink, context_of, entry_of, nothing_by_link
from ivr.call import CustomerId
from ivr.chronicle import record_of
from ivr.handover.context import Context, Earlier, of_somebody_else
from ivr.handover.contexts import Contexts, digest
from ivr.handover.remarks import RemarkBook
from ivr.handover.whisper import whisper_lines
from ivr.journal.journal import Journal
from ivr.queue.entry import Entry
from ivr.queue.waiting import WaitingRoom
from ivr.settings import HandoverSettings
from ivr.speak.speaker import Speaker
from ivr.story import Story
from ivr.trace import trace
from ivr.wiring.records import Records
from ivr.wiring.vault_seal import VaultSeal

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class HandingOver:
    """Made when first needed."""

    settings: HandoverSettings
    business: Callable[[], str]
    engine: Callable[[], Engine]
    records: Callable[[], Records]
    vault: Callable[[], Vault]
    journal: Callable[[], Journal]
    room: Callable[[], WaitingRoom]
    seated: Callable[[Entry], Entry]
    """The skills and whatever else the queue's rules ask for."""

    speaker: Callable[[], Speaker]
    done_by_link: DoneByLink = nothing_by_link

    @cached_property
    def contexts(self) -> Contexts:
        from ivr.handover.sql_contexts import SqlContexts

        seal = VaultSeal(key=self._key_of("contexts of calls"))
        keep = timedelta(hours=self.settings.keep_hours)
        return SqlContexts(self.engine(), seal, keep=keep)

    @cached_property
    def remarks(self) -> RemarkBook:
        """What people leave with a call, as long as its context is kept."""
        from ivr.handover.sql_remarks import SqlRemarks

        seal = VaultSeal(key=self._key_of("contexts of calls"))
        keep = timedelta(hours=self.settings.keep_hours)
        return SqlRemarks(self.engine(), seal, keep=keep)

    def hand_over(self, story: Story) -> None:
        """Keep what is known and give the caller a place, each even where the other fails."""
        self.keep(story)
        entry = entry_of(story)
        if entry is not None:
            self._try(lambda: self.room().join(self.seated(entry)), "place in the queue not kept")

    def keep(self, story: Story) -> None:
        """Keep what is known, for who may still come; nobody waits for a person yet."""
        token = story.last.result.action.context_token
        if token is not None:
            self._try(lambda: self.contexts.put(token, self._told(story)), "context not kept")

    def chronicle(self, story: Story) -> None:
        """Write down what happened."""
        record = record_of(story, business=self.business(), mark=self.mark)
        self._try(lambda: self.journal().write(record), "call not written down")

    def find(self, token: str, now: datetime) -> Context | None:
        """What is known of the call with this token, and was not found to be somebody else's.

        Raises:
            StoreUnavailable: it cannot be read.
        """
        context = self.contexts.find(token, now)
        if context is None or not self.remarks.find(digest(token), now).is_somebody_else:
            return context
        return of_somebody_else(context)

    def tidy(self, now: datetime) -> None:
        """Forget what is too old. Never fails."""
        self._try(lambda: self.contexts.expire(now), "old contexts not forgotten")
        self._try(lambda: self.remarks.expire(now), "old remarks not forgotten")

    def whisper(self, token: str, now: datetime) -> Waveform | None:
        """What the person hears before the caller is put through; None where nothing is known.

        Raises:
            StoreUnavailable: it cannot be read.
        """
        context = self.find(token, now)
        return None if context is None else self.whispered(context)

    def whispered(self, context: Context) -> Waveform:
        """The same of a context that was found."""
        return self.speaker().say(whisper_lines(context), context.language).sound

    def earlier(self, customer: CustomerId) -> tuple[Earlier, ...]:
        """Calls of a customer before; none where they cannot be read."""
        try:
            calls = self.journal().of_customer(self.mark(customer), most=self.settings.most_earlier)
        except Exception as err:  # noqa: BLE001 - the rest is told without them
            log.warning("earlier calls cannot be read", extra=trace(err))
            return ()
        return tuple(
            Earlier(
                at=call.began_at,
                intent=call.intents[-1] if call.intents else "",
                outcome=call.outcome.value,
            )
            for call in calls
        )

    def mark(self, customer: CustomerId) -> str:
        """What the journal knows a customer by; nobody without the key can tell who it is."""
        return hmac.digest(self._key, customer.encode(), "sha256").hex()

    @cached_property
    def _key(self) -> bytes:
        return self._key_of("marks of calls")

    def _key_of(self, purpose: str) -> bytes:
        # The records come first: opening them makes the keys where there are none yet.
        self.records()
        return self.vault().common_key(purpose)

    def _told(self, story: Story) -> Context:
        return context_of(
            story,
            business=self.business(),
            earlier=self.earlier,
            done_by_link=self.done_by_link,
        )

    @staticmethod
    def _try(work: Callable[[], object], failure: str) -> None:
        """Whatever a customer's data do to one of them, the other is done."""
        try:
            work()
        except StoreUnavailable:
            log.warning(failure)
        except Exception as err:  # noqa: BLE001 - as the docstring says
            log.error(failure, extra=trace(err))  # noqa: TRY400 - messages can hold words
