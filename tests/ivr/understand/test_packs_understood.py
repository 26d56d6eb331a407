"""The four packs, asked with sentences that they have never seen.

The floors are what was measured on all eight lists together, less two sentences of 450: another
processor rounds the vectors a little differently.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from ivr.call import Intent, Language, Understanding, Unsure
from ivr.evaluate.intents import OUT_OF_SCOPE, IntentFigures, judge, read_sentences
from ivr.settings import read_settings
from ivr.understand.classifier import train_on_pack
from ivr.understand.e5_encoder import E5Encoder
from ivr.understand.intents import IntentClassifier, Reading
from ivr.understand.pack import BUSINESSES, read_pack
from ivr.understand.sentence_cache import SentenceCache

LISTS = Path(__file__).parent / "sentences"
CACHE = read_settings().home / "intents"
"""Kept between runs: the first encodes two thousand sentences, for a minute."""


GREETINGS = {
    Language.GERMAN: ("Hallo, guten Tag", "Hallo, hier ist Weber", "Können Sie mich hören?"),
    Language.ENGLISH: ("Hello there", "Hi, my name is Anna", "Are you able to hear me?"),
}


class KnownEncoder:
    """Encodes nothing but the sentences it was made with, which it looks up."""

    def __init__(self, encoder: E5Encoder, sentences: list[str]) -> None:
        self.version, self.dimensions = encoder.version, encoder.dimensions
        vectors = SentenceCache(encoder, CACHE).encode(sentences)
        self._vectors = dict(zip(sentences, vectors, strict=True))

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._vectors[sentence] for sentence in sentences])


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    label: str
    reading: Reading
    meaning: Understanding


class Answers:
    """Plays a classifier whose answers are known, so that all packs make one figure."""

    def __init__(self, answers: list[Answer]) -> None:
        self._answers = answers

    def read(self, text: str, language: Language) -> Reading:
        return self._answers[int(text)].reading

    def figures(self) -> IntentFigures:
        asked = [(str(place), answer.label) for place, answer in enumerate(self._answers)]
        return judge(self, asked, Language.GERMAN)


@pytest.fixture(scope="module")
def classifiers() -> dict[str, IntentClassifier]:
    encoder = E5Encoder(threads=2)
    greetings = [text for said in GREETINGS.values() for text in said]
    found = {}
    for name in BUSINESSES:
        pack = read_pack(name)
        taught = [
            text for intent in pack.intents for said in intent.sentences.values() for text in said
        ]
        asked = [text for pairs in lists_of(name).values() for text, _ in pairs]
        sentences = dict.fromkeys([*taught, *pack.foreign, *asked, *greetings])
        found[name] = train_on_pack(pack, KnownEncoder(encoder, list(sentences)), CACHE)
    return found


@pytest.fixture(scope="module")
def answers(classifiers: dict[str, IntentClassifier]) -> list[Answer]:
    return [
        Answer(
            label=label,
            reading=classifier.read(text, language),
            meaning=classifier.classify(text, language),
        )
        for name, classifier in classifiers.items()
        for language, pairs in lists_of(name).items()
        for text, label in pairs
    ]


def lists_of(name: str) -> dict[Language, list[tuple[str, str]]]:
    return {one: read_sentences(LISTS / f"{name}.{one}.tsv") for one in Language}


def test_a_greeting_alone_is_no_request_in_any_business(
    classifiers: dict[str, IntentClassifier],
) -> None:
    for classifier in classifiers.values():
        for language, said in GREETINGS.items():
            for text in said:
                meaning = classifier.classify(text, language)
                assert isinstance(meaning, Intent)
                assert meaning.name == "hello"


def test_no_sentence_of_the_lists_was_taught() -> None:
    for name in BUSINESSES:
        pack = read_pack(name)
        taught = {
            text.casefold()
            for intent in pack.intents
            for said in intent.sentences.values()
            for text in said
        } | {text.casefold() for text in pack.foreign}
        for language in Language:
            asked = read_sentences(LISTS / f"{name}.{language}.tsv")
            assert taught.isdisjoint(text.casefold() for text, _ in asked)


def test_what_no_business_serves_is_refused(answers: list[Answer]) -> None:
    """Measured: area under the curve .974, 90.6 % of the foreign sentences refused."""
    figures = Answers(answers).figures()

    assert figures.auroc is not None
    assert figures.out_of_scope_recall is not None
    assert figures.auroc >= 0.970
    assert figures.out_of_scope_recall >= 0.885


def test_requests_are_understood(answers: list[Answer]) -> None:
    """Measured: 91.8 % right at once, 96.7 % among two, 86.4 % right and not refused."""
    figures = Answers(answers).figures()

    assert figures.sentences == 546
    assert figures.accuracy is not None
    assert figures.top2 is not None
    assert figures.in_scope_accuracy is not None
    assert figures.accuracy >= 0.913
    assert figures.top2 >= 0.962
    assert figures.in_scope_accuracy >= 0.860


def test_an_intent_that_is_taken_is_nearly_always_the_right_one(answers: list[Answer]) -> None:
    """Measured: 97.6 % of those taken; 28 of 34 pairs that are offered hold the right one."""
    served = [answer for answer in answers if answer.label != OUT_OF_SCOPE]
    taken = [(a.meaning, a.label) for a in served if isinstance(a.meaning, Intent)]
    offered = [(a.meaning, a.label) for a in served if isinstance(a.meaning, Unsure)]

    assert len(taken) >= 375
    assert np.mean([meaning.name == label for meaning, label in taken]) >= 0.971
    assert len(offered) >= 20
    assert np.mean([label in (one.first.name, one.second.name) for one, label in offered]) >= 0.77


def test_probabilities_mean_what_they_say(answers: list[Answer]) -> None:
    """Held-out lists are easier than the packs' own sentences, so the promise is kept or beaten."""
    taken = [a for a in answers if isinstance(a.meaning, Intent)]
    promised = np.mean([a.reading.probabilities[0] for a in taken])
    kept = np.mean([a.reading.best_first[0] == a.label for a in taken])

    assert promised - 0.03 <= kept
