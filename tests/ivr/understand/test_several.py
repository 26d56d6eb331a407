"""Two wishes in one sentence are noticed; one wish is never taken for two."""

import pytest

from ivr.call import Intent, Language, Several
from ivr.understand.intents import Reading
from ivr.understand.several import parts_of, several_wishes

REQUESTS = frozenset({"block_card", "order_card", "balance"})
KNOWN = {
    "sperr": ("block_card", 0.95),
    "block": ("block_card", 0.95),
    "bestell": ("order_card", 0.9),
    "order": ("order_card", 0.9),
    "stand": ("balance", 0.9),
    "vielleicht": ("balance", 0.5),
    "danke": ("goodbye", 0.9),
    "guten tag": ("hello", 0.9),
}


def read(text: str, language: Language) -> Reading:
    """By the first known word in the text."""
    found = [known for word, known in KNOWN.items() if word in text.casefold()]
    name, share = found[0] if found else ("block_card", 0.1)
    return Reading(
        best_first=(name, "other"),
        probabilities=(share, 0.01),
        scope=share,
        is_in_scope=share >= 0.3,
    )


def wishes(text: str, language: Language = Language.GERMAN) -> list[str]:
    found = several_wishes(text, language, read=read, requests=REQUESTS)
    return [intent.name for intent in found.intents] if found else []


@pytest.mark.parametrize(
    "text",
    [
        "Karte sperren",
        "Meine Karte sperren und zwar sofort",
        "Die Karte sperren und außerdem die andere Karte sperren",
        "Guten Tag. Bitte die Karte sperren. Danke",
        "Karte sperren und vielleicht noch was",
        "Karte sperren und dann der Hund",
        "Sperren und noch mal sperren",
        "",
    ],
)
def test_one_wish_is_one_wish(text: str) -> None:
    assert wishes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Karte sperren und außerdem eine neue bestellen",
        "Bitte Karte sperren, und dann noch eine neue bestellen",
        "Karte sperren. Eine neue bestellen.",
        "Karte sperren und eine neue bestellen",
        "Guten Tag, Karte sperren, außerdem eine bestellen. Danke",
    ],
)
def test_two_wishes_come_in_the_order_in_which_they_were_said(text: str) -> None:
    assert wishes(text) == ["block_card", "order_card"]


def test_the_other_order_is_the_other_order() -> None:
    assert wishes("Neue bestellen und die alte sperren") == ["order_card", "block_card"]


def torn(text: str, language: Language) -> Reading:
    """The whole wavers between two; of its parts only the first says what it is about."""
    if text.startswith("Karte sperren und"):
        return Reading(
            best_first=("order_card", "block_card"),
            probabilities=(0.5, 0.45),
            scope=0.6,
            is_in_scope=True,
        )
    is_first = text == "Karte sperren"
    shares = (0.9, 0.05) if is_first else (0.1, 0.2)
    return Reading(
        best_first=("block_card", "order_card"),
        probabilities=shares,
        scope=max(shares),
        is_in_scope=is_first,
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Karte sperren und außerdem eine neue", ["block_card", "order_card"]),
        ("Karte sperren und eine neue", []),
    ],
)
def test_a_word_that_is_left_out_is_understood_from_the_whole(text: str, names: list[str]) -> None:
    """Only behind a word that adds something."""
    found = several_wishes(text, Language.GERMAN, read=torn, requests=REQUESTS)

    assert [intent.name for intent in found.intents] == names if found else not names


def test_three_wishes_are_three() -> None:
    text = "Karte sperren, außerdem eine neue bestellen und dann noch den Stand sagen"

    assert wishes(text) == ["block_card", "order_card", "balance"]


@pytest.mark.parametrize(
    "text",
    [
        "Block my card and also order one",
        "Block my card. And then order one.",
        "Block my card and order one",
    ],
)
def test_english_wishes_are_told_apart_too(text: str) -> None:
    assert wishes(text, Language.ENGLISH) == ["block_card", "order_card"]


def test_each_wish_has_its_own_probability() -> None:
    found = several_wishes(
        "Karte sperren und außerdem eine neue bestellen",
        Language.GERMAN,
        read=read,
        requests=REQUESTS,
    )

    assert found == Several(
        intents=(
            Intent(name="block_card", confidence=0.95),
            Intent(name="order_card", confidence=0.9),
        )
    )


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Karte sperren", ()),
        ("Karte sperren und bestellen", ("Karte sperren", "bestellen")),
        (
            "Guten Tag. Sperren und außerdem bestellen",
            ("Guten Tag. Sperren", "bestellen", "Guten Tag", "Sperren"),
        ),
    ],
)
def test_every_part_that_is_read_is_known_before(text: str, parts: tuple[str, ...]) -> None:
    asked: list[str] = []

    def noting(part: str, language: Language) -> Reading:
        asked.append(part)
        return read(part, language)

    several_wishes(text, Language.GERMAN, read=noting, requests=REQUESTS)

    assert parts == parts_of(text, Language.GERMAN)
    assert {*asked} <= {*parts, text}
