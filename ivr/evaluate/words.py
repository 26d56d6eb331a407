"""How many words come out wrong, and how long they take after the caller has finished."""

import re
import time
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np

from biometrics import (
    Codec,
    SpanSettings,
    SpeechDetector,
    UnreadableRecording,
    Waveform,
    find_speech,
    read_recording,
)
from ivr.call import Language, Transcript, Unheard
from ivr.errors import BadTestSet
from ivr.evaluate.conditions import Condition, only_coded


class Hearing(Protocol):
    """One turn that is listened to."""

    def feed(self, sound: Waveform) -> None: ...

    def finish(self) -> Transcript | Unheard: ...


class Recogniser(Protocol):
    """Whatever turns speech into words."""

    def start(self, language: Language | None) -> Hearing: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WordFigures:
    """What one list of recordings showed."""

    wer: float
    """Substituted, missing and added words for each word of the references."""

    p50_ms: float
    """Median time from the end of the audio to the text."""

    p95_ms: float
    turns: int
    rejected: int
    """Turns that gave no words: silence, or taken for noise. All their words count as missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A recording and what is said in it."""

    recording: Path
    text: str = field(repr=False)

    def sound(self) -> Waveform:
        """What was recorded.

        Raises:
            BadTestSet: it cannot be read.
        """
        try:
            return read_recording(self.recording)
        except UnreadableRecording as err:
            raise BadTestSet(f"{self.recording.name} is no recording that can be read.") from err


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    wrong: int
    words: int
    took_ms: float
    is_rejected: bool


def evaluate_words(  # noqa: PLR0913 - a measurement names everything it depends on
    tsv: Path,
    *,
    recogniser: Recogniser,
    detector: SpeechDetector,
    language: Language | None,
    condition: Condition | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> WordFigures:
    """Hear every recording of `tsv` over a telephone line and compare with its text.

    Lines are `path<TAB>text`, paths relative to the list's folder. With no condition it is a quiet
    room and a mu-law line. `progress` is told how many of how many recordings are done. The time
    that the detector takes is not counted: in a call it works while the caller speaks.

    Raises:
        BadTestSet: the list or one of its recordings cannot be used.
    """
    condition = condition or only_coded(Codec.MULAW)
    lines = read_list(tsv)
    turns: list[_Turn] = []
    for line in lines:
        spoken = condition.speak(line.text) if condition.speak else line.sound()
        sound = condition.over(spoken, number=len(turns))
        turns.append(_measured(line, sound, recogniser, detector, language))
        if progress:
            progress(len(turns), len(lines))
    took_ms = [turn.took_ms for turn in turns]
    return WordFigures(
        wer=sum(turn.wrong for turn in turns) / sum(turn.words for turn in turns),
        p50_ms=float(np.percentile(took_ms, 50)),
        p95_ms=float(np.percentile(took_ms, 95)),
        turns=len(turns),
        rejected=sum(turn.is_rejected for turn in turns),
    )


def normalised(text: str) -> list[str]:
    """The words that are compared: lower case, no punctuation, umlauts and ß kept.

    A hyphen and an apostrophe join: `E-Mail` is `email`, `don't` is `dont`. Numbers stay as
    they are written; only the dot or comma inside one goes, so that 1.000 is 1000.
    """
    plain = unicodedata.normalize("NFC", text).lower()
    joined = re.sub(r"(?<=\w)[-'\u2019\u2011](?=\w)|(?<=\d)[.,](?=\d)", "", plain)
    return re.findall(r"\w+", joined)


def word_errors(reference: Sequence[str], heard: Sequence[str]) -> int:
    """Fewest substitutions, deletions and insertions between the two (Levenshtein 1966)."""
    row = list(range(len(heard) + 1))
    for position, word in enumerate(reference, start=1):
        diagonal, row[0] = row[0], position
        for column, other in enumerate(heard, start=1):
            cheapest = min(row[column] + 1, row[column - 1] + 1, diagonal + (word != other))
            diagonal, row[column] = row[column], cheapest
    return row[-1]


def _measured(
    line: Line,
    sound: Waveform,
    recogniser: Recogniser,
    detector: SpeechDetector,
    language: Language | None,
) -> _Turn:
    reference = normalised(line.text)
    heard, took_ms = _heard(sound, recogniser, detector, language)
    found = normalised(heard.text) if isinstance(heard, Transcript) else []
    return _Turn(
        wrong=word_errors(reference, found),
        words=len(reference),
        took_ms=took_ms,
        is_rejected=isinstance(heard, Unheard),
    )


def _heard(
    sound: Waveform, recogniser: Recogniser, detector: SpeechDetector, language: Language | None
) -> tuple[Transcript | Unheard, float]:
    """The words and the milliseconds from the end of the audio to them."""
    if not find_speech(sound, detector, SpanSettings()).spans:
        return Unheard.SILENCE, 0.0
    hearing = recogniser.start(language)
    hearing.feed(sound)
    ended = time.perf_counter()
    heard = hearing.finish()
    return heard, (time.perf_counter() - ended) * 1_000


def read_list(tsv: Path) -> list[Line]:
    """Lines of `path<TAB>text`, paths relative to the list's folder.

    Raises:
        BadTestSet: the list cannot be used.
    """
    try:
        rows = tsv.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as err:
        raise BadTestSet(f"{tsv.name} cannot be read as a UTF-8 list.") from err
    lines = [_line(tsv, number, row) for number, row in enumerate(rows, start=1) if row.strip()]
    if not lines:
        raise BadTestSet(f"{tsv.name} holds no lines.")
    return lines


def _line(tsv: Path, number: int, row: str) -> Line:
    path, tab, text = row.partition("\t")
    if not tab or not path.strip() or not normalised(text):
        raise BadTestSet(f"Line {number} of {tsv.name} is not a path, a tab and a text.")
    return Line(recording=tsv.parent / path.strip(), text=text)
