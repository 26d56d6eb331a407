"""Versions: nothing half-written is ever read, and nobody's work is lost."""

import errno
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.editing.document import DocumentName, digest_of
from ivr.editing.shelf import Change, Publication, Shelf
from ivr.editing.version import Version
from ivr.errors import DiskReadOnly, EditedDamaged, EditedMeanwhile, UnknownVersion

RULES = DocumentName("policy.yaml")
PROMPTS = DocumentName("prompts/de.yaml")
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
ANNA = Publication(author="anna", message="Shorter", at=NOW)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "edited")


def published(shelf: Shelf, name: DocumentName, text: str) -> Version:
    current = shelf.current()
    seen = current.files.get(name) if current else None
    return shelf.publish({name: Change(text=text, seen=seen)}, ANNA)


def test_at_first_nothing_is_published(shelf: Shelf) -> None:
    assert shelf.current() is None
    assert shelf.in_use() is None
    assert shelf.versions() == ()
    with pytest.raises(UnknownVersion):
        shelf.version(1)


def test_whoever_began_with_an_older_text_is_refused(shelf: Shelf) -> None:
    first = published(shelf, RULES, "a: 1\n")
    published(shelf, RULES, "a: 2\n")

    late = {RULES: Change(text="a: 3\n", seen=first.files[RULES])}
    with pytest.raises(EditedMeanwhile, match=r"policy\.yaml"):
        shelf.publish(late, ANNA)
    with pytest.raises(EditedMeanwhile):
        shelf.publish({RULES: Change(text="a: 3\n", seen=None)}, ANNA)
    assert shelf.text(shelf.current(), RULES) == "a: 2\n"


def test_two_who_edit_different_texts_do_not_meet(shelf: Shelf) -> None:
    published(shelf, RULES, "a: 1\n")
    published(shelf, PROMPTS, "b: 1\n")

    assert shelf.text(shelf.current(), RULES) == "a: 1\n"
    assert shelf.text(shelf.current(), PROMPTS) == "b: 1\n"


def test_of_many_who_publish_at_once_one_wins(shelf: Shelf) -> None:
    published(shelf, RULES, "a: 0\n")
    current = shelf.current()
    assert current is not None

    def attempt(number: int) -> bool:
        change = Change(text=f"a: {number}\n", seen=current.files[RULES])
        try:
            shelf.publish({RULES: change}, ANNA)
        except EditedMeanwhile:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(1, 20))) == 1
    assert [one.number for one in shelf.versions()] == [2, 1]


def test_a_text_that_was_changed_by_hand_is_not_used(shelf: Shelf) -> None:
    published(shelf, RULES, "a: 1\n")
    folder = shelf.in_use()
    assert folder is not None
    (folder / RULES).write_text("a: 666\n")

    with pytest.raises(EditedDamaged, match="version 1"):
        shelf.in_use()


@pytest.mark.parametrize("content", ["", "0001; rm", "../../etc", "\x00"])
def test_a_damaged_pointer_is_told_and_names_no_folder(shelf: Shelf, content: str) -> None:
    published(shelf, RULES, "a: 1\n")
    shelf.pointer.write_text(content)

    with pytest.raises(EditedDamaged):
        shelf.in_use()


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"number": 7}', "\xff"])
def test_a_damaged_list_is_told_and_left_out(shelf: Shelf, content: str) -> None:
    published(shelf, RULES, "a: 1\n")
    folder = shelf.in_use()
    assert folder is not None
    (folder / "version.json").write_text(content, "latin-1")

    with pytest.raises(EditedDamaged):
        shelf.current()
    assert shelf.versions() == ()


@pytest.mark.parametrize("writes", range(4))
def test_a_disk_that_fills_up_changes_nothing(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    published(shelf, RULES, "a: 1\n")
    left = iter(range(writes))

    def flushed(descriptor: int) -> None:
        if next(left, None) is None:
            raise OSError(errno.ENOSPC, "full")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", flushed)
        with pytest.raises(DiskReadOnly, match="nothing has changed"):
            published(shelf, RULES, "a: 2\n")
    assert shelf.text(shelf.current(), RULES) == "a: 1\n"
    published(shelf, RULES, "a: 3\n")
    assert shelf.text(shelf.current(), RULES) == "a: 3\n"


def test_a_version_whose_pointer_was_never_set_is_not_in_use(shelf: Shelf) -> None:
    published(shelf, RULES, "a: 1\n")
    before = shelf.pointer.read_bytes()
    published(shelf, RULES, "a: 2\n")
    shelf.pointer.write_bytes(before)  # as if the machine had stopped in between

    assert shelf.text(shelf.current(), RULES) == "a: 1\n"
    third = published(shelf, RULES, "a: 3\n")
    assert (third.number, third.follows) == (3, 1)


def test_going_back_publishes_the_old_texts_again(shelf: Shelf) -> None:
    published(shelf, RULES, "a: 1\n")
    published(shelf, RULES, "a: 2\n")

    again = shelf.go_back(1, ANNA)

    assert (again.number, again.follows, again.again) == (3, 2, 1)
    assert shelf.text(shelf.current(), RULES) == "a: 1\n"
    assert [one.number for one in shelf.versions()] == [3, 2, 1]


def test_going_back_to_the_originals_publishes_none(shelf: Shelf) -> None:
    published(shelf, RULES, "a: 1\n")

    assert shelf.go_back(0, ANNA).files == {}
    assert shelf.text(shelf.current(), RULES) is None


def test_nobody_goes_back_to_what_never_was_or_is_damaged(shelf: Shelf) -> None:
    published(shelf, RULES, "a: 1\n")
    published(shelf, RULES, "a: 2\n")
    (shelf.folder / "versions" / "0001" / RULES).write_text("a: 666\n")

    with pytest.raises(UnknownVersion):
        shelf.go_back(7, ANNA)
    with pytest.raises(EditedDamaged):
        shelf.go_back(1, ANNA)
    assert shelf.text(shelf.current(), RULES) == "a: 2\n"


def test_a_version_tells_who_why_and_when(shelf: Shelf) -> None:
    version = published(shelf, RULES, "a: 1\n")

    assert shelf.versions() == (version,)
    assert version == Version(
        number=1,
        follows=0,
        at=NOW,
        author="anna",
        message="Shorter",
        files={RULES: digest_of("a: 1\n")},
    )
    assert version.changed_from(None) == (RULES,)
