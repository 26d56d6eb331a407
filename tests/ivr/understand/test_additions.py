"""Sentences beside a pack: merged behind its own, numbered, and taken back."""

from pathlib import Path

import pytest

from ivr.call import Language
from ivr.errors import BadPack
from ivr.understand.additions import (
    Additions,
    AdditionsShelf,
    additions_file,
    read_additions,
    with_additions,
)
from ivr.understand.pack import Pack, read_pack

DE, EN = Language.GERMAN, Language.ENGLISH
PLASTIC = "Da ist was mit dem Plastik."


@pytest.fixture(scope="module")
def bank() -> Pack:
    return read_pack("bank")


@pytest.fixture
def shelf(tmp_path: Path) -> AdditionsShelf:
    return AdditionsShelf(tmp_path / "packs", "bank")


def adding(intent: str, *sentences: str, language: Language = DE) -> Additions:
    additions = Additions(pack="bank")
    for sentence in sentences:
        additions = additions.with_more(intent, language, sentence)
    return additions


def sentences_of(pack: Pack, intent: str, language: Language = DE) -> tuple[str, ...]:
    found = pack.intent(intent)
    assert found is not None
    return found.sentences[language]


# merging


def test_an_intent_that_the_pack_lacks_is_refused(bank: Pack) -> None:
    with pytest.raises(BadPack, match="rebook_flight"):
        with_additions(bank, adding("rebook_flight", PLASTIC))


def test_a_sentence_of_another_intent_is_refused(bank: Pack) -> None:
    taken = sentences_of(bank, "block_card")[0]

    with pytest.raises(BadPack, match="block_card and replace_card"):
        with_additions(bank, adding("replace_card", taken.upper()))


def test_additions_stand_behind_the_packs_own_sentences(bank: Pack) -> None:
    grown = with_additions(bank, adding("replace_card", PLASTIC, PLASTIC))

    assert sentences_of(grown, "replace_card") == (*sentences_of(bank, "replace_card"), PLASTIC)
    assert sentences_of(grown, "replace_card", EN) == sentences_of(bank, "replace_card", EN)
    assert sentences_of(grown, "block_card") == sentences_of(bank, "block_card")
    assert PLASTIC not in sentences_of(bank, "replace_card")


def test_what_nobody_serves_can_be_added_too(bank: Pack) -> None:
    grown = with_additions(bank, adding("out_of_scope", PLASTIC))

    assert grown.foreign == (*bank.foreign, PLASTIC)


def test_no_additions_change_nothing(bank: Pack) -> None:
    assert with_additions(bank, Additions(pack="bank")) == bank


# files


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("pack: bank", "version"),
        ("pack: airline\nversion: 1\nfollows: 0\nadditions: {}", "airline, not to bank"),
        ("pack: bank\nversion: 0\nfollows: 0\nadditions: {}", "version"),
        ("pack: bank\nversion: 1\nfollows: 0\nadditions: {a: {fr: [b]}}", "additions"),
        ("pack: bank\nversion: 1\nfollows: 0\nadditions: {}\nextra: 1", "extra"),
        ("pack: [", "YAML"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, text: str, why: str) -> None:
    file = additions_file(tmp_path, "bank")
    file.write_text(text, "utf-8")

    with pytest.raises(BadPack, match=why):
        read_additions(file, pack="bank")


def test_no_file_adds_nothing(tmp_path: Path) -> None:
    file = additions_file(tmp_path, "bank")

    assert read_additions(file, pack="bank") == Additions(pack="bank")


# versions


def test_where_nothing_is_added_nothing_is_taken_back(shelf: AdditionsShelf) -> None:
    with pytest.raises(BadPack, match="Nothing is added"):
        shelf.take_back()


def test_a_version_that_is_gone_cannot_be_gone_back_to(shelf: AdditionsShelf) -> None:
    shelf.put(adding("replace_card", PLASTIC))
    shelf.put(adding("replace_card", PLASTIC, "Und noch eins."))
    (shelf.file.parent / "bank.additions.0001.yaml").unlink()

    with pytest.raises(BadPack, match="Version 1"):
        shelf.take_back()
    assert shelf.current().version == 2


def test_every_version_can_be_gone_back_to_and_keeps_its_number(shelf: AdditionsShelf) -> None:
    first = shelf.put(adding("replace_card", PLASTIC))
    second = shelf.put(first.with_more("block_card", EN, 'Kill it: "the card", né?'))

    assert (first.version, second.version, second.follows) == (1, 2, 1)
    assert shelf.current() == second
    assert shelf.take_back() == first
    assert shelf.current() == first

    third = shelf.put(first.with_more("block_card", EN, "Stop it."))
    assert (third.version, third.follows) == (3, 1)
    assert shelf.take_back() == first
    assert shelf.take_back() == Additions(pack="bank")
    assert not shelf.file.exists()
    assert shelf.put(first).version == 4
