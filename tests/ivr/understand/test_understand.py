"""Meaning, slots and mood of one turn come together."""

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from ivr.call import Assurance, Intent, Language, OutOfScope, Several, Transcript, Unsure
from ivr.understand.iban_checksum import is_iban
from ivr.understand.intents import IntentClassifier, Likelihoods
from ivr.understand.number_words import write_numbers
from ivr.understand.pack import Pack, PackIntent, Slot
from ivr.understand.slots import SlotFiller
from ivr.understand.understand import Mind, understand

TODAY = date(2026, 5, 13)


class NoEncoder:
    version = "none"
    dimensions = 1

    def encode(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        return np.zeros((len(sentences), 1), dtype=np.float32)


class FixedModel:
    """Says what it is told to, whatever the text."""

    names = ("cancel_flight", "rebook_flight")
    least_scope = 0.2

    def __init__(self, probabilities: tuple[float, float], scope: float) -> None:
        self._found = Likelihoods(probabilities=np.array(probabilities), scope=scope)

    def likelihoods(self, text: str, vector: object) -> Likelihoods:
        return self._found


def intent(name: str, *slots: Slot) -> PackIntent:
    return PackIntent(
        name=name,
        summary=name,
        assurance=Assurance.OPEN,
        may_suggest=False,
        slots=slots,
        sentences={},
    )


def mind(*probabilities: float, scope: float = 1.0) -> Mind:
    cancel, rebook = probabilities
    pack = Pack(
        name="airline",
        intents=(
            intent("cancel_flight", Slot.FLIGHT),
            intent("rebook_flight", Slot.FLIGHT, Slot.DATE),
        ),
        foreign=(),
    )
    return Mind(
        pack=pack,
        classifier=IntentClassifier(NoEncoder(), FixedModel((cancel, rebook), scope)),
        slots=SlotFiller(write_numbers=write_numbers, is_iban=is_iban),
    )


def said(text: str, language: Language = Language.GERMAN) -> Transcript:
    return Transcript(text=text, language=language, confidence=0.9, engine="whisper")


def test_out_of_scope_has_no_slots_but_a_mood() -> None:
    found = understand(said("Frechheit, LH 815!"), mind(0.01, 0.02, scope=0.1), today=TODAY)

    assert OutOfScope(confidence=0.02) == found


def test_the_intents_slots_are_filled() -> None:
    found = understand(
        said("Flug LH acht eins fünf auf morgen umbuchen"), mind(0.1, 0.9), today=TODAY
    )

    slots = {"flight": "LH815", "date": "2026-05-14"}
    expected = Intent(name="rebook_flight", confidence=0.9, slots=slots)
    assert expected == found


def test_both_of_two_readings_have_their_own_slots() -> None:
    found = understand(said("LH 815 morgen"), mind(0.5, 0.45), today=TODAY)

    assert isinstance(found, Unsure)
    assert found.first.slots == {"flight": "LH815"}
    assert found.second.slots == {"flight": "LH815", "date": "2026-05-14"}


@pytest.mark.parametrize("language", list(Language))
def test_nothing_named_leaves_the_slots_empty(language: Language) -> None:
    found = understand(said("bitte", language), mind(0.1, 0.9), today=TODAY)

    assert Intent(name="rebook_flight", confidence=0.9, slots={}) == found


def test_what_was_said_shows_in_no_printed_value() -> None:
    found = understand(said("LH 815 morgen"), mind(0.1, 0.9), today=TODAY)

    assert "LH815" not in repr(found)


class WordModel:
    """Hears rebook_flight in "umbuchen" and cancel_flight in "stornieren"."""

    names = ("cancel_flight", "rebook_flight")
    least_scope = 0.2

    def likelihoods(self, text: str, vector: object) -> Likelihoods:
        cancel, rebook = "stornieren" in text, "umbuchen" in text
        share = {(True, False): (0.95, 0.02), (False, True): (0.02, 0.95)}.get(
            (cancel, rebook), (0.48, 0.47)
        )
        return Likelihoods(probabilities=np.array(share), scope=1.0)


def mind_of_words() -> Mind:
    known = mind(0.5, 0.5)
    classifier = IntentClassifier(NoEncoder(), WordModel())
    return Mind(pack=known.pack, classifier=classifier, slots=known.slots)


def test_two_wishes_have_their_own_slots() -> None:
    found = understand(
        said("Bitte LH 815 umbuchen und außerdem den Flug stornieren"), mind_of_words(), today=TODAY
    )

    assert isinstance(found, Several)
    rebook, cancel = found.intents
    assert (rebook.name, cancel.name) == ("rebook_flight", "cancel_flight")
    assert rebook.slots["flight"] == "LH815"


def test_a_second_reading_can_settle_what_the_first_leaves_open() -> None:
    open_ = Transcript(text="Um buchen", language=Language.GERMAN, confidence=0.5, engine="whisper")
    settled = Transcript(
        text="Um buchen",
        alternatives=("umbuchen",),
        language=Language.GERMAN,
        confidence=0.5,
        engine="whisper",
    )

    assert isinstance(understand(open_, mind_of_words(), today=TODAY), Unsure)
    found = understand(settled, mind_of_words(), today=TODAY)
    assert isinstance(found, Intent)
    assert found.name == "rebook_flight"
    assert found.confidence == pytest.approx((0.47 + 0.95 / 2) / 1.5)
