"""Calls that all workers share, put together where that is on."""

import hmac
import logging
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from os import getpid

from biometrics import StoreUnavailable
from biometrics.storage.database import Engine
from biometrics.vault.vault import Vault
from ivr.call import CallId, Language
from ivr.call_ends import Ends
from ivr.kept_call import KeptCall, WrittenCalls
from ivr.lately import Remembered
from ivr.live.reception import SharedTickets
from ivr.live.wire import Incoming
from ivr.pipeline import Pipeline
from ivr.settings import CallsSettings
from ivr.shared_switchboard import SharedSwitchboard
from ivr.sharing.calls import SharedCalls
from ivr.sharing.codec import Codec
from ivr.sharing.noted import Noted, NotedOnce, Plain
from ivr.sharing.notes import Kind, Notes
from ivr.sharing.place import Lease
from ivr.wiring.records import Records
from ivr.wiring.vault_seal import VaultSeal

log = logging.getLogger(__name__)

_MORE = 1.5
"""Than a lease lasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSeal(VaultSeal):
    """Seals as the vault does, and names things under another key of it."""

    names: bytes = field(repr=False)

    def name(self, text: str) -> str:
        return hmac.digest(self.names, text.encode("utf-8", "surrogatepass"), "sha256").hex()


@dataclass(frozen=True)
class Sharing:
    """Made when first needed."""

    settings: CallsSettings
    engine: Callable[[], Engine]
    records: Callable[[], Records]
    vault: Callable[[], Vault]

    @property
    def is_on(self) -> bool:
        match self.settings.shared:
            case "auto":
                return self.engine().dialect.name == "postgresql"
            case chosen:
                return chosen == "on"

    def switchboard(
        self, pipeline: Pipeline, ends: Ends, *, clock: Callable[[], datetime]
    ) -> SharedSwitchboard:
        """Of this worker. A turn that is sent again waits until its worker is known to be gone."""
        patience_s = self.settings.lease_s * _MORE
        return SharedSwitchboard(pipeline, self.calls, ends, clock=clock, patience_s=patience_s)

    def announced(self, clock: Callable[[], datetime]) -> Remembered[CallId, Incoming]:
        return Noted(Kind.ANNOUNCED, self.notes, Codec([Incoming, Language]), Incoming, clock)

    def tickets(self, clock: Callable[[], datetime]) -> SharedTickets:
        return NotedOnce(Kind.TICKET, self.notes, Codec([Incoming, Language]), Incoming, clock)

    def prompts(self, clock: Callable[[], datetime]) -> Remembered[str, bytes]:
        return Noted(Kind.PROMPT, self.notes, Plain(), bytes, clock)

    @cached_property
    def calls(self) -> SharedCalls[KeptCall]:
        from ivr.sharing.sql_calls import SqlCalls

        return SqlCalls(
            self.engine(),
            self._seal,
            WrittenCalls(),
            worker=_worker(),
            lease=Lease(holds=timedelta(seconds=self.settings.lease_s)),
        )

    @cached_property
    def notes(self) -> Notes:
        from ivr.sharing.sql_notes import SqlNotes

        return SqlNotes(self.engine(), self._seal)

    def tidy(self, now: datetime) -> None:
        """Forget notes that are too old. Never fails."""
        try:
            self.notes.expire(now)
        except StoreUnavailable:
            log.warning("old notes not forgotten")

    @cached_property
    def _seal(self) -> SharedSeal:
        # The records come first: opening them makes the keys where there are none yet.
        self.records()
        key = self.vault().common_key
        return SharedSeal(key=key("calls that go on"), names=key("names of calls that go on"))


def _worker() -> str:
    """Tells where it runs, and no other has it."""
    return f"{socket.gethostname()[:32]}-{getpid()}-{secrets.token_hex(6)}"
