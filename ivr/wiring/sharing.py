"""Calls that all workers share, put together where that is on."""

import hmac
import logging
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from os import getpid

from biometrics import StoreUnavailable
from biometrics.storage.database import Engine
from biometrics.vault.cipher import seal, unseal
from biometrics.vault.vault import Vault
from ivr.kept_call import KeptCall, WrittenCalls
from ivr.settings import CallsSettings
from ivr.sharing.calls import SharedCalls
from ivr.sharing.notes import Notes
from ivr.sharing.place import Lease
from ivr.wiring.records import Records

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedSeal:
    """Seals under keys of the vault that stay while master keys change."""

    key: bytes
    names: bytes

    def seal(self, plain: bytes, *, bound_to: bytes) -> bytes:
        return seal(self.key, plain, bound_to=bound_to)

    def unseal(self, sealed: bytes, *, bound_to: bytes) -> bytes:
        return unseal(self.key, sealed, bound_to=bound_to)

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
