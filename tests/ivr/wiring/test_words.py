"""The mind follows the pack's files, as far as the policy in use allows."""

from dataclasses import replace
from pathlib import Path

import pytest

from ivr.call import Language
from ivr.errors import BadPack
from ivr.settings import Settings, UnderstandSettings
from ivr.understand.additions import AdditionsShelf
from ivr.understand.intents import IntentClassifier
from ivr.understand.pack import Pack
from ivr.wiring.places import Places
from ivr.wiring.words import Words

TOMBOLA = """
name: tombola
intents:
  buy_ticket:
    summary: Buy a ticket
    assurance: open
    may_suggest: false
    slots: []
    de: [Ein Los bitte, Ich will ein Los, Gibt es noch Lose, Los kaufen, Ein Ticket der Tombola]
    en: [One ticket please, I want a ticket, Any tickets left, Buy a ticket, A raffle ticket]
"""


class UntaughtWords(Words):
    """Learns nothing, at once."""

    def classifier_of(self, pack: Pack) -> IntentClassifier:
        return IntentClassifier.__new__(IntentClassifier)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "tombola.yaml"
    file.write_text(TOMBOLA, "utf-8")
    return file


@pytest.fixture
def words(tmp_path: Path, file: Path) -> Words:
    settings = replace(
        Settings(), home=tmp_path / "home", understand=UnderstandSettings(pack=str(file))
    )
    return UntaughtWords(Places(settings))


@pytest.mark.parametrize(
    ("old", "new"),
    [("buy_ticket:", "win_ticket:"), ("assurance: open", "assurance: voice")],
)
def test_a_pack_that_the_policy_was_not_made_for_is_refused(
    words: Words, file: Path, old: str, new: str
) -> None:
    words.mind_source.learn()
    file.write_text(TOMBOLA.replace(old, new), "utf-8")

    with pytest.raises(BadPack, match="restart to use the pack"):
        words.mind_source.learn()


def test_a_new_sentence_is_learned(words: Words, file: Path) -> None:
    before, _ = words.mind_source.stamp(), words.mind_source.learn()
    file.write_text(TOMBOLA.replace("Los kaufen", "Los kaufen, Zwei Lose"), "utf-8")

    assert words.mind_source.stamp() != before
    assert "Zwei Lose" in _german(words)


def test_an_added_sentence_is_learned(words: Words, tmp_path: Path) -> None:
    before = words.mind_source.stamp()
    shelf = AdditionsShelf(tmp_path / "home" / "packs", "tombola")
    shelf.put(shelf.current().with_more("buy_ticket", Language.GERMAN, "Drei Lose"))

    assert words.mind_source.stamp() != before
    assert "Drei Lose" in _german(words)


def test_the_mind_in_use_is_the_one_of_the_files(words: Words) -> None:
    assert words.mind.pack.name == "tombola"
    assert words.mind is words.live_mind.current


def _german(words: Words) -> tuple[str, ...]:
    ticket = words.mind_source.learn().pack.intent("buy_ticket")
    assert ticket is not None
    return ticket.sentences[Language.GERMAN]
