from pathlib import Path

import pytest

from ivr.whole_files import with_digest, without_digest, write_whole


def test_what_the_disk_refuses_leaves_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "one"
    file.write_bytes(b"before")

    with pytest.raises(OSError, match="No such file"):
        write_whole(file, b"after", part=tmp_path / "nowhere" / "one.part")

    assert file.read_bytes() == b"before"


def test_a_file_is_whole_and_has_the_mode_that_was_asked_for(tmp_path: Path) -> None:
    file, part = tmp_path / "one", tmp_path / "one.part"
    write_whole(file, b"before", part=part)

    write_whole(file, b"after", part=part, mode=0o600)

    assert file.read_bytes() == b"after"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("data", [b"", b"too short", with_digest("other", b"content")])
def test_damage_and_other_files_are_noticed(data: bytes) -> None:
    assert without_digest("name", data) is None


def test_a_flipped_bit_is_noticed() -> None:
    data = bytearray(with_digest("name", b"content"))
    assert without_digest("name", bytes(data)) == b"content"

    data[-1] ^= 1

    assert without_digest("name", bytes(data)) is None
