"""Encoding a list into a folder, with an encoder that costs nothing."""

import hashlib
import stat
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from biometrics import Span, Take
from ivr.bulk.crew import Job, Made, alone, made
from ivr.bulk.encode import Figures, Keeping, encode
from ivr.bulk.folder import Folder, begin, destroy, opened
from ivr.bulk.index import Index
from ivr.bulk.row import Heard, Line
from ivr.errors import BadBulkFolder, DiskReadOnly, UnreadableAudio
from ivr.verify.enrolment_list import stream_enrolment_list
from ivr.wiring.vault_seal import VaultSeal

SEAL = VaultSeal(key=bytes(32))
MADE_WITH = {"list": "a", "encoder": "e-1"}
KEEPING = Keeping(shard_rows=10, is_gone=lambda _subject: False)


def begun(path: Path, **other: str) -> Folder:
    return begin(path, MADE_WITH | other, lambda _id: SEAL, now=datetime.now(UTC))


def hear(path: Path) -> Heard:
    if path.name.startswith("bad"):
        raise UnreadableAudio("This is no recording.")
    digest = hashlib.sha256(path.name.encode()).hexdigest()
    voice = np.frombuffer(bytes.fromhex(digest)[:16], dtype=np.uint8).astype(np.float32)
    take = Take(digest=digest, net_ms=2_000, voice=voice)
    return Heard(digest=digest, audio_ms=3_000, spans=(Span(start_ms=0, end_ms=2_000),), take=take)


def lines(count: int) -> Iterator[Line]:
    for n in range(count):
        name = f"{'bad-' if n % 10 == 7 else ''}{n}.wav"
        yield Line(subject=f"s-{n}", file=name, path=Path(name))


def run(folder: Folder, count: int) -> Figures:
    return encode(lines(count), folder, alone(lambda: hear), KEEPING, told=lambda _f: None)


def test_a_folder_that_was_begun_otherwise_is_refused(tmp_path: Path) -> None:
    begun(tmp_path / "out")

    for changed in ({"list": "b"}, {"encoder": "e-2"}, {"line": "alaw"}):
        with pytest.raises(BadBulkFolder, match=f"begun with another {next(iter(changed))}"):
            begun(tmp_path / "out", **changed)


def test_a_folder_of_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", "utf-8")

    with pytest.raises(BadBulkFolder, match="something else"):
        begun(tmp_path)
    with pytest.raises(BadBulkFolder, match="no folder of encoded"):
        destroy(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("text", ["", "[]", '{"id": "x"}', '{"id": "x", "made_with": 7}'])
def test_a_damaged_beginning_is_refused(tmp_path: Path, text: str) -> None:
    begun(tmp_path / "out")
    (tmp_path / "out" / "run.json").write_text(text, "utf-8")

    with pytest.raises(BadBulkFolder, match="damaged"):
        begun(tmp_path / "out")


def test_a_shard_opens_in_its_own_place_and_under_its_own_key_only(tmp_path: Path) -> None:
    folder = begun(tmp_path / "out")
    run(folder, 20)
    first, second = sorted((tmp_path / "out").glob("*.shard"))
    first.replace(second)
    other = opened(tmp_path / "out", lambda _id: VaultSeal(key=bytes([1]) * 32))

    assert folder.read(0) is None
    assert folder.read(1) is None
    assert other.read(1) is None
    with pytest.raises(BadBulkFolder, match="is damaged"):
        Index.of(folder)


def test_what_cannot_be_written_ends_the_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")

    with pytest.raises(DiskReadOnly):
        begun(tmp_path / "file" / "out")


def test_only_its_owner_may_read_it_and_nothing_in_it_can_be_read(tmp_path: Path) -> None:
    run(begun(tmp_path / "out"), 20)
    files = list((tmp_path / "out").iterdir())

    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    assert len(files) == 3
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert not any(b"s-1" in file.read_bytes() for file in files)


def test_a_recording_that_cannot_be_read_is_a_row(tmp_path: Path) -> None:
    figures = run(begun(tmp_path / "out"), 25)
    rows = [row for shard in begun(tmp_path / "out").shards() for row in shard]

    assert (figures.rows, figures.made, figures.found) == (25, 25, 0)
    assert figures.codes == {"unreadable_audio": 2}
    assert figures.made_audio_ms == 23 * 3_000
    assert [row.file for row in rows] == [line.file for line in lines(25)]
    assert (rows[7].code, rows[7].heard) == ("unreadable_audio", None)


def test_a_line_that_nobody_may_listen_to_is_not_listened_to() -> None:
    line = Line(subject="s-1", file="a.wav", path=Path("a.wav"), code="consent_missing")

    def never(_path: Path) -> Heard:
        raise AssertionError

    row = made(Job(number=0, lines=(line,)), never).rows[0]
    assert (row.code, row.heard) == ("consent_missing", None)


def test_what_is_there_is_not_made_again_and_what_is_damaged_is(tmp_path: Path) -> None:
    folder = begun(tmp_path / "out")
    run(folder, 30)
    before = [row for shard in folder.shards() for row in shard]
    (tmp_path / "out" / "0000001.shard").write_bytes(b"cut")
    (tmp_path / "out" / "0000002.shard.77.part").write_bytes(b"left by a kill")

    figures = run(begun(tmp_path / "out"), 30)
    after = [row for shard in folder.shards() for row in shard]

    assert (figures.found, figures.made) == (20, 10)
    assert voices(after) == voices(before)
    assert not list((tmp_path / "out").glob("*.part"))


def voices(rows: list) -> list[bytes]:  # type: ignore[type-arg]
    return [row.heard.take.voice.tobytes() for row in rows if row.heard]


def test_shards_may_end_in_another_order(tmp_path: Path) -> None:
    def backwards(jobs: Iterator[Job]) -> Iterator[Made]:
        return (made(job, hear) for job in reversed(list(jobs)))

    folder = begun(tmp_path / "out")
    encode(lines(30), folder, backwards, KEEPING, told=lambda _f: None)

    assert [row.file for shard in folder.shards() for row in shard] == [
        line.file for line in lines(30)
    ]


def test_a_row_is_found_by_what_is_in_the_file(tmp_path: Path) -> None:
    folder = begun(tmp_path / "out")
    run(folder, 30)
    index = Index.of(folder)
    wanted = hear(Path("23.wav"))
    found = index.find(wanted.digest)

    assert index.find("0" * 64) is None
    assert found is not None
    assert found.digest == wanted.digest
    assert found.spans == wanted.spans
    np.testing.assert_array_equal(found.take.voice, wanted.take.voice)


def test_digests_that_begin_alike_are_told_apart(tmp_path: Path) -> None:
    folder = begun(tmp_path / "out")
    run(folder, 30)
    digest = hear(Path("23.wav")).digest

    assert Index.of(folder).find(digest[:16] + "0" * 48) is None


def test_forgetting_removes_its_own_files_only(tmp_path: Path) -> None:
    folder = begun(tmp_path / "out")
    run(folder, 30)
    (tmp_path / "out" / "letter.txt").write_text("mine", "utf-8")

    assert destroy(tmp_path / "out") == 3
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["letter.txt"]


def test_memory_does_not_grow_with_the_list(tmp_path: Path) -> None:
    # Paths intern their parts, and the interpreter's table of those grows now and then, for good.
    short, long = (
        min(peak_bytes(tmp_path / f"{rows}-{turn}", rows) for turn in (1, 2))
        for rows in (2_000, 20_000)
    )

    assert long / short < 1.3


def peak_bytes(folder: Path, rows: int) -> int:
    folder.mkdir()
    path = folder / "list.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("subject,file\n")
        file.writelines(f"s-{n},{n}.wav\n" for n in range(rows))
    listed = (
        Line(subject=one.subject, file=one.file, path=one.path)
        for one in stream_enrolment_list(path)
    )
    tracemalloc.start()
    try:
        out = begun(folder / "out")
        keeping = Keeping(shard_rows=500, is_gone=lambda _subject: False)
        encode(listed, out, alone(lambda: hear), keeping, told=lambda _f: None)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
