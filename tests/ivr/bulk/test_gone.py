"""People who are gone, in shards that are there and in shards that are written late."""

import threading
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from biometrics import StoreUnavailable, Take
from ivr.bulk.crew import Made
from ivr.bulk.folder import Folder, begin, destroy
from ivr.bulk.gone import TakenOut, take_out, write_without
from ivr.bulk.row import Heard, Row
from ivr.errors import BadBulkFolder, NoBulkFolder
from ivr.wiring.vault_seal import VaultSeal

SEAL = VaultSeal(key=bytes(32))


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    found = begin(tmp_path / "out", {"list": "a"}, lambda _id: SEAL, now=datetime.now(UTC))
    for number, names in enumerate((("s-a", "s-a"), ("s-a", "s-b"), ("s-b", "s-c"))):
        write_without(found, Made(number=number, rows=tuple(map(row, names))), is_gone())
    return found


def row(subject: str) -> Row:
    take = Take(digest="d", net_ms=2_000, voice=np.ones(4, dtype=np.float32))
    heard = Heard(digest="d", audio_ms=3_000, spans=(), take=take)
    return Row(subject=subject, file=f"{subject}.wav", heard=heard)


class is_gone:  # noqa: N801 - read as the question it answers
    def __init__(self, *names: str) -> None:
        self.names = names

    def __call__(self, subject: str) -> bool:
        return subject in self.names


class Noted:
    """Who was announced, before anything was written."""

    def __init__(self) -> None:
        self.announced: list[set[str]] = []

    @contextmanager
    def __call__(self, subjects: AbstractSet[str]) -> Iterator[None]:
        self.announced.append(set(subjects))
        yield


def subjects(folder: Folder) -> list[list[str]]:
    return [[one.subject for one in shard] for shard in folder.shards()]


def test_what_cannot_be_announced_is_not_written(folder: Folder) -> None:
    @contextmanager
    def refusing(_subjects: AbstractSet[str]) -> Iterator[None]:
        raise StoreUnavailable("The trail cannot be written.")
        yield

    with pytest.raises(StoreUnavailable):
        take_out(folder, is_gone("s-a"), refusing)
    assert subjects(folder) == [["s-a", "s-a"], ["s-a", "s-b"], ["s-b", "s-c"]]


def test_a_damaged_shard_is_counted_and_left(folder: Folder) -> None:
    (folder.path / "0000001.shard").write_bytes(b"cut")

    assert take_out(folder, is_gone("s-b"), Noted()) == TakenOut(rows=1, shards=1, damaged=1)
    assert (folder.path / "0000001.shard").read_bytes() == b"cut"


def test_a_folder_that_was_destroyed_is_not_written_to(folder: Folder) -> None:
    destroy(folder.path)

    with pytest.raises(NoBulkFolder):
        write_without(folder, Made(number=0, rows=(row("s-a"),)), is_gone())
    assert not folder.path.exists()


def test_a_folder_that_was_begun_anew_is_not_written_to(folder: Folder) -> None:
    destroy(folder.path)
    begin(folder.path, {"list": "b"}, lambda _id: SEAL, now=datetime.now(UTC))

    with pytest.raises(BadBulkFolder, match="begun anew"):
        write_without(folder, Made(number=0, rows=(row("s-a"),)), is_gone())
    assert not list(folder.path.glob("*.shard"))


def test_their_rows_hold_nothing_and_only_their_shards_are_written(folder: Folder) -> None:
    before = {file.name: file.read_bytes() for file in folder.path.iterdir()}
    noted = Noted()
    taken = take_out(folder, is_gone("s-a"), noted)
    changed = {name for name in before if (folder.path / name).read_bytes() != before[name]}

    assert taken == TakenOut(rows=3, shards=2)
    assert noted.announced == [{"s-a"}, {"s-a"}]
    assert subjects(folder) == [["", ""], ["", "s-b"], ["s-b", "s-c"]]
    assert changed == {"0000000.shard", "0000001.shard"}
    (gone,) = {(r.subject, r.file, r.code, r.heard) for r in folder.read(0) or ()}
    assert gone == ("", "", "taken_out", None)
    assert take_out(folder, is_gone("s-a"), noted) == TakenOut()


def test_a_shard_that_is_written_late_is_without_them(folder: Folder) -> None:
    written = write_without(folder, Made(number=3, rows=(row("s-a"), row("s-c"))), is_gone("s-a"))

    assert [one.subject for one in written] == ["", "s-c"]
    assert subjects(folder)[3] == ["", "s-c"]


def test_somebody_erased_while_a_shard_is_written_is_found_in_it(folder: Folder) -> None:
    """Whoever takes out waits until the shard is there, however the two meet."""
    asked, erased = threading.Event(), threading.Event()

    def not_yet(_subject: str) -> bool:
        asked.set()
        assert erased.wait(5)
        return False

    late = Made(number=3, rows=(row("s-d"),))
    writing = threading.Thread(target=write_without, args=(folder, late, not_yet))
    writing.start()
    assert asked.wait(5)
    done: list[TakenOut] = []
    taking = threading.Thread(target=lambda: done.append(take_out(folder, is_gone("s-d"), Noted())))
    taking.start()
    erased.set()
    writing.join(5)
    taking.join(5)

    assert done == [TakenOut(rows=1, shards=1)]
    assert subjects(folder)[3] == [""]
