import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from biometrics import KeysUnavailable
from biometrics.vault.cipher import new_key
from biometrics.vault.key_file import FileKeys
from biometrics.vault.master_keys import printed


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "master.key"


@pytest.fixture
def keys(file: Path) -> FileKeys:
    made = FileKeys(file)
    made.start()
    return made


def test_a_missing_file_is_no_reason_for_a_new_key(file: Path) -> None:
    keys = FileKeys(file)

    with pytest.raises(KeysUnavailable, match="put it back from its copy"):
        keys.wrap(new_key(), bound_to=b"row")
    with pytest.raises(KeysUnavailable):
        keys.renew()
    assert not file.exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o644, 0o666, 0o777])
def test_a_file_that_others_may_touch_is_refused(keys: FileKeys, file: Path, mode: int) -> None:
    file.chmod(mode)

    with pytest.raises(KeysUnavailable, match="chmod 600"):
        keys.wrap(new_key(), bound_to=b"row")


@pytest.mark.parametrize(
    "content", [b"", b"# nothing\n", b"\xff\xfe", b"secret\n", printed(new_key()).encode()[:-2]]
)
def test_a_damaged_file_is_refused(keys: FileKeys, file: Path, content: bytes) -> None:
    file.write_bytes(content)

    with pytest.raises(KeysUnavailable, match="is damaged; put it back from its copy"):
        _ = keys.current
    keys.start()
    assert file.read_bytes() == content


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(KeysUnavailable, match="cannot be written to"):
        FileKeys(tmp_path / "file" / "master.key").start()


def test_a_new_file_is_only_its_owners_and_alone(keys: FileKeys, file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["master.key"]
    assert keys.unwrap(keys.wrap(b"k" * 32, bound_to=b"row"), bound_to=b"row") == b"k" * 32


def test_starting_again_replaces_nothing(keys: FileKeys, file: Path) -> None:
    before = file.read_bytes()
    FileKeys(file).start()

    assert file.read_bytes() == before


def test_many_that_start_at_once_share_one_key(file: Path) -> None:
    many = [FileKeys(file) for _ in range(8)]
    with ThreadPoolExecutor(max_workers=8) as threads:
        list(threads.map(FileKeys.start, many))

    assert len({keys.current for keys in many}) == 1
    assert [path.name for path in file.parent.iterdir()] == ["master.key"]


def test_a_renewed_key_wraps_and_the_old_one_still_unwraps(keys: FileKeys, file: Path) -> None:
    old = keys.wrap(b"k" * 32, bound_to=b"row")
    elsewhere = FileKeys(file)
    elsewhere.renew()

    assert keys.current == elsewhere.current != old.master
    assert keys.unwrap(old, bound_to=b"row") == b"k" * 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_retiring_forgets_what_is_older_and_nothing_newer(keys: FileKeys) -> None:
    first = keys.wrap(b"k" * 32, bound_to=b"row")
    keys.renew()
    second = keys.wrap(b"k" * 32, bound_to=b"row")
    keys.renew()
    newest = keys.current

    assert keys.retire(keep=second.master)
    assert keys.current == newest
    assert keys.unwrap(second, bound_to=b"row") == b"k" * 32
    with pytest.raises(KeysUnavailable):
        keys.unwrap(first, bound_to=b"row")
    assert not keys.retire(keep=second.master)
