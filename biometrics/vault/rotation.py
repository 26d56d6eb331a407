"""Wrapping every key by another master key. The keys themselves, and what they seal, stay."""

from collections.abc import Callable
from dataclasses import dataclass

from biometrics.errors import KeysUnavailable
from biometrics.vault.cipher import Tampered
from biometrics.vault.master_keys import MasterKeys, Wrapped, bound_key
from biometrics.vault.register import VAULT, Held, Register, Row

_AT_A_TIME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Rotated:
    """What a rotation did."""

    master: str
    """Id of the master key that wraps everything now."""

    rewrapped: int
    """Keys that were wrapped anew."""

    damaged: int
    """Keys that no master key opens; they were destroyed, their voices must be enrolled again."""


def rotate(
    masters: MasterKeys, register: Register, *, on_progress: Callable[[int, int], None]
) -> Rotated:
    """Put a new master key in the place of the current one; the old is kept until all is done.

    A rotation that was interrupted is finished first, without another new key. `on_progress` hears
    how many keys of how many are done. Calls may be taken meanwhile.

    Raises:
        KeysUnavailable: a master key is missing; what was done stays done.
        StoreUnavailable: the register cannot be reached; what was done stays done.
    """
    if not register.not_under(masters.current, most=1):
        if masters.retire(keep=masters.current):
            return Rotated(master=masters.current, rewrapped=0, damaged=0)
        masters.renew()
    master = masters.current
    total = sum(count for name, count in register.masters().items() if name != master)
    done = damaged = 0
    while rows := register.not_under(master, most=_AT_A_TIME):
        renewed = [(row, held, _rewrapped(row, held, masters)) for row, held in rows]
        register.rewrap([(row, held, new) for row, held, new in renewed if new is not None])
        for lost in [row for row, _, new in renewed if new is None]:
            register.destroy(lost)
            damaged += 1
        done += len(rows)
        on_progress(done, max(done, total))
    masters.retire(keep=master)
    return Rotated(master=master, rewrapped=done - damaged, damaged=damaged)


def _rewrapped(row: Row, held: Held, masters: MasterKeys) -> Held | None:
    """The same keys, wrapped by the current master key; None where they cannot be opened."""
    try:
        keys = [masters.unwrap(wrapped, bound_to=bound_key(row)) for wrapped in held.keys]
    except Tampered as err:
        if row == VAULT:
            raise KeysUnavailable(
                "The vault's own key is damaged; bring the key database back from its copy."
            ) from err
        return None
    renewed = tuple(_checked_wrap(key, row, masters) for key in keys)
    return Held(keys=renewed, fingerprints=held.fingerprints)


def _checked_wrap(key: bytes, row: Row, masters: MasterKeys) -> Wrapped:
    """Opened once more before the old one is replaced: nothing else has this key."""
    wrapped = masters.wrap(key, bound_to=bound_key(row))
    if masters.unwrap(wrapped, bound_to=bound_key(row)) != key:
        raise KeysUnavailable(
            "The master keys do not give back what they wrapped; nothing changed."
        )
    return wrapped
