"""How many turns Whisper gets done with so many at the same time, and what it hears."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import repeat
from pathlib import Path
from time import perf_counter

from biometrics import Waveform
from ivr.call import Language, Transcript
from ivr.evaluate.words import normalised, word_errors
from ivr.settings import UnderstandSettings
from ivr.understand.whisper_recogniser import WhisperRecogniser

_WARMING = 2
"""Turns of each thread that are not counted: buffers are made, a card's kernels are loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A turn and its words."""

    sound: Waveform = field(repr=False)
    language: Language
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AtOnce:
    """Every turn was heard, so many at the same time."""

    count: int
    turns_a_second: float
    took_ms: tuple[float, ...]
    """From the end of each turn to its words, with nothing that waits before it."""

    texts: tuple[tuple[str, ...], ...] = field(repr=False)
    """The words of each, normalised, in the order of the turns; none where it was refused."""

    def wer(self, turns: Sequence[Said]) -> float:
        """Word errors for each word that was said; the turns are the ones that were heard."""
        said = [normalised(one.text) for one in turns]
        wrong = sum(map(word_errors, said, self.texts))
        return wrong / sum(map(len, said))


def hear_at_once(
    folder: Path,
    turns: Sequence[Said],
    settings: UnderstandSettings,
    *,
    count: int,
    rounds: int = 1,
) -> AtOnce:
    """The Whisper in `folder` hears all the turns, so many at the same time.

    Raises:
        ModelMissing, ModelDamaged: the folder holds no Whisper.
        BadSettings: there is no graphics card that it could use.
    """
    recogniser = WhisperRecogniser(folder, replace(settings, at_once=count))
    with ThreadPoolExecutor(count) as threads:
        list(threads.map(_heard, repeat(recogniser), [*turns][:1] * count * _WARMING))
        begun = perf_counter()
        heard = list(threads.map(_heard, repeat(recogniser), [*turns] * rounds))
        took_s = perf_counter() - begun
    return AtOnce(
        count=count,
        turns_a_second=len(heard) / took_s,
        took_ms=tuple(ms for _, ms in heard),
        texts=tuple(words for words, _ in heard[: len(turns)]),
    )


def _heard(recogniser: WhisperRecogniser, turn: Said) -> tuple[tuple[str, ...], float]:
    hearing = recogniser.start(turn.language)
    hearing.feed(turn.sound)
    ended = perf_counter()
    found = hearing.finish()
    took_ms = 1_000 * (perf_counter() - ended)
    return tuple(normalised(found.text) if isinstance(found, Transcript) else ()), took_ms
