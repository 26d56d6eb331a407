"""Word errors are counted by the textbook, and a bad list is refused before it is measured."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from biometrics import Waveform
from ivr.call import Language, Transcript, Unheard
from ivr.errors import BadTestSet
from ivr.evaluate.conditions import only_coded
from ivr.evaluate.words import evaluate_words, normalised, word_errors


class FakeHearing:
    def __init__(self, answer: str) -> None:
        self._answer = answer

    def feed(self, sound: Waveform) -> None:
        assert sound.rate_hz == 8_000

    def finish(self) -> Transcript | Unheard:
        if not self._answer:
            return Unheard.NOISE
        return Transcript(
            text=self._answer, language=Language.GERMAN, confidence=0.9, engine="fake"
        )


class FakeRecogniser:
    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)

    def start(self, language: Language | None) -> FakeHearing:
        assert language is Language.GERMAN
        return FakeHearing(self._answers.pop(0))


@dataclass
class FakeDetector:
    """Hears speech in every frame that is not silent."""

    frame_ms: int = 20

    def probabilities(self, waveform: Waveform) -> NDArray[np.float32]:
        frames = waveform.samples[: len(waveform.samples) // 160 * 160].reshape(-1, 160)
        return np.asarray(np.abs(frames).max(axis=1) > 0.01, dtype=np.float32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    hum = 0.3 * np.sin(np.arange(16_000) / 5)
    soundfile.write(tmp_path / "hum.wav", hum, 16_000)
    soundfile.write(tmp_path / "silence.wav", np.zeros(16_000), 16_000)
    return tmp_path


def listed(folder: Path, *lines: str) -> Path:
    (folder / "list.tsv").write_text("\n".join(lines), "utf-8")
    return folder / "list.tsv"


def test_a_list_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTestSet):
        evaluate_words(
            tmp_path / "missing.tsv",
            recogniser=FakeRecogniser(),
            detector=FakeDetector(),
            language=Language.GERMAN,
        )


@pytest.mark.parametrize(
    "line", ["", "hum.wav", "hum.wav ja", "\tja", "hum.wav\t", "hum.wav\t...", "none.wav\tja"]
)
def test_a_list_that_cannot_be_used_is_refused(folder: Path, line: str) -> None:
    with pytest.raises(BadTestSet):
        evaluate_words(
            listed(folder, line),
            recogniser=FakeRecogniser("ja"),
            detector=FakeDetector(),
            language=Language.GERMAN,
        )


def test_a_file_that_is_no_recording_is_refused(folder: Path) -> None:
    (folder / "text.wav").write_text("no sound", "utf-8")

    with pytest.raises(BadTestSet, match=r"text\.wav"):
        evaluate_words(
            listed(folder, "text.wav\tja"),
            recogniser=FakeRecogniser(),
            detector=FakeDetector(),
            language=Language.GERMAN,
        )


def test_the_complaint_names_the_line_and_not_its_words(folder: Path) -> None:
    with pytest.raises(BadTestSet) as caught:
        evaluate_words(
            listed(folder, "hum.wav\tja", "Klaus Beispiel"),
            recogniser=FakeRecogniser(),
            detector=FakeDetector(),
            language=Language.GERMAN,
        )

    assert caught.value.sentence == "Line 2 of list.tsv is not a path, a tab and a text."


def test_wrong_words_rejections_and_silence_are_counted(folder: Path) -> None:
    told: list[tuple[int, int]] = []

    figures = evaluate_words(
        listed(
            folder,
            "hum.wav\tMein Koffer ist nicht da.",
            "hum.wav\tJa, bitte.",
            "",
            "hum.wav\tNein.",
            "silence.wav\tHallo!",
        ),
        recogniser=FakeRecogniser("mein Koffer ist da", "ja bitte", ""),
        detector=FakeDetector(),
        language=Language.GERMAN,
        condition=only_coded("alaw"),
        progress=lambda done, total: told.append((done, total)),
    )

    assert figures.wer == pytest.approx(3 / 9)
    assert (figures.turns, figures.rejected) == (4, 2)
    assert 0.0 <= figures.p50_ms <= figures.p95_ms
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


@pytest.mark.parametrize(
    ("reference", "heard", "errors"),
    [
        ("", "", 0),
        ("a b c", "", 3),
        ("", "a b", 2),
        ("a b c", "a b c", 0),
        ("a b c", "a x c", 1),
        ("a b c", "b c", 1),
        ("a b c", "a b b c", 1),
        ("a b c d", "b a d c", 3),
    ],
)
def test_word_errors(reference: str, heard: str, errors: int) -> None:
    assert errors == word_errors(reference.split(), heard.split())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Äpfel, Öl & Süßes!", ["äpfel", "öl", "süßes"]),
        ("Ich weiß: E-Mail.", ["ich", "weiß", "email"]),
        ("I don't know", ["i", "dont", "know"]),
        ("1.000,50 Euro", ["100050", "euro"]),
        ("LH 815", ["lh", "815"]),
        ("a\u0308rgerlich", ["ärgerlich"]),
        ("- ... -", []),
    ],
)
def test_words_are_compared_without_case_and_punctuation(text: str, words: list[str]) -> None:
    assert words == normalised(text)
