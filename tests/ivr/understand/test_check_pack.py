"""A pack's weak places are found, and a decision can be explained."""

from pathlib import Path

import pytest

from ivr.call import Assurance, Intent, Language, OutOfScope, Several
from ivr.understand.check_pack import PackReport, check_pack
from ivr.understand.classifier import train_on_pack
from ivr.understand.e5_encoder import E5Encoder
from ivr.understand.explain import Examples, Explanation, explain
from ivr.understand.intents import IntentClassifier
from ivr.understand.pack import Pack, PackIntent

CARD = (
    "Ich muss meine Karte sperren",
    "Meine Karte ist gestohlen worden",
    "Bitte die Kreditkarte sofort sperren",
    "Ich habe meine Karte verloren",
    "Die Bankkarte ist weg, was nun",
    "Wann haben Sie denn geöffnet",
)
HOURS = (
    "Wann haben Sie geöffnet",
    "Bis wann ist die Filiale heute geöffnet",
    "Haben Sie samstags auf",
    "Öffnungszeiten bitte",
    "Wann machen Sie zu",
    "Ab wie viel Uhr kann ich vorbeikommen",
)
ENGLISH_CARD = (
    "I need to block my card",
    "My card was stolen",
    "Please freeze my credit card at once",
    "I've lost my card",
    "My bank card is gone, what now",
    "get my card stopped",
)
ENGLISH_HOURS = (
    "When are you open",
    "How late is the branch open today",
    "Are you open on Saturdays",
    "opening times please",
    "When do you close",
    "From what time can I drop in",
)
FOREIGN = (
    "Wie wird das Wetter morgen",
    "Erzählen Sie mir einen Witz",
    "Eine Pizza Salami bitte",
    "What's the weather tomorrow",
    "Tell me a joke",
    "Who won the match yesterday",
)


def intent(name: str, german: tuple[str, ...], english: tuple[str, ...]) -> PackIntent:
    return PackIntent(
        name=name,
        summary=name,
        assurance=Assurance.OPEN,
        may_suggest=False,
        slots=(),
        sentences={Language.GERMAN: german, Language.ENGLISH: english},
    )


@pytest.fixture(scope="module")
def pack() -> Pack:
    """One German sentence stands under the wrong intent."""
    intents = (
        intent("block_card", CARD, ENGLISH_CARD),
        intent("opening_hours", HOURS, ENGLISH_HOURS),
    )
    return Pack(name="small", intents=intents, foreign=FOREIGN)


@pytest.fixture(scope="module")
def encoder() -> E5Encoder:
    return E5Encoder()


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def report(pack: Pack, encoder: E5Encoder, cache: Path) -> PackReport:
    return check_pack(pack, encoder, cache)


@pytest.fixture(scope="module")
def classifier(pack: Pack, encoder: E5Encoder, cache: Path) -> IntentClassifier:
    return train_on_pack(pack, encoder, cache)


@pytest.fixture(scope="module")
def examples(pack: Pack, encoder: E5Encoder, cache: Path) -> Examples:
    return Examples(pack, encoder, cache)


def test_a_sentence_under_the_wrong_intent_is_named(report: PackReport) -> None:
    german = [pair for pair in report.confused if pair.language is Language.GERMAN]

    assert CARD[5] in [text for pair in german for text in pair.sentences]


def test_two_sentences_that_say_the_same_are_named(report: PackReport) -> None:
    pairs = [({two.first, two.second}, two.first_label) for two in report.alike]

    assert ({CARD[5], HOURS[0]}, "block_card") in pairs
    assert [two.cosine for two in report.alike] == sorted(
        (two.cosine for two in report.alike), reverse=True
    )


def test_each_language_has_its_accuracy(report: PackReport) -> None:
    assert report.sentences == {Language.GERMAN: 12, Language.ENGLISH: 12}
    assert 0.5 < report.accuracy[Language.GERMAN] < 1
    assert 0.5 < report.accuracy[Language.ENGLISH] <= 1


def test_what_is_refused_is_explained(
    pack: Pack, classifier: IntentClassifier, examples: Examples
) -> None:
    found = explained("Eine Pizza mit Schinken bitte", pack, classifier, examples)

    assert isinstance(found.meaning, OutOfScope)
    assert found.scope < found.least_scope
    assert found.why.startswith("Out of scope: 0.")


def test_an_intent_is_explained_by_the_nearest_examples(
    pack: Pack, classifier: IntentClassifier, examples: Examples
) -> None:
    found = explained("Meine Karte wurde gestohlen", pack, classifier, examples)

    assert isinstance(found.meaning, Intent)
    assert found.likeliest[0].name == "block_card"
    assert (found.nearest[0].label, found.nearest[0].text) == ("block_card", CARD[1])
    assert found.nearest[0].cosine > 0.8


def test_two_wishes_are_explained_as_two(
    pack: Pack, classifier: IntentClassifier, examples: Examples
) -> None:
    text = "Meine Karte ist gestohlen worden. Und bis wann ist die Filiale heute geöffnet?"
    found = explained(text, pack, classifier, examples)

    assert isinstance(found.meaning, Several)
    assert found.why == "Each part asks for something else, and each is sure enough."


def explained(
    text: str, pack: Pack, classifier: IntentClassifier, examples: Examples
) -> Explanation:
    return explain(text, Language.GERMAN, pack=pack, classifier=classifier, examples=examples)
