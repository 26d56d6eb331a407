"""The register of keys: one wrapped key a subject, and what became of it."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import NewType, Protocol

from biometrics.vault.master_keys import Wrapped

Row = NewType("Row", str)
"""Stands for a subject in every table: an HMAC of the subject's id. 64 hexadecimal digits."""

VAULT = Row("vault")
"""Where the register keeps the key that rows are made with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A subject has a key; while it is being changed, two."""

    keys: tuple[Wrapped, ...]
    """The newest first: that one seals."""

    fingerprints: tuple[str, ...]
    """Of each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Destroyed:
    """The key is gone; what it sealed is no more than noise."""

    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """This person has refused voice recognition; no key may be made."""


Entry = Held | Destroyed | Refused


class MasterChanged(Exception):  # noqa: N818 - an error is named after what happened
    """The master keys were rotated since this key was wrapped; wrap it again."""


class Changing(Protocol):
    """A row that nobody else can change now."""

    @property
    def entry(self) -> Entry | None: ...

    def promote(self) -> None:
        """Destroy all keys but the newest, at the end."""


class Register(Protocol):
    """Keeps wrapped keys, apart from what they open. Every method raises StoreUnavailable.

    Whoever has a copy of it from before an erasure, and the master key, can undo that erasure.
    """

    def find(self, row: Row) -> Entry | None: ...

    def add(
        self, row: Row, wrapped: Wrapped, *, fingerprint: str, seen_master: str
    ) -> Entry | None:
        """Keep a key unless one is held or refused; says what is there now.

        Raises:
            MasterChanged: the vault's own key is no longer under the master that was seen.
        """

    def add_next(
        self, row: Row, wrapped: Wrapped, *, fingerprint: str, seen_master: str
    ) -> Entry | None:
        """Keep a second key beside the one that is held, unless there is a second; as `add`."""

    def changing(self, row: Row) -> AbstractContextManager["Changing"]:
        """What is there; until the end nobody else changes it."""

    def destroy(self, row: Row) -> Entry | None:
        """Destroy what is held; a refusal stays. Says what was there."""

    def refuse(self, row: Row) -> Entry | None:
        """Destroy what is held and let no key be made. Says what was there."""

    def forget(self, row: Row) -> Entry | None:
        """Destroy what is held, and a refusal too. Says what was there."""

    def masters(self) -> dict[str, int]:
        """How many keys each master key wraps."""

    def not_under(self, master: str, *, most: int) -> Sequence[tuple[Row, Held]]:
        """Up to `most` rows with a key that another master key wraps; the vault's own first."""

    def rewrap(self, rows: Sequence[tuple[Row, Held, Held]]) -> None:
        """Replace keys by the same keys under another master, all or none; (row, old, new).

        A row that has changed meanwhile is left as it is.
        """
