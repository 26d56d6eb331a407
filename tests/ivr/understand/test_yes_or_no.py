"""A bare yes or no is read as one; what is more, both or neither is not."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from biometrics import Span, Speech, Waveform
from ivr.call import Language, Transcript, Unheard
from ivr.understand.grammars import GRAMMARS, NEITHER, NO, YES, YES_OR_NO
from ivr.understand.vosk_recogniser import VoskRecogniser
from ivr.understand.yes_or_no import hear_yes_or_no, is_yes

Speaking = Callable[[str, str], Waveform]
DE, EN = Language.GERMAN, Language.ENGLISH
SOUND = Waveform(samples=np.zeros(8_000, dtype=np.float32), rate_hz=8_000)
SPEECH = Speech(waveform=SOUND, spans=(Span(start_ms=200, end_ms=600),))


@dataclass
class FakeRecogniser:
    """Hears the same every time, and is its own hearing."""

    answer: str
    engine: str = "fake"
    languages: frozenset[Language] = frozenset(Language)
    grammars: list[tuple[str, ...]] = field(default_factory=list)
    fed_ms: int = 0

    def start(
        self,
        language: Language | None,
        *,
        grammar: tuple[str, ...] = (),
        names: tuple[str, ...] = (),
    ) -> "FakeRecogniser":
        self.grammars.append(grammar)
        return self

    def feed(self, sound: Waveform) -> None:
        self.fed_ms += sound.duration_ms

    def abandon(self) -> None: ...

    def partial(self) -> str:
        return ""

    def finish(self) -> Transcript | Unheard:
        if not self.answer:
            return Unheard.NOISE
        return Transcript(text=self.answer, language=DE, confidence=0.9, engine="fake")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", DE),
        ("Danke.", DE),
        ("Ja, nein.", DE),
        ("Ich weiß nicht.", DE),
        ("Ja, aber ich möchte lieber morgen fliegen.", DE),
        ("Nein, meine Karte ist weg.", DE),
        ("yes", DE),
        ("I don't know.", EN),
        ("i know", EN),
        ("know", EN),
        ("Right.", EN),
        ("No, my flight was cancelled.", EN),
    ],
)
def test_what_is_no_bare_answer_is_neither(text: str, language: Language) -> None:
    assert is_yes(text, language) is None


@pytest.mark.parametrize(
    ("text", "language", "answer"),
    [
        ("Nein!", DE, False),
        ("Nein, danke.", DE, False),
        ("nee nee", DE, False),
        ("Das ist falsch.", DE, False),
        ("Ja.", DE, True),
        ("Ja, genau, bitte.", DE, True),
        ("Das stimmt.", DE, True),
        ("No, thank you.", EN, False),
        ("No, that's wrong.", EN, False),
        ("Yes. Yes.", EN, True),
        ("yeah exactly", EN, True),
    ],
)
def test_a_bare_answer(text: str, language: Language, answer: bool) -> None:
    assert is_yes(text, language) is answer


def test_nobody_is_woken_for_silence() -> None:
    recogniser = FakeRecogniser("ja")

    assert hear_yes_or_no(recogniser, Speech(waveform=SOUND, spans=()), DE) is None
    assert recogniser.grammars == []


def test_noise_is_no_answer() -> None:
    assert hear_yes_or_no(FakeRecogniser(""), SPEECH, DE) is None


def test_the_recogniser_is_told_what_to_expect_and_gets_the_pauses() -> None:
    recogniser = FakeRecogniser("ja")

    assert hear_yes_or_no(recogniser, SPEECH, DE) is True
    assert recogniser.grammars == [YES_OR_NO[DE]]
    assert recogniser.fed_ms == 1_000


@pytest.mark.parametrize("language", list(Language))
def test_no_word_agrees_and_denies(language: Language) -> None:
    assert set(YES[language]).isdisjoint({*NO[language], *NEITHER[language]})
    assert {is_yes(word, language) for word in YES[language]} == {True}
    assert {is_yes(word, language) for word in NO[language]} == {False}
    assert {is_yes(word, language) for word in NEITHER[language]} == {None}


def test_every_grammar_knows_every_language() -> None:
    assert {name: set(grammar) for name, grammar in GRAMMARS.items()} == {
        "digits": set(Language),
        "yes_or_no": set(Language),
    }


@pytest.mark.parametrize(
    ("said", "answer"),
    [("My flight was cancelled.", None), ("I want to speak to an agent.", None), ("Yes.", True)],
)
def test_vosk_hears_an_answer_over_the_telephone_and_none_in_a_request(
    vosk_folder: Path, telephoned: Speaking, said: str, answer: bool | None
) -> None:
    sound = telephoned(said, "en-GB")
    whole = Speech(waveform=sound, spans=(Span(start_ms=0, end_ms=sound.duration_ms),))

    assert hear_yes_or_no(VoskRecogniser({EN: vosk_folder}), whole, EN) is answer
