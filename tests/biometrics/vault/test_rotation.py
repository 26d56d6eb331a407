from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from biometrics import KeysUnavailable, StoreUnavailable, SubjectId, SubjectOptedOut
from biometrics.vault import rotation
from biometrics.vault.cipher import new_key
from biometrics.vault.key_file import FileKeys
from biometrics.vault.master_keys import GivenKeys, MasterKeys, Wrapped, key_id
from biometrics.vault.register import VAULT, Held, Row
from biometrics.vault.rotation import rotate
from biometrics.vault.sql_register import SqlRegister
from biometrics.vault.vault import Opened, Vault

SUBJECTS = [SubjectId(f"s-{n}") for n in range(7)]


class Interrupted(Exception):  # noqa: N818 - named after what happened
    """Somebody pulled the plug."""


@pytest.fixture
def masters(tmp_path: Path) -> FileKeys:
    return FileKeys(tmp_path / "master.key")


@pytest.fixture
def register(tmp_path: Path) -> SqlRegister:
    return SqlRegister(f"sqlite:///{tmp_path / 'keys.db'}")


@pytest.fixture
def before(
    masters: FileKeys, register: SqlRegister, monkeypatch: pytest.MonkeyPatch
) -> dict[SubjectId, bytes]:
    """The keys of some subjects; two rows at a time are rewrapped."""
    monkeypatch.setattr(rotation, "_AT_A_TIME", 2)
    vault = Vault(masters, register)
    vault.start(mark=None)
    return {subject: vault.find_or_make(subject).keys[0] for subject in SUBJECTS}


def now(masters: MasterKeys, register: SqlRegister) -> dict[SubjectId, bytes]:
    vault = Vault(masters, register)
    vault.start(mark=None)
    found = {subject: vault.find(subject) for subject in SUBJECTS}
    return {subject: it.keys[0] for subject, it in found.items() if isinstance(it, Opened)}


def unplugged_after(rows: int) -> Callable[[int, int], None]:
    def told(done: int, of: int) -> None:
        if done >= rows:
            raise Interrupted

    return told


def quietly(done: int, of: int) -> None:
    """Nobody watches."""


def test_a_rotation_changes_the_master_key_and_no_other(
    masters: FileKeys, register: SqlRegister, before: dict[SubjectId, bytes]
) -> None:
    old = masters.current
    heard: list[tuple[int, int]] = []
    rotated = rotate(masters, register, on_progress=lambda *step: heard.append(step))

    assert (rotated.rewrapped, rotated.damaged) == (8, 0)
    assert heard == [(2, 8), (4, 8), (6, 8), (8, 8)]
    assert register.masters() == {rotated.master: 8}
    assert rotated.master == masters.current != old
    assert now(masters, register) == before


def test_the_old_master_key_opens_nothing_afterwards(
    tmp_path: Path, masters: FileKeys, register: SqlRegister, before: dict[SubjectId, bytes]
) -> None:
    (tmp_path / "stolen.key").write_bytes((tmp_path / "master.key").read_bytes())
    (tmp_path / "stolen.key").chmod(0o600)
    rotate(masters, register, on_progress=quietly)

    with pytest.raises(KeysUnavailable, match="is needed and not here"):
        now(FileKeys(tmp_path / "stolen.key"), register)


@pytest.mark.parametrize("rows", [1, 4, 7])
def test_an_interrupted_rotation_loses_nothing_and_is_finished_with_the_same_key(
    masters: FileKeys, register: SqlRegister, before: dict[SubjectId, bytes], rows: int
) -> None:
    old = masters.current
    with pytest.raises(Interrupted):
        rotate(masters, register, on_progress=unplugged_after(rows))
    begun = masters.current
    assert begun != old
    assert now(masters, register) == before

    rotated = rotate(masters, register, on_progress=quietly)

    assert rotated.master == begun
    assert register.masters() == {begun: 8}
    assert now(masters, register) == before
    assert not masters.retire(keep=begun)


def test_a_rotation_that_stopped_before_its_last_step_is_finished(
    masters: FileKeys, register: SqlRegister, before: dict[SubjectId, bytes]
) -> None:
    with pytest.raises(Interrupted):
        rotate(masters, register, on_progress=unplugged_after(8))
    begun = masters.current

    assert (begun, 0) == (
        (rotated := rotate(masters, register, on_progress=quietly)).master,
        rotated.rewrapped,
    )
    assert not masters.retire(keep=begun)
    assert now(masters, register) == before


def test_voices_enrolled_and_erased_meanwhile_are_neither_lost_nor_revived(
    masters: FileKeys, register: SqlRegister, before: dict[SubjectId, bytes]
) -> None:
    vault = Vault(masters, register)
    vault.start(mark=None)
    made: list[bytes] = []

    def meanwhile(done: int, of: int) -> None:
        if not made:
            made.append(vault.find_or_make(SubjectId("s-new")).keys[0])
            vault.destroy(SUBJECTS[0])
            vault.refuse(SUBJECTS[1])

    rotated = rotate(masters, register, on_progress=meanwhile)
    found = Vault(masters, register).find(SubjectId("s-new"))

    assert isinstance(found, Opened)
    assert found.keys == tuple(made)
    assert now(masters, register) == dict(list(before.items())[2:])
    assert register.masters() == {rotated.master: 7}


def test_a_key_made_while_the_master_changes_is_wrapped_by_the_new_one(
    tmp_path: Path, masters: FileKeys, register: SqlRegister, before: dict[SubjectId, bytes]
) -> None:
    """Read before the rotation, written after it: the old master is gone by then."""

    @dataclass
    class Late:
        keys: FileKeys
        is_late: bool = True

        def wrap(self, key: bytes, *, bound_to: bytes) -> Wrapped:
            wrapped = self.keys.wrap(key, bound_to=bound_to)
            if self.is_late:
                self.is_late = False
                rotate(masters, register, on_progress=quietly)
            return wrapped

        def unwrap(self, wrapped: Wrapped, *, bound_to: bytes) -> bytes:
            return self.keys.unwrap(wrapped, bound_to=bound_to)

    late = Vault(Late(FileKeys(tmp_path / "master.key")), register)  # type: ignore[arg-type]
    made = late.find_or_make(SubjectId("s-new"))

    found = Vault(masters, register).find(SubjectId("s-new"))
    assert isinstance(found, Opened)
    assert found.keys == made.keys


def test_a_service_that_never_heard_of_the_new_key_makes_no_keys(
    tmp_path: Path, register: SqlRegister
) -> None:
    old, new = new_key(), new_key()
    service = Vault(GivenKeys((old,)), register)
    service.start(mark=None)
    service.find_or_make(SUBJECTS[0])
    rotate(GivenKeys((new, old)), register, on_progress=quietly)

    with pytest.raises(KeysUnavailable, match=f"{key_id(new)} is needed"):
        service.find_or_make(SubjectId("s-new"))


def test_a_given_key_is_rotated_by_giving_another_before_it(register: SqlRegister) -> None:
    old, new = new_key(), new_key()
    vault = Vault(GivenKeys((old,)), register)
    vault.start(mark=None)
    key = vault.find_or_make(SUBJECTS[0]).keys

    with pytest.raises(KeysUnavailable, match="Put a new one before it"):
        rotate(GivenKeys((old,)), register, on_progress=quietly)
    both = Vault(GivenKeys((new, old)), register)
    assert isinstance(both.find_or_make(SUBJECTS[1]), Opened)
    rotate(GivenKeys((new, old)), register, on_progress=quietly)

    found = Vault(GivenKeys((new,)), register).find(SUBJECTS[0])
    assert isinstance(found, Opened)
    assert found.keys == key


def test_a_damaged_key_is_given_up_and_stops_nothing(
    masters: FileKeys, register: SqlRegister, before: dict[SubjectId, bytes]
) -> None:
    row = Vault(masters, register).row(SUBJECTS[3])
    damage(register, row)

    rotated = rotate(masters, register, on_progress=quietly)

    assert (rotated.rewrapped, rotated.damaged) == (7, 1)
    assert SUBJECTS[3] not in now(masters, register)


def test_a_damaged_key_of_the_vault_stops_everything(
    masters: FileKeys, register: SqlRegister, before: dict[SubjectId, bytes]
) -> None:
    damage(register, VAULT)

    with pytest.raises(KeysUnavailable, match="bring the key database back from its copy"):
        rotate(masters, register, on_progress=quietly)
    assert len(register.masters()) == 1


def test_a_master_key_that_is_missing_stops_the_rotation_and_destroys_nothing(
    register: SqlRegister, masters: FileKeys, before: dict[SubjectId, bytes]
) -> None:
    with pytest.raises(KeysUnavailable, match="is needed and not here"):
        rotate(GivenKeys((new_key(),)), register, on_progress=quietly)

    assert now(masters, register) == before


def test_both_keys_of_a_change_are_wrapped_anew(
    masters: FileKeys, register: SqlRegister, before: dict[SubjectId, bytes]
) -> None:
    vault = Vault(masters, register)
    changing = vault.add_next(SUBJECTS[0])
    rotated = rotate(masters, register, on_progress=quietly)

    entry = register.find(vault.row(SUBJECTS[0]))
    assert isinstance(entry, Held)
    assert {wrapped.master for wrapped in entry.keys} == {rotated.master}
    assert vault.find(SUBJECTS[0]) == changing


def test_refusals_are_not_touched(masters: FileKeys, register: SqlRegister) -> None:
    vault = Vault(masters, register)
    vault.start(mark=None)
    vault.refuse(SUBJECTS[0])
    rotate(masters, register, on_progress=quietly)

    with pytest.raises(SubjectOptedOut):
        vault.find_or_make(SUBJECTS[0])


def test_a_register_that_is_gone_stops_the_rotation(
    tmp_path: Path, masters: FileKeys, register: SqlRegister, before: dict[SubjectId, bytes]
) -> None:
    register.close()
    (tmp_path / "keys.db").write_bytes(b"no database " * 1000)

    with pytest.raises(StoreUnavailable):
        rotate(masters, register, on_progress=quietly)


def damage(register: SqlRegister, row: Row) -> None:
    entry = register.find(row)
    assert isinstance(entry, Held)
    (wrapped,) = entry.keys
    broken = replace(wrapped, key=wrapped.key[:-1] + bytes([wrapped.key[-1] ^ 1]))
    register.rewrap([(row, entry, replace(entry, keys=(broken,)))])
