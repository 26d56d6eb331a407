"""The list of folders that there are."""

import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ivr.bulk.known_folders import KnownFolder, KnownFolders
from ivr.errors import BadBulkFolder, DiskReadOnly

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def file_of(home: Path) -> Path:
    return home / "encoded" / "folders.json"


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "7", '{"folders": 7}', '{"folders": [7]}', '{"folders": [{"id": "a"}]}'),
        '{"folders": [{"id": "a", "paths": [], "begun_at": "2026-03-01T00:00:00"}]}',
    ],
)
def test_a_damaged_list_is_refused_and_left_as_it_is(tmp_path: Path, text: str) -> None:
    file_of(tmp_path).parent.mkdir()
    file_of(tmp_path).write_text(text, "utf-8")
    known = KnownFolders(tmp_path)

    for change in (
        known.all,
        lambda: known.add("a", tmp_path / "out", NOW),
        lambda: known.discard("a"),
    ):
        with pytest.raises(BadBulkFolder, match=r"folders\.json is damaged"):
            change()
    assert file_of(tmp_path).read_text("utf-8") == text


def test_a_home_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")

    with pytest.raises(DiskReadOnly):
        KnownFolders(tmp_path / "file").add("a", tmp_path / "out", NOW)


def test_looking_makes_nothing(tmp_path: Path) -> None:
    assert KnownFolders(tmp_path).all() == ()
    assert list(tmp_path.iterdir()) == []


def test_the_first_begun_comes_first_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    known = KnownFolders(tmp_path)
    known.add("b", tmp_path / "b", NOW)
    known.add("a", tmp_path / "a", NOW - timedelta(days=1))

    assert known.all() == (
        KnownFolder(id="a", paths=(tmp_path / "a",), begun_at=NOW - timedelta(days=1)),
        KnownFolder(id="b", paths=(tmp_path / "b",), begun_at=NOW),
    )
    assert stat.S_IMODE(file_of(tmp_path).stat().st_mode) == 0o600


def test_known_again_it_is_no_younger_and_every_place_is_kept(tmp_path: Path) -> None:
    known = KnownFolders(tmp_path)
    known.add("a", tmp_path / "out", NOW)
    before = file_of(tmp_path).stat().st_ino
    known.add("a", tmp_path / "out", NOW + timedelta(days=9))
    assert file_of(tmp_path).stat().st_ino == before

    known.add("a", tmp_path / "copy", NOW + timedelta(days=9))
    (found,) = known.all()
    assert found.paths == (tmp_path / "out", tmp_path / "copy")
    assert found.begun_at == NOW


def test_what_is_discarded_is_known_no_longer(tmp_path: Path) -> None:
    known = KnownFolders(tmp_path)
    known.add("a", tmp_path / "a", NOW)
    known.add("b", tmp_path / "b", NOW)
    known.discard("a")
    known.discard("never there")

    assert [one.id for one in known.all()] == ["b"]


def test_several_at_once_lose_nothing(tmp_path: Path) -> None:
    def add(number: int) -> None:
        KnownFolders(tmp_path).add(f"f{number:02}", tmp_path / str(number), NOW)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(24)))

    assert sorted(one.id for one in KnownFolders(tmp_path).all()) == [
        f"f{number:02}" for number in range(24)
    ]
