"""Requests are told apart, and what is none of our business is not served."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from ivr.call import Assurance, Intent, Language, OutOfScope, Unsure
from ivr.understand.calibrate_intents import (
    at_temperature,
    best_least_scope,
    best_temperature,
    scope_scores,
)
from ivr.understand.classifier import train_on_pack, train_on_sentences
from ivr.understand.e5_encoder import E5Encoder
from ivr.understand.intents import IntentClassifier, IntentSettings, Likelihoods
from ivr.understand.pack import Pack, PackIntent

SAID = {
    "block_card": (
        (
            "Ich muss meine Karte sperren",
            "Meine Karte ist gestohlen worden",
            "Bitte die Kreditkarte sofort sperren",
            "Ich habe meine Karte verloren",
            "Die Bankkarte ist weg, was nun",
            "Karte sperren lassen",
        ),
        (
            "I need to block my card",
            "My card was stolen",
            "Please freeze my credit card at once",
            "I've lost my card",
            "My bank card is gone, what now",
            "get my card stopped",
        ),
    ),
    "account_balance": (
        (
            "Wie viel Geld habe ich auf dem Konto",
            "Was ist mein Kontostand",
            "Sagen Sie mir meinen Saldo",
            "Ist mein Gehalt schon auf dem Konto",
            "Kontostand bitte",
            "Wie hoch ist mein Guthaben",
        ),
        (
            "How much money is in my account",
            "What's my balance",
            "Tell me what I have left",
            "Has my salary reached my account",
            "account balance please",
            "How much do I have",
        ),
    ),
    "opening_hours": (
        (
            "Wann haben Sie offen",
            "Bis wann ist die Filiale heute geöffnet",
            "Haben Sie samstags auf",
            "Öffnungszeiten bitte",
            "Wann macht ihr zu",
            "Ab wie viel Uhr kann ich vorbeikommen",
        ),
        (
            "When are you open",
            "How late is the branch open today",
            "Are you open on Saturdays",
            "opening times please",
            "When do you close",
            "From what time can I drop in",
        ),
    ),
}
FOREIGN = (
    "Wie wird das Wetter morgen",
    "Erzählen Sie mir einen Witz",
    "Eine Pizza Salami bitte",
    "Schatz, hol die Kinder ab",
    "Wer hat gestern das Spiel gewonnen",
    "What's the weather tomorrow",
    "Tell me a joke",
    "One pepperoni pizza please",
    "Darling, pick up the children",
    "Who won the match yesterday",
)


def small_pack() -> Pack:
    intents = [
        PackIntent(
            name=name,
            summary=name,
            assurance=Assurance.OPEN,
            may_suggest=False,
            slots=(),
            sentences={Language.GERMAN: german, Language.ENGLISH: english},
        )
        for name, (german, english) in SAID.items()
    ]
    return Pack(name="small", intents=tuple(intents), foreign=FOREIGN)


@pytest.fixture(scope="module")
def encoder() -> E5Encoder:
    return E5Encoder()


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def classifier(encoder: E5Encoder, cache: Path) -> IntentClassifier:
    return train_on_pack(small_pack(), encoder, cache)


def test_sentences_that_are_encoded_together_are_what_they_are_alone() -> None:
    sentences = ["Ja.", "Ich möchte auf einen anderen Flug umbuchen.", "and a seat, please"]
    encoder = E5Encoder(threads=2)

    together = encoder.encode(sentences)

    alone = np.concatenate([encoder.encode([sentence]) for sentence in sentences])
    assert np.array_equal(alone, together)


def test_what_was_looked_at_together_reads_as_it_does_alone(classifier: IntentClassifier) -> None:
    texts = ["Flug umbuchen", "Wo ist mein Koffer?", "x" * 1_200]

    knowing = classifier.knowing(texts)

    for text in (*texts, "nie gesehen"):
        assert classifier.read(text, Language.GERMAN) == knowing.read(text, Language.GERMAN)
    alternatives = texts[1:]
    assert classifier.read(texts[0], Language.GERMAN, alternatives) == knowing.read(
        texts[0], Language.GERMAN, alternatives
    )


class FixedModel:
    """Says what it is told to, whatever the text."""

    names = ("a", "b", "c")
    least_scope = 0.3

    def __init__(self, probabilities: list[float], scope: float) -> None:
        self._found = Likelihoods(probabilities=np.array(probabilities), scope=scope)

    def likelihoods(self, text: str, vector: object) -> Likelihoods:
        return self._found


class NoEncoder:
    version = "none"
    dimensions = 1

    def encode(self, sentences: object) -> np.ndarray:
        return np.zeros((1, 1), dtype=np.float32)


def judged(probabilities: list[float], scope: float = 1.0, text: str = "ja") -> object:
    model = FixedModel(probabilities, scope)
    return IntentClassifier(NoEncoder(), model, IntentSettings()).classify(text, Language.GERMAN)


def test_what_scores_too_low_is_out_of_scope_however_probable() -> None:
    assert OutOfScope(confidence=0.9) == judged([0.9, 0.05, 0.02], scope=0.2)


def test_far_from_everything_known_or_weak_everywhere_scores_low() -> None:
    probabilities = np.array([[0.9, 0.05], [0.9, 0.05], [0.04, 0.01]])
    near, far, weak = scope_scores(probabilities, np.array([0.9, 0.2, 0.9]))

    assert near == pytest.approx(0.854, abs=0.001)
    assert far == pytest.approx(0.19, abs=0.001)
    assert weak == pytest.approx(0.18, abs=0.001)
    assert scope_scores(probabilities[:1], np.array([-0.5])) == 0


@pytest.mark.parametrize("text", ["", "   ", "...", "?!"])
def test_no_words_are_no_request(text: str) -> None:
    assert isinstance(judged([0.9, 0.05, 0.02], text=text), OutOfScope)


def test_two_that_are_close_are_both_offered_best_first() -> None:
    expected = Unsure(
        first=Intent(name="b", confidence=0.45), second=Intent(name="a", confidence=0.4)
    )
    assert expected == judged([0.4, 0.45, 0.05])


def test_a_clear_request_is_taken() -> None:
    assert Intent(name="c", confidence=0.7) == judged([0.1, 0.1, 0.7])


def test_far_ahead_is_clear_even_when_not_probable() -> None:
    assert Intent(name="a", confidence=0.4) == judged([0.4, 0.1, 0.1])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Regnet es am Wochenende?", "de"),
        ("Zwei Döner zum Mitnehmen", "de"),
        ("Is it going to rain at the weekend?", "en"),
        ("Two kebabs to take away", "en"),
    ],
)
def test_what_nobody_here_serves_is_out_of_scope(
    classifier: IntentClassifier, text: str, language: str
) -> None:
    assert isinstance(classifier.classify(text, Language(language)), OutOfScope)


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("Hilfe, jemand hat mir die Karte geklaut", "de", "block_card"),
        ("meine karte sperren bitte", "de", "block_card"),
        ("Wie viel ist noch drauf auf meinem Konto?", "de", "account_balance"),
        ("Ist bei Ihnen am Samstag geöffnet?", "de", "opening_hours"),
        ("Somebody stole my card", "en", "block_card"),
        ("How much have I got in the account?", "en", "account_balance"),
        ("Are you open at the weekend?", "en", "opening_hours"),
    ],
)
def test_requests_are_understood_in_other_words(
    classifier: IntentClassifier, text: str, language: str, name: str
) -> None:
    found = classifier.classify(text, Language(language))

    assert isinstance(found, Intent)
    assert name == found.name
    assert 0.3 < found.confidence <= 1
    assert found.slots == {}


def test_probabilities_leave_room_for_out_of_scope(classifier: IntentClassifier) -> None:
    reading = classifier.read("Regnet es morgen?", Language.GERMAN)

    assert {"block_card", "account_balance", "opening_hours"} == set(reading.best_first)
    assert 0 < sum(reading.probabilities) < 0.9
    assert list(reading.probabilities) == sorted(reading.probabilities, reverse=True)


def test_a_turn_of_any_length_and_any_characters_is_read(classifier: IntentClassifier) -> None:
    classifier.classify("Karte sperren " * 20_000, Language.GERMAN)
    classifier.classify("\ud800 \x00 🤷 Karte", Language.GERMAN)


def test_a_warm_cache_gives_the_same_answers(
    classifier: IntentClassifier, encoder: E5Encoder, cache: Path
) -> None:
    again = train_on_pack(small_pack(), encoder, cache)

    for text in ("Karte weg", "balance please", "Regnet es?"):
        expected = classifier.read(text, Language.GERMAN)
        found = again.read(text, Language.GERMAN)
        assert expected.best_first == found.best_first
        assert np.allclose(expected.probabilities, found.probabilities, atol=1e-6)


def test_a_damaged_model_file_is_trained_anew(
    classifier: IntentClassifier, encoder: E5Encoder, cache: Path, tmp_path: Path
) -> None:
    for file in cache.iterdir():
        damaged = file.read_bytes()[: 400 if "intents" in file.name else None]
        (tmp_path / file.name).write_bytes(damaged)
    again = train_on_pack(small_pack(), encoder, tmp_path)

    expected = classifier.read("Karte weg", Language.GERMAN)
    assert expected == again.read("Karte weg", Language.GERMAN)


def test_what_callers_say_is_never_stored(classifier: IntentClassifier, cache: Path) -> None:
    before = {file.name: file.read_bytes() for file in cache.iterdir()}
    classifier.classify("Meine Nummer ist geheim", Language.GERMAN)

    assert before == {file.name: file.read_bytes() for file in cache.iterdir()}


def test_several_callers_at_once_get_the_answers_of_one(classifier: IntentClassifier) -> None:
    texts = ["Karte weg", "Kontostand", "Wann offen", "Wetter"] * 5
    expected = [classifier.read(text, Language.GERMAN) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda text: classifier.read(text, Language.GERMAN), texts))

    assert expected == found


def test_two_intents_and_nothing_foreign_can_be_learned(encoder: E5Encoder) -> None:
    sentences = [(text, name) for name in ("block_card", "opening_hours") for text in SAID[name][0]]
    classifier = train_on_sentences(sentences, encoder)

    reading = classifier.read("Die Karte wurde gestohlen", Language.GERMAN)
    assert reading.best_first == ("block_card", "opening_hours")
    assert reading.is_in_scope


def test_one_sentence_each_is_too_little_to_calibrate_on_but_works(encoder: E5Encoder) -> None:
    sentences = [("Karte sperren", "block_card"), ("Wann haben Sie offen", "opening_hours")]
    classifier = train_on_sentences(sentences, encoder)

    reading = classifier.read("Wann machen Sie auf", Language.GERMAN)
    assert reading.best_first == ("opening_hours", "block_card")


def test_loading_leaves_the_environment_as_it_was() -> None:
    before = dict(os.environ)
    E5Encoder(threads=1)

    assert before == dict(os.environ)


def test_vectors_have_norm_one_and_do_not_depend_on_company(encoder: E5Encoder) -> None:
    together = encoder.encode(["Karte sperren", "Wie ist das Wetter morgen in Berlin?"])

    assert (2, encoder.dimensions) == together.shape
    assert np.allclose(1, np.linalg.norm(together, axis=1), atol=1e-5)
    assert np.allclose(together[0], encoder.encode(["Karte sperren"])[0], atol=1e-5)


def test_doubtful_predictions_are_made_sharper_and_boastful_ones_flatter() -> None:
    truth = np.array([0] * 9 + [1])
    doubtful = np.tile([0.6, 0.4], (10, 1))
    boastful = np.tile([0.999, 0.001], (10, 1))

    sharper, flatter = best_temperature(doubtful, truth), best_temperature(boastful, truth)
    assert sharper < 1 < flatter
    assert np.allclose([0.9, 0.1], at_temperature(doubtful, sharper)[0], atol=0.01)
    assert np.allclose([0.9, 0.1], at_temperature(boastful, flatter)[0], atol=0.01)


def test_the_door_stands_between_served_and_foreign() -> None:
    served, foreign = np.array([0.5, 0.6, 0.9, 0.1]), np.array([0.2, 0.3, 0.4])
    is_right = np.array([True, True, True, False])

    assert best_least_scope(served, is_right, foreign) == 0.5
    assert best_least_scope(served, is_right, np.array([])) == 0.0
