"""Seals what is kept of a voice, each subject's under a key of its own."""

import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from biometrics.errors import KeysUnavailable, SubjectOptedOut
from biometrics.vault.cipher import Tampered, derived, new_key, seal, unseal
from biometrics.vault.master_keys import MasterKeys, Wrapped, bound_key, fingerprint
from biometrics.vault.register import (
    VAULT,
    Changing,
    Destroyed,
    Entry,
    Held,
    MasterChanged,
    Refused,
    Register,
    Row,
)
from biometrics.voiceprint import SubjectId

REFUSED = "This person has refused voice recognition; nothing was kept."

_MOST_ROTATIONS = 3
"""Rotations of the master key that one key being made may run into."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The keys of a subject, the newest first."""

    row: Row
    keys: tuple[bytes, ...] = field(repr=False)

    def seal(self, kind: str, plain: bytes) -> bytes:
        """Sealed under the newest key, for this subject and this kind of record only."""
        return seal(self.keys[0], plain, bound_to=_bound(self.row, kind))

    def unseal(self, kind: str, sealed: bytes) -> tuple[bytes, bytes]:
        """What was sealed, and the key that opened it.

        Raises:
            Tampered: none of the keys opens it as a record of this subject and kind.
        """
        for key in self.keys[:-1]:
            try:
                return unseal(key, sealed, bound_to=_bound(self.row, kind)), key
            except Tampered:
                continue
        return unseal(self.keys[-1], sealed, bound_to=_bound(self.row, kind)), self.keys[-1]


class Vault:
    """Keys of subjects, wrapped by a master key. One per process; every thread may use it.

    Every method raises StoreUnavailable when the register cannot be reached and KeysUnavailable
    when the master key cannot; then nothing is opened and nothing is sealed.
    """

    def __init__(self, masters: MasterKeys, register: Register) -> None:
        self._masters = masters
        self._register = register

    def start(self, *, mark: bytes | None) -> bytes:
        """The mark of this vault, to be kept in the database that it seals.

        With the `mark` that such a database has, the vault must be the one that made it. Only
        without one, keys are made where there are none.

        Raises:
            KeysUnavailable: the database was sealed by another vault, or the keys are missing.
        """
        if mark is None:
            self._make()
        if self._register.find(VAULT) is None:
            raise KeysUnavailable(
                "Voiceprints are sealed, but the key database is empty: it is lost or another one. "
                "Set IVR_KEYS__DATABASE to the right one or bring it back; no new key is made."
            )
        own = self.common_key("mark of the database")
        if mark is not None and not hmac.compare_digest(mark, own):
            raise KeysUnavailable(
                "The voiceprints were sealed with keys of another key database. "
                "Set IVR_KEYS__DATABASE to the one that belongs to this database."
            )
        return own

    def common_key(self, purpose: str) -> bytes:
        """32 bytes for one purpose that is not of one subject; they stay while masters rotate."""
        return derived(self._index, purpose=purpose)

    def row(self, subject: SubjectId) -> Row:
        """What stands for the subject in tables; nobody without the keys can tell whom it means."""
        return Row(hmac.digest(self._row_key, subject.encode(), "sha256").hex())

    def find(self, subject: SubjectId) -> Opened | Destroyed | Refused | None:
        row = self.row(subject)
        entry = self._register.find(row)
        return self._opened(row, entry) if isinstance(entry, Held) else entry

    def find_or_make(self, subject: SubjectId) -> Opened:
        """The subject's keys, made where there are none.

        Raises:
            SubjectOptedOut: the subject has refused.
        """
        row = self.row(subject)
        entry = self._register.find(row)
        if not isinstance(entry, Held):
            entry = self._kept(row, self._register.add) if entry != Refused() else entry
        if not isinstance(entry, Held):
            raise SubjectOptedOut(REFUSED)
        return self._opened(row, entry)

    def add_next(self, subject: SubjectId) -> Opened | None:
        """The subject's keys with a new one before them; None without keys.

        What they sealed is sealed anew `changing` them, and then the old one destroyed by
        `promote`. A change that was interrupted goes on with the key that it had made.
        """
        row = self.row(subject)
        if not isinstance(self._register.find(row), Held):
            return None
        entry = self._kept(row, self._register.add_next)
        return self._opened(row, entry) if isinstance(entry, Held) else None

    @contextmanager
    def changing(self, opened: Opened) -> Iterator[Changing | None]:
        """Nobody else changes the subject's keys until the end; None if they are others by now.

        Records are written only within, or a key that is being destroyed could seal one.
        """
        with self._register.changing(opened.row) as alone:
            yield alone if _is_current(opened, alone.entry) else None

    def destroy(self, subject: SubjectId) -> Entry | None:
        """Destroy the subject's keys; a refusal stays. Says what was there."""
        return self._register.destroy(self.row(subject))

    def refuse(self, subject: SubjectId) -> Entry | None:
        """Destroy the subject's keys and remember that none may be made."""
        return self._register.refuse(self.row(subject))

    def forget(self, subject: SubjectId) -> Entry | None:
        """Destroy the subject's keys, and forget a refusal."""
        return self._register.forget(self.row(subject))

    @cached_property
    def _index(self) -> bytes:
        return self._masters.unwrap(self._vault_key(), bound_to=bound_key(VAULT))

    @cached_property
    def _row_key(self) -> bytes:
        return self.common_key("rows of subjects")

    def _make(self) -> None:
        """A first master key and a first key of the vault, where there is neither."""
        if self._register.find(VAULT) is None:
            self._masters.start()
            key = new_key()
            wrapped = self._masters.wrap(key, bound_to=bound_key(VAULT))
            seen_master = wrapped.master
            self._register.add(
                VAULT, wrapped, fingerprint=fingerprint(key), seen_master=seen_master
            )

    def _kept(self, row: Row, keep: Callable[..., Entry | None]) -> Entry | None:
        """A new key in the register, wrapped by a master key that no rotation is leaving behind."""
        for _ in range(_MOST_ROTATIONS):
            key, seen = new_key(), self._vault_key()
            wrapped = self._masters.wrap(key, bound_to=bound_key(row))
            if wrapped.master != seen.master:
                # Between two rotations both keys are known; an old one alone must not wrap.
                self._masters.unwrap(seen, bound_to=bound_key(VAULT))
            try:
                return keep(row, wrapped, fingerprint=fingerprint(key), seen_master=seen.master)
            except MasterChanged:
                continue
        raise KeysUnavailable("The master keys are being rotated; try again.")

    def _vault_key(self) -> Wrapped:
        entry = self._register.find(VAULT)
        if not isinstance(entry, Held):
            raise KeysUnavailable("The key database holds no keys; set IVR_KEYS__DATABASE to it.")
        return entry.keys[0]

    def _opened(self, row: Row, entry: Held) -> Opened:
        keys = tuple(self._masters.unwrap(key, bound_to=bound_key(row)) for key in entry.keys)
        return Opened(row=row, keys=keys)


def _bound(row: Row, kind: str) -> bytes:
    """A record opens only in its own row and as what it was sealed as."""
    return f"{kind} of {row}".encode()


def _is_current(opened: Opened, entry: Entry | None) -> bool:
    return isinstance(entry, Held) and entry.fingerprints == tuple(map(fingerprint, opened.keys))
