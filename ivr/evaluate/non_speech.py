"""How often words are made up out of sound in which nobody speaks."""

from collections.abc import Callable
from dataclasses import dataclass

from biometrics import Span, SpanSettings, Speech, SpeechDetector, Waveform, find_speech
from ivr.call import Language, Transcript
from ivr.evaluate.non_speech_sounds import MAKERS, STRETCH_MS, non_speech
from ivr.understand.recogniser import Recogniser, transcribe


@dataclass(frozen=True, slots=True, kw_only=True)
class KindFigures:
    """What one kind of sound was taken for."""

    kind: str
    stretches: int
    detected: int
    """Stretches in which somebody seemed to speak."""

    invented: int
    """Stretches that gave words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NonSpeechFigures:
    """What all of them were taken for."""

    rate: float
    """Share of stretches that gave words."""

    minutes: float
    stretches: int
    kinds: tuple[KindFigures, ...]


def evaluate_non_speech(  # noqa: PLR0913 - a measurement names everything it depends on
    *,
    recogniser: Recogniser,
    detector: SpeechDetector | None,
    language: Language | None,
    minutes: int,
    seed: int,
    progress: Callable[[int, int], None] | None = None,
) -> NonSpeechFigures:
    """Listen to at least so many minutes of non-speech over a mu-law line, as to callers' turns.

    Without a detector every stretch is given to the recogniser whole. `progress` is told how many
    of how many stretches are done.
    """
    each = -(-minutes * 60_000 // (len(MAKERS) * STRETCH_MS))
    found: dict[str, list[tuple[bool, bool]]] = {kind: [] for kind in MAKERS}
    for done, stretch in enumerate(non_speech(seed=seed, stretches=each), start=1):
        speech = _spoken(stretch.sound, detector)
        heard = transcribe(recogniser, speech, language)
        found[stretch.kind].append((bool(speech.spans), isinstance(heard, Transcript)))
        if progress:
            progress(done, len(MAKERS) * each)
    kinds = tuple(_figures(kind, stretches) for kind, stretches in found.items())
    total = sum(kind.stretches for kind in kinds)
    return NonSpeechFigures(
        rate=sum(kind.invented for kind in kinds) / total,
        minutes=total * STRETCH_MS / 60_000,
        stretches=total,
        kinds=kinds,
    )


def _figures(kind: str, stretches: list[tuple[bool, bool]]) -> KindFigures:
    return KindFigures(
        kind=kind,
        stretches=len(stretches),
        detected=sum(is_detected for is_detected, _ in stretches),
        invented=sum(is_invented for _, is_invented in stretches),
    )


def _spoken(sound: Waveform, detector: SpeechDetector | None) -> Speech:
    if detector is not None:
        return find_speech(sound, detector, SpanSettings())
    return Speech(waveform=sound, spans=(Span(start_ms=0, end_ms=sound.duration_ms),))
