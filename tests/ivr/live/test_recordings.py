"""Recordings go when their time is over, and nothing else does."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ivr.errors import DiskReadOnly
from ivr.live.recordings import expire_recordings, recording_name

NOW = datetime(2026, 7, 15, 12, 0, 0).astimezone()
DAY = timedelta(days=1)


def recording(folder: Path, began: datetime) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / recording_name(began)
    file.write_bytes(b"RIFF")
    return file


@pytest.mark.parametrize(
    "name",
    [
        "20200101T000000-0123456789abcdef.wav.bak",
        "20200101T000000-0123456789ABCDEF.wav",
        "20201301T000000-0123456789abcdef.wav",
        "20200101-interview.wav",
        "notes.txt",
    ],
)
def test_what_is_no_recording_of_ours_stays(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"")

    assert expire_recordings(tmp_path, NOW) == 0
    assert (tmp_path / name).exists()


def test_what_lies_below_stays_and_so_does_what_a_link_shows(tmp_path: Path) -> None:
    below = recording(tmp_path / "below", NOW - 60 * DAY)
    folder = tmp_path / "calls"
    folder.mkdir()
    (folder / recording_name(NOW - 60 * DAY)).symlink_to(below)

    assert expire_recordings(folder, NOW) == 1
    assert list(folder.iterdir()) == []
    assert expire_recordings(tmp_path, NOW) == 0
    assert below.exists()


def test_only_calls_that_began_before_go_whatever_the_file_says_of_its_age(tmp_path: Path) -> None:
    old, young = recording(tmp_path, NOW - 31 * DAY), recording(tmp_path, NOW - 29 * DAY)
    os.utime(young, (0, 0))

    assert expire_recordings(tmp_path, NOW - 30 * DAY) == 1
    assert [file.exists() for file in (old, young)] == [False, True]


def test_one_that_cannot_be_deleted_is_told_of_and_keeps_no_other(tmp_path: Path) -> None:
    (tmp_path / recording_name(NOW - 2 * DAY)).mkdir()
    other = recording(tmp_path, NOW - 2 * DAY)

    with pytest.raises(DiskReadOnly, match="1 recordings"):
        expire_recordings(tmp_path, NOW)
    assert not other.exists()


def test_before_the_first_recording_there_is_nothing_to_delete(tmp_path: Path) -> None:
    assert expire_recordings(tmp_path / "none", NOW) == 0


def test_what_is_no_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(DiskReadOnly):
        expire_recordings(tmp_path / "file", NOW)


def test_a_name_tells_the_beginning_alone_and_is_never_the_same() -> None:
    assert recording_name(NOW).startswith("20260715T120000-")
    assert recording_name(NOW) != recording_name(NOW)
