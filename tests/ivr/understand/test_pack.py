"""A pack that cannot be learned from is refused with a sentence that names the place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.call import Assurance, Language
from ivr.errors import BadPack
from ivr.understand.pack import BUSINESSES, Slot, pack_files, read_pack

SENTENCES = """
    de: [Ein Los bitte, Ich will ein Los, Gibt es noch Lose, Los kaufen, Ein Ticket der Tombola]
    en: [One ticket please, I want a ticket, Any tickets left, Buy a ticket, A raffle ticket]
"""
TOMBOLA = f"""
name: tombola
intents:
  buy_ticket:
    summary: Buy a ticket
    assurance: voice
    may_suggest: true
    slots: [amount]{SENTENCES}
"""
Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_pack(text: str) -> Path:
        file = tmp_path / "mine.yaml"
        file.write_text(text, "utf-8")
        return file

    return write_pack


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[amount]", "[amont]", "mine.yaml, buy_ticket: 'amont' is no slot; known are flight,"),
        ("voice", "shout", "mine.yaml, buy_ticket: 'shout' is no assurance; known are open,"),
        ("voice", "[voice]", "mine.yaml, buy_ticket: ['voice'] is no assurance"),
        ("may_suggest: true", "may_suggest: often", "'may_suggest' must be true or false."),
        ("summary: Buy a ticket", "summary: 5", "mine.yaml, buy_ticket: 'summary' must be a text."),
        ("summary: Buy", "sumary: Buy", "mine.yaml, buy_ticket: 'sumary' is none of summary,"),
        ("buy_ticket:", "yes:", "mine.yaml: True cannot name an intent; names are words such as"),
        ("buy_ticket:", "Buy Ticket:", "mine.yaml: 'Buy Ticket' cannot name an intent"),
        ("buy_ticket:", "out_of_scope:", "mine.yaml: 'out_of_scope' cannot name an intent"),
        ("buy_ticket:", "affirm:", "affirm is one of the intents that every pack has."),
        ("Los kaufen", "No", "mine.yaml, buy_ticket: False in 'de' is no sentence (put in quotes"),
        ("Los kaufen", "''", "mine.yaml, buy_ticket: '' in 'de' is no sentence"),
        (", Los kaufen", "", "mine.yaml, buy_ticket: 'de' has 4 sentences, at least 5 are needed."),
        ("    en:", "    fr:", "mine.yaml, buy_ticket: 'fr' is none of summary,"),
        ("name: tombola", "name: [1]", "mine.yaml: 'name' must be a text."),
        ("intents:", "intent:", "mine.yaml: 'intents' must be a list of names."),
        (TOMBOLA, "", "mine.yaml: must hold named entries."),
        (TOMBOLA, "name: tombola\nintents: {}", "mine.yaml: 'intents' is empty."),
        (TOMBOLA, "name: [", "mine.yaml: is not valid YAML (line "),
        ("slots:", "summary: again\n    slots:", "'summary' is written twice, the second time in"),
        ("[amount]", "!!python/object/apply:os.getcwd []", "mine.yaml: is not valid YAML"),
    ],
)
def test_a_pack_with_a_slip_says_where_it_is(
    write: Write, old: str, new: str, sentence: str
) -> None:
    assert old in TOMBOLA
    with pytest.raises(BadPack) as refused:
        read_pack(write(TOMBOLA.replace(old, new, 1)))

    assert sentence in refused.value.sentence


def test_a_sentence_under_two_intents_is_refused(write: Write) -> None:
    second = TOMBOLA.partition("intents:")[2].replace("buy_ticket", "win")
    with pytest.raises(BadPack) as refused:
        read_pack(write(TOMBOLA + second))

    expected = "mine.yaml: 'Ein Los bitte' stands under both buy_ticket and win."
    assert expected == refused.value.sentence


def test_an_unknown_pack_names_the_known_ones() -> None:
    with pytest.raises(BadPack) as refused:
        read_pack("bakery")

    expected = (
        "There is no pack 'bakery'. Known are airline, bank, telecom, retail, or give a YAML file."
    )
    assert expected == refused.value.sentence


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadPack, match=r"none\.yaml: there is no such file"):
        read_pack(tmp_path / "none.yaml")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadPack, match=r"mine\.yaml: cannot be read as UTF-8 text"):
        read_pack(tmp_path / "mine.yaml")


def test_an_operators_pack_is_read_and_has_the_small_talk_too(write: Write) -> None:
    pack = read_pack(write(TOMBOLA))
    ticket = pack.intent("buy_ticket")

    assert pack.name == "tombola"
    assert ticket is not None
    assert Assurance.VOICE is ticket.assurance
    assert ticket.slots == (Slot.AMOUNT,)
    assert ticket.may_suggest
    assert ticket.sentences[Language.GERMAN][0] == "Ein Los bitte"
    assert pack.intent("affirm") is not None
    assert pack.intent("rebook_flight") is None


def test_our_businesses_are_not_held_against_an_operators_pack(write: Write) -> None:
    """Nobody knows what an operator's pack overlaps with."""
    own, airline = read_pack(write(TOMBOLA)), read_pack("airline")

    assert set(own.foreign) < set(airline.foreign)


@pytest.mark.parametrize("name", BUSINESSES)
def test_small_talk_is_no_request(name: str) -> None:
    pack = read_pack(name)

    assert {"affirm", "undo", "no_voice", "something_else"} < pack.small_talk
    assert "complaint" in pack.requests
    assert pack.requests | pack.small_talk == {intent.name for intent in pack.intents}


def test_the_files_of_a_pack_are_known(write: Write) -> None:
    own = write(TOMBOLA)

    assert pack_files(own)[0] == own
    assert [file.name for file in pack_files("bank")] == [
        "bank.yaml",
        "common.yaml",
        "out_of_scope.yaml",
    ]


@pytest.mark.parametrize("name", BUSINESSES)
def test_every_built_in_pack_can_be_used(name: str) -> None:
    pack = read_pack(name)
    common = {"affirm", "deny", "person", "repeat", "help", "goodbye", "slower", "back", "by_keys"}

    assert name == pack.name
    assert common < {intent.name for intent in pack.intents}
    assert 150 < len(pack.foreign) < 250


@pytest.mark.parametrize("name", BUSINESSES)
def test_no_sentence_is_both_foreign_and_served(name: str) -> None:
    pack = read_pack(name)
    served = {one for intent in pack.intents for said in intent.sentences.values() for one in said}

    assert served.isdisjoint(pack.foreign)
