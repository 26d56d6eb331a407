"""Models that load and give other answers than they did are found."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from biometrics import EncoderId, Span, Speech, Vector, Waveform
from ivr.call import Intent, Language, OutOfScope, Transcript, Understanding, Unheard
from ivr.checkup.known import (
    known_recordings,
    meanings_found,
    speech_heard,
    voices_told_apart,
    words_heard,
)
from ivr.understand.pack import read_pack

FIXTURES = Path(__file__).parents[3] / "audio_fixtures"


def listen(data: bytes) -> Speech:
    """The length of the file tells which it is."""
    sound = Waveform(samples=np.full(24_000, len(data) % 97 + 1, dtype=np.float32), rate_hz=8_000)
    return Speech(waveform=sound, spans=(Span(start_ms=0, end_ms=3_000),))


class FakeRecogniser:
    def __init__(self, engine: str, says: Callable[[Language], str]) -> None:
        self.engine, self._says = engine, says
        self.languages = frozenset(Language)
        self._language = Language.GERMAN

    def start(self, language: Language | None, **_: object) -> "FakeRecogniser":
        self._language = language or Language.GERMAN
        return self

    def feed(self, sound: Waveform) -> None: ...

    def abandon(self) -> None: ...

    def partial(self) -> str:
        return ""

    def finish(self) -> Transcript | Unheard:
        text = self._says(self._language)
        if not text:
            return Unheard.NOISE
        return Transcript(text=text, language=self._language, confidence=0.9, engine=self.engine)


SAID = {
    Language.GERMAN: "Ja, genau. Deswegen rufe ich an.",
    Language.ENGLISH: "Hello, I am calling to ask about the money back for my ticket.",
}


@pytest.mark.parametrize("engine", ["whisper", "vosk"])
@pytest.mark.parametrize("text", ["", "the the the", "Untertitel der Amara.org-Community"])
def test_words_that_nobody_said_are_found_in_every_language(engine: str, text: str) -> None:
    findings = list(words_heard(FakeRecogniser(engine, lambda _: text), listen))

    assert [one.is_fatal for one in findings] == [True, True]
    assert [one.what for one in findings] == [f"{engine}, de", f"{engine}, en"]


def test_words_that_were_said_are_well() -> None:
    findings = words_heard(FakeRecogniser("whisper", lambda language: SAID[language]), listen)

    assert [one.is_well for one in findings] == [True, True]


class FakeEncoder:
    """Hears each recording as the vector that belongs to its place."""

    def __init__(self, name: str, *voices: tuple[float, float]) -> None:
        self.id, self._voices = EncoderId(name), list(voices)
        self.dimension, self.rate_hz, self.shortest_ms, self.weights_sha256 = 2, 8_000, 100, ""

    def encode(self, speech: Waveform) -> Vector:
        return np.array(self._voices.pop(0), dtype=np.float32)


def at(cosine: float) -> tuple[float, float]:
    return cosine, float(np.sqrt(1 - cosine**2))


@pytest.mark.parametrize(
    ("name", "same", "other", "is_well"),
    [
        ("telephone-ecapa-1", 0.85, 0.35, True),
        ("telephone-ecapa-1", 0.99, 0.35, False),
        ("telephone-ecapa-1", 0.85, 0.60, False),
        ("another", 0.99, 0.60, True),
        ("another", 0.70, 0.65, False),
        ("another", 0.30, 0.90, False),
    ],
)
def test_voices_that_are_compared_in_another_way_are_found(
    name: str, same: float, other: float, *, is_well: bool
) -> None:
    encoder = FakeEncoder(name, (1, 0), at(same), (1, 0), at(other))

    (finding,) = voices_told_apart(encoder, listen)

    assert finding.is_well is is_well


@pytest.mark.parametrize(("net_ms", "is_well"), [(0, False), (8_000, False), (2_900, True)])
def test_a_detector_that_hears_nobody_or_everything_is_found(net_ms: int, *, is_well: bool) -> None:
    def detect(_: bytes) -> Speech:
        spans = (Span(start_ms=0, end_ms=net_ms),) if net_ms else ()
        sound = Waveform(samples=np.zeros(8 * net_ms, dtype=np.float32), rate_hz=8_000)
        return Speech(waveform=sound, spans=spans)

    (finding,) = speech_heard(detect)

    assert finding.is_well is is_well


def test_a_pack_that_is_not_understood_any_more_is_found() -> None:
    pack = read_pack("bank")
    taught = {
        sentence: one.name
        for one in pack.intents
        for sentences in one.sentences.values()
        for sentence in sentences
    }

    def right(heard: Transcript, _: date) -> Understanding:
        return Intent(name=taught[heard.text], confidence=0.9)

    def always(heard: Transcript, _: date) -> Understanding:
        return Intent(name=pack.intents[0].name, confidence=0.9)

    def never(*_: object) -> Understanding:
        return OutOfScope(confidence=0.9)

    found = [next(iter(meanings_found(pack, one))).is_well for one in (right, always, never)]
    assert found == [True, False, False]


def test_the_recordings_are_those_of_the_fixtures() -> None:
    recordings = known_recordings()

    assert len(recordings) == 3
    for file, content in recordings.items():
        assert content == (FIXTURES / file).read_bytes()
