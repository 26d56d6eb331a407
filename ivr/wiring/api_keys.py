"""Keys of the service put together: for its door, and for the operator who makes them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property

from biometrics import AuditKind, StoreUnavailable
from biometrics.storage.database import Engine
from ivr.service.api_keys import ApiKeys, KeyId, Scope
from ivr.service.making_api_keys import Made, made, revocation, rotation
from ivr.wiring.records import Records, now


@dataclass(frozen=True)
class ApiKeyDesk:
    """Keys in the database of the voiceprints; the audit trail tells what is done with them."""

    engine: Callable[[], Engine]
    records: Callable[[], Records]

    @cached_property
    def keys(self) -> ApiKeys:
        from ivr.service.sql_api_keys import SqlApiKeys

        return SqlApiKeys(self.engine())

    def add(self, name: str, scopes: Collection[Scope], lifetime: timedelta | None) -> Made:
        """Make a key.

        Raises:
            BadApiKey: it would open nothing, or its name is none.
            StoreUnavailable: it was not made.
        """
        moment = now()
        new = made(name, scopes, moment, moment + lifetime if lifetime is not None else None)
        self._write("api_key_added", new.key.id, lambda: self.keys.add(new.key))
        return new

    def rotate(self, name: str, *, overlap: timedelta) -> Made:
        """Make a key in place of the one of this name.

        Raises:
            UnknownApiKey: no key of this name is valid.
            BadApiKey: two are valid already.
            StoreUnavailable: it was not made; then the old one may end with its overlap.
        """
        plan = rotation(self.keys.all(), name, now(), overlap=overlap)
        self._write(
            "api_key_rotated",
            plan.new.key.id,
            lambda: self.keys.replace(plan.old, plan.ending) and self.keys.add(plan.new.key),
        )
        return plan.new

    def revoke(self, key_id: KeyId) -> None:
        """Let a key open nothing from now on.

        Raises:
            UnknownApiKey: it opens nothing as it is.
            StoreUnavailable: it was not revoked.
        """
        key = revocation(self.keys.all(), key_id)
        gone = replace(key, revoked_at=now())
        self._write("api_key_revoked", key_id, lambda: self.keys.replace(key, gone))

    def _write(self, what: str, key_id: KeyId, change: Callable[[], bool]) -> None:
        witness = self.records().witness("operator")
        with witness.announced(AuditKind.KEY_CHANGED, None, what=what, key=key_id):
            if not change():
                raise StoreUnavailable("Somebody else changed this key just now; try again.")
