"""What a caller said, by Whisper: turns in pieces, names that are likely, what to believe."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from biometrics import Waveform, joined
from ivr.call import Language, Transcript, Unheard
from ivr.errors import NoRecogniser
from ivr.settings import UnderstandSettings
from ivr.understand.plausible import Reading, is_invented, words
from ivr.understand.whisper_model import Whisper
from ivr.understand.window import is_silent, pieces

_ENGINE = "whisper"


def _always() -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heard:
    """One piece of a turn, understood."""

    language: Language
    readings: tuple[Reading, ...]
    """Best first, never empty."""


class WhisperRecogniser:
    """A loaded Whisper model. One per process, shared by every call.

    It never reaches the network: everything is in the folder.
    """

    def __init__(self, folder: Path, settings: UnderstandSettings | None = None) -> None:
        """Load the CTranslate2 model in `folder`.

        Raises:
            ModelMissing: the folder or one of its files is not there.
            ModelDamaged: the files are no Whisper model.
            BadSettings: it is to compute on a graphics card that cannot be used; says why.
        """
        self._settings = settings or UnderstandSettings()
        self._whisper = Whisper(folder, self._settings)

    @property
    def engine(self) -> str:
        return _ENGINE

    @property
    def languages(self) -> frozenset[Language]:
        return self._whisper.languages

    def start(
        self,
        language: Language | None,
        *,
        grammar: tuple[str, ...] = (),  # noqa: ARG002 - Whisper hears everything
        names: tuple[str, ...] = (),
    ) -> "WhisperHearing":
        """Listen to one turn. Whisper cannot be limited to a grammar and gives no partial words.

        Raises:
            NoRecogniser: an English-only model was asked for German.
        """
        if language is not None and language not in self.languages:
            raise NoRecogniser("This Whisper model does not understand the language.")
        return WhisperHearing(self, language, names)

    def hear(
        self,
        sound: Waveform,
        language: Language | None,
        names: tuple[str, ...] = (),
        *,
        is_wanted: Callable[[], bool] = _always,
    ) -> Transcript | Unheard:
        """The words of a whole turn at any rate. A turn over 28 s is heard in pieces.

        Once they are not wanted any more it ends with nothing after the step that it is at.
        """
        if is_silent(sound):
            return Unheard.SILENCE
        heard: list[_Heard] = []
        for piece in pieces(sound):
            found = self._understand(piece, language, names, is_wanted)
            if found is None:
                return Unheard.SILENCE
            if not is_invented(found.readings[0], self._settings):
                language = found.language
                heard.append(found)
        return _transcript(heard) if heard else Unheard.NOISE

    def _understand(
        self,
        sound: Waveform,
        language: Language | None,
        names: tuple[str, ...],
        is_wanted: Callable[[], bool],
    ) -> _Heard | None:
        """One piece of a turn, heard a second time with the names in mind where there are any.

        Out of noise Whisper makes up the names it was told, and is sure of them. So only what is
        believed without the names is heard again with them, and counts only if one more is in it.
        None: nobody wants the words any more.
        """
        task = self._whisper.task(sound, language, is_wanted)
        answer = self._whisper.answer(task)
        if answer is None:
            return None
        readings = answer.readings
        likely = (*names, *self._settings.likely_names)
        if likely and not is_invented(readings[0], self._settings):
            reminded = self._whisper.answer(self._whisper.again(task, answer, likely))
            if reminded is None:
                return None
            named = reminded.readings[0]
            gained = _found(likely, named.text) - _found(likely, readings[0].text)
            if gained and not is_invented(named, self._settings):
                readings = (named, *readings[:-1])
        return _Heard(language=answer.language, readings=readings)


class WhisperHearing:
    """One turn of one caller, collected and understood at its end. Never shared."""

    def __init__(
        self, recogniser: WhisperRecogniser, language: Language | None, names: tuple[str, ...]
    ) -> None:
        self._recogniser = recogniser
        self._language = language
        self._names = names
        self._sounds: list[Waveform] = []
        self._is_abandoned = False

    def feed(self, sound: Waveform) -> None:
        self._sounds.append(sound)

    def partial(self) -> str:
        return ""

    def finish(self) -> Transcript | Unheard:
        if not self._sounds:
            return Unheard.SILENCE
        return self._recogniser.hear(
            joined(self._sounds),
            self._language,
            self._names,
            is_wanted=lambda: not self._is_abandoned,
        )

    def abandon(self) -> None:
        """The encoder and the decoder each go on to their end; half of the work is left at best."""
        self._is_abandoned = True


def _found(names: tuple[str, ...], text: str) -> set[str]:
    said = f" {' '.join(words(text))} "
    return {name for name in names if f" {' '.join(words(name))} " in said}


def _transcript(heard: list[_Heard]) -> Transcript:
    best = [piece.readings[0] for piece in heard]
    return Transcript(
        text=" ".join(reading.text for reading in best),
        language=heard[0].language,
        confidence=_confidence(best),
        engine=_ENGINE,
        alternatives=_alternatives(heard[0].readings) if len(heard) == 1 else (),
    )


def _confidence(readings: list[Reading]) -> float:
    """The geometric mean of the tokens' probabilities: exp(mean log-probability), 0 to 1."""
    tokens = [max(reading.tokens, 1) for reading in readings]
    total = sum(
        reading.mean_log_probability * count
        for reading, count in zip(readings, tokens, strict=True)
    )
    return min(math.exp(total / sum(tokens)), 1.0)


def _alternatives(readings: tuple[Reading, ...]) -> tuple[str, ...]:
    """Further texts whose words differ: another comma is no other reading."""
    kept: dict[tuple[str, ...], str] = {}
    for reading in readings:
        kept.setdefault(tuple(words(reading.text)), reading.text)
    return tuple(list(kept.values())[1:])
