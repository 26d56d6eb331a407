"""The first recogniser that speaks the language answers."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from biometrics import Span, Speech, Waveform
from ivr.call import Language, Transcript, Unheard
from ivr.errors import NoRecogniser
from ivr.understand.cascade import Cascade
from ivr.understand.recogniser import transcribe, without_long_pauses

DE, EN = Language.GERMAN, Language.ENGLISH
SOUND = Waveform(samples=np.zeros(8_000, dtype=np.float32), rate_hz=8_000)
SPEECH = Speech(waveform=SOUND, spans=(Span(start_ms=0, end_ms=1_000),))


@dataclass
class FakeHearing:
    engine: str
    language: Language
    text: str

    def feed(self, sound: Waveform) -> None:
        assert sound.duration_ms == SPEECH.net_ms

    def partial(self) -> str:
        return ""

    def finish(self) -> Transcript | Unheard:
        if not self.text:
            return Unheard.NOISE
        return Transcript(
            text=self.text, language=self.language, confidence=0.9, engine=self.engine
        )


@dataclass
class FakeRecogniser:
    engine: str
    languages: frozenset[Language]
    text: str = "Mein Flug L H 815"
    grammars: list[tuple[str, ...]] = field(default_factory=list)

    def start(self, language: Language | None, *, grammar: tuple[str, ...] = ()) -> FakeHearing:
        self.grammars.append(grammar)
        return FakeHearing(self.engine, language or min(self.languages), self.text)


def whisper(*languages: Language) -> FakeRecogniser:
    return FakeRecogniser("whisper", frozenset(languages or (DE, EN)))


def vosk(*languages: Language) -> FakeRecogniser:
    return FakeRecogniser("vosk", frozenset(languages or (EN,)))


def engine_for(cascade: Cascade, language: Language | None) -> str:
    heard = transcribe(cascade, SPEECH, language)
    assert isinstance(heard, Transcript)
    return heard.engine


@pytest.mark.parametrize("language", [None, DE, EN])
def test_with_nothing_installed_nobody_listens(language: Language | None) -> None:
    with pytest.raises(NoRecogniser):
        Cascade([]).start(language)


def test_a_language_that_nobody_understands_is_refused() -> None:
    with pytest.raises(NoRecogniser):
        Cascade([vosk(EN)]).start(DE)


def test_the_preferred_one_answers() -> None:
    cascade = Cascade([whisper(), vosk()])

    assert engine_for(cascade, EN) == "whisper"
    assert cascade.languages == {DE, EN}
    assert cascade.engine == "cascade"


def test_without_whisper_vosk_answers() -> None:
    assert engine_for(Cascade([vosk()]), EN) == "vosk"


def test_the_fallback_answers_for_a_language_that_the_preferred_one_lacks() -> None:
    assert engine_for(Cascade([whisper(EN), vosk(DE)]), DE) == "vosk"


def test_an_unknown_language_goes_to_the_one_that_can_tell_them_apart() -> None:
    assert engine_for(Cascade([vosk(EN), whisper()]), None) == "whisper"


def test_an_unknown_language_goes_to_the_preferred_one_when_none_can_tell() -> None:
    assert engine_for(Cascade([whisper(EN), vosk(DE)]), None) == "whisper"


def test_the_grammar_is_handed_on() -> None:
    preferred = whisper()

    Cascade([preferred]).start(DE, grammar=("ja", "nein"))

    assert preferred.grammars == [("ja", "nein")]


def test_a_turn_without_speech_wakes_no_recogniser() -> None:
    preferred = whisper()

    heard = transcribe(preferred, Speech(waveform=SOUND, spans=()), DE)

    assert heard is Unheard.SILENCE
    assert preferred.grammars == []


def test_noise_stays_noise() -> None:
    assert transcribe(FakeRecogniser("x", frozenset({DE}), ""), SPEECH, DE) is Unheard.NOISE


def test_a_whole_turn_comes_out_corrected() -> None:
    heard = transcribe(Cascade([whisper()]), SPEECH, DE)

    assert isinstance(heard, Transcript)
    assert heard.text == "Mein Flug LH 815"


def test_long_pauses_are_cut_and_short_ones_stay() -> None:
    sound = Waveform(samples=np.arange(10_000, dtype=np.float32), rate_hz=1_000)
    spans = (
        Span(start_ms=1_000, end_ms=2_000),
        Span(start_ms=2_500, end_ms=3_000),
        Span(start_ms=8_000, end_ms=9_900),
    )

    kept = without_long_pauses(Speech(waveform=sound, spans=spans)).samples

    assert np.array_equal(kept, [*range(700, 3_300), *range(7_700, 10_000)])
