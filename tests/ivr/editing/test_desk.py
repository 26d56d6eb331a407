"""Two people edit: drafts are their own, nothing wrong is published, everything can go back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from biometrics import StoreUnavailable
from ivr.editing.desk import EditingDesk, Texts
from ivr.editing.document import MOST_LETTERS, Document, DocumentName, Kind
from ivr.editing.drafts import Drafts
from ivr.editing.mirror import Mirror
from ivr.editing.shelf import Shelf
from ivr.editing.trouble import Trouble
from ivr.errors import EditedDamaged, EditedMeanwhile, EditRefused, UnknownDocument

NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)
RULES = "policy.yaml"
HELLO = "prompts/de.yaml"


class FakeTrail:
    """Remembers what was announced, or refuses."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.is_out = False

    @contextmanager
    def announce(self, person: str, what: str) -> Iterator[None]:
        if self.is_out:
            raise StoreUnavailable("The trail cannot be written.")
        self.told.append((person, what))
        yield


class FakeReaders:
    """Find a line that says bad, and want measured what says new."""

    def check(self, texts: Texts, document: Document) -> tuple[Trouble, ...]:
        lines = texts.get(document.name, "").splitlines()
        bad = [number for number, line in enumerate(lines, 1) if "bad" in line]
        return tuple(Trouble(sentence="It is bad.", line=number) for number in bad)

    def must_measure(self, texts: Texts, document: Document) -> None:
        if "new" in texts[document.name]:
            raise EditRefused("Measure first.")


@pytest.fixture
def trail() -> FakeTrail:
    return FakeTrail()


@pytest.fixture
def desk(tmp_path: Path, trail: FakeTrail) -> EditingDesk:
    folder, readers = tmp_path / "edited", FakeReaders()
    return EditingDesk(
        documents=(
            Document(name=DocumentName(RULES), kind=Kind.RULES, original=lambda: "a: 1\r\n"),
            Document(name=DocumentName(HELLO), kind=Kind.PROMPTS, original=lambda: "hello: x\n"),
        ),
        shelf=Shelf(folder),
        drafts=Drafts(folder),
        mirror=Mirror(folder=folder / "files"),
        check=readers.check,
        must_measure=readers.must_measure,
        announce=trail.announce,
    )


def save(desk: EditingDesk, person: str, text: str) -> None:
    desk.save(person, RULES, text, desk.sheet(person, RULES).seen or "")


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "/etc/passwd", "policy.yml", "drafts"])
def test_nothing_but_what_is_listed_can_be_edited(desk: EditingDesk, name: str) -> None:
    with pytest.raises(UnknownDocument):
        desk.sheet("anna", name)
    with pytest.raises(UnknownDocument):
        desk.save("anna", name, "x", "")
    with pytest.raises(UnknownDocument):
        desk.publish("anna", name, "x", NOW)


def test_a_text_beyond_measure_is_refused(desk: EditingDesk) -> None:
    with pytest.raises(EditRefused, match="at most"):
        save(desk, "anna", "x" * (MOST_LETTERS + 1))


def test_what_is_wrong_is_shown_and_not_published(desk: EditingDesk, trail: FakeTrail) -> None:
    save(desk, "anna", "a: 1\nbad\n")

    sheet = desk.sheet("anna", RULES)
    assert desk.troubles(sheet) == (Trouble(sentence="It is bad.", line=2),)
    with pytest.raises(EditRefused, match="bad"):
        desk.publish("anna", RULES, "Because", NOW)
    assert desk.sheet("anna", RULES).draft is not None
    assert trail.told == []


def test_what_was_not_measured_is_not_published(desk: EditingDesk) -> None:
    save(desk, "anna", "a: new\n")

    with pytest.raises(EditRefused, match="Measure"):
        desk.publish("anna", RULES, "Because", NOW)


@pytest.mark.parametrize("message", ["", "  ", "\u202e\n"])
def test_nobody_publishes_without_a_reason(desk: EditingDesk, message: str) -> None:
    save(desk, "anna", "a: 2\n")

    with pytest.raises(EditRefused, match="why"):
        desk.publish("anna", RULES, message, NOW)


def test_nothing_changed_is_nothing_to_publish(desk: EditingDesk) -> None:
    with pytest.raises(EditRefused, match="already"):
        desk.publish("anna", RULES, "Because", NOW)
    save(desk, "anna", "a: 1\r\n")
    with pytest.raises(EditRefused, match="already"):
        desk.publish("anna", RULES, "Because", NOW)


def test_what_cannot_be_written_down_is_not_done(desk: EditingDesk, trail: FakeTrail) -> None:
    save(desk, "anna", "a: 2\n")
    trail.is_out = True

    with pytest.raises(StoreUnavailable):
        desk.publish("anna", RULES, "Because", NOW)
    with pytest.raises(StoreUnavailable):
        desk.go_back("anna", 0, NOW)
    assert desk.sheet("ben", RULES).published == "a: 1\n"


def test_the_slower_of_two_is_refused_and_keeps_the_draft(desk: EditingDesk) -> None:
    save(desk, "anna", "a: 2\n")
    save(desk, "ben", "a: 3\n")
    desk.publish("ben", RULES, "Because", NOW)

    sheet = desk.sheet("anna", RULES)
    assert sheet.is_overtaken
    with pytest.raises(EditedMeanwhile):
        desk.publish("anna", RULES, "Because", NOW)
    assert desk.sheet("anna", RULES).text == "a: 2\n"

    save(desk, "anna", "a: 2\n")  # having seen what ben published
    assert desk.publish("anna", RULES, "Because", NOW).number == 2


def test_drafts_are_used_by_nobody_else(desk: EditingDesk) -> None:
    save(desk, "anna", "a: 2\n")

    assert desk.sheet("anna", RULES).is_changed
    assert not desk.sheet("ben", RULES).is_changed
    assert desk.shelf.in_use() is None


def test_a_draft_can_be_dropped_even_a_damaged_one(desk: EditingDesk, tmp_path: Path) -> None:
    save(desk, "anna", "a: 2\n")
    (tmp_path / "edited" / "drafts" / "anna" / "policy.yaml.json").write_text("{")
    with pytest.raises(EditedDamaged):
        desk.sheet("anna", RULES)

    desk.begin_again("anna", RULES)

    assert desk.sheet("anna", RULES).text == "a: 1\n"


def test_publishing_is_written_down_mirrored_and_in_the_history(
    desk: EditingDesk, trail: FakeTrail, tmp_path: Path
) -> None:
    save(desk, "anna", "a: 2")

    version = desk.publish("anna", RULES, " VIPs \n first ", NOW)

    assert (version.author, version.message) == ("anna", "VIPs first")
    assert desk.history() == (version,)
    assert desk.sheet("ben", RULES).published == "a: 2\n"
    assert desk.sheet("anna", RULES).draft is None
    assert trail.told == [("anna", "published")]
    assert (tmp_path / "edited" / "files" / RULES).read_text() == "a: 2\n"
    change = desk.changes(1)[DocumentName(RULES)]
    assert (change.added, change.removed) == (1, 1)


def test_going_back_is_a_version_of_its_own(desk: EditingDesk, tmp_path: Path) -> None:
    save(desk, "anna", "a: 2\n")
    desk.publish("anna", RULES, "Because", NOW)

    version = desk.go_back("ben", 0, NOW)

    assert (version.number, version.author) == (2, "ben")
    assert desk.sheet("anna", RULES).published == "a: 1\n"
    assert not (tmp_path / "edited" / "files" / RULES).exists()
    assert desk.go_back("ben", 1, NOW).again == 1
    assert desk.sheet("anna", RULES).published == "a: 2\n"
