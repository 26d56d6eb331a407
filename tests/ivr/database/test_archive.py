"""A file is a whole backup, or none."""

from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes.changed_backups import (
    Change,
    bring_another,
    change_a_word,
    changed,
    lose_a_line,
    lose_a_table,
    lose_the_manifest,
    saying,
)

from ivr.database.archive import opened, written
from ivr.database.manifest import Manifest
from ivr.errors import BadBackup

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
PEOPLE = [b'["anna",0]\n', b'["bert",10]\n']


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A backup of two tables."""
    file = tmp_path / "backup.zip"
    with written(file) as writing:
        writing.add("people", ("id", "shoe_size"), PEOPLE)
        writing.add("pins", ("label",), [])
        writing.end(Manifest(revision="0001", made_at=NOW, engine="sqlite", tables=writing.parts))
    return file


@pytest.mark.parametrize(
    "change",
    [
        lose_a_line,
        change_a_word,
        lose_a_table,
        bring_another,
        lose_the_manifest,
        pytest.param(saying(format="rufwerk-backup-2"), id="of another format"),
        pytest.param(saying(tables={}), id="says nothing of its tables"),
        pytest.param(saying(tables=None), id="has no tables"),
        pytest.param(saying(more="than is known"), id="says more"),
    ],
)
def test_what_is_not_as_it_was_written_is_refused(path: Path, change: Change) -> None:
    changed(path, change)

    with pytest.raises(BadBackup), opened(path):
        pass


def test_what_was_cut_off_anywhere_is_refused(path: Path) -> None:
    whole = path.read_bytes()

    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(BadBackup, match="damaged or not whole"), opened(path):
            pass


def test_of_every_byte_that_was_turned_nothing_else_is_read(path: Path) -> None:
    """Times and names that ZIP keeps twice may be turned and tell nobody."""
    whole = path.read_bytes()
    refused = 0

    for at in range(len(whole)):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        refused += 1
        with suppress(BadBackup), opened(path) as backup:
            refused -= 1
            assert list(backup.lines("people")) == PEOPLE
    assert refused > len(whole) // 2


@pytest.mark.parametrize(
    "what", [b"", b"This is a letter.", b"PK\x05\x06" + bytes(18)], ids=["empty", "text", "zip"]
)
def test_a_file_that_is_no_backup_is_refused(tmp_path: Path, what: bytes) -> None:
    (tmp_path / "letter.zip").write_bytes(what)

    with pytest.raises(BadBackup), opened(tmp_path / "letter.zip"):
        pass
    with pytest.raises(BadBackup, match="cannot be read"), opened(tmp_path / "none.zip"):
        pass
    with pytest.raises(BadBackup, match="cannot be read"), opened(tmp_path):
        pass


def test_a_backup_is_read_as_it_was_written(path: Path) -> None:
    with opened(path) as backup:
        assert list(backup.lines("people")) == PEOPLE
        assert list(backup.lines("pins")) == []
        assert (backup.manifest.rows, backup.manifest.revision) == (2, "0001")
