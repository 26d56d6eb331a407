"""Vosk: words while the caller still speaks, and grammars. Nothing else imports vosk."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import vosk

from biometrics import StreamResampler, Waveform
from ivr.call import Language, Transcript, Unheard
from ivr.errors import ModelDamaged, ModelMissing, NoRecogniser
from ivr.understand.window import RATE_HZ

_ENGINE = "vosk"
_UNKNOWN = "[unk]"
_ACOUSTIC_MODELS = ("am/final.mdl", "final.mdl")
"""Where models keep it, new and old."""

_LEAST_CONFIDENCE = 0.65
"""Below it the words are guesses. Measured with the small English model on the telephone band:
noise gave "yeah" at 0.41-0.62, sentences outside a grammar single words at 0.37-0.53, right
answers 0.84 and more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    text: str = field(repr=False)
    confidence: float


class VoskRecogniser:
    """Loaded Vosk models, one a language. One per process, shared by every call.

    Kaldi's models are only read; each hearing has a decoder of its own.
    """

    def __init__(self, folders: Mapping[Language, Path]) -> None:
        """Load the model in each folder.

        Raises:
            ModelMissing: a folder holds no Vosk model.
            ModelDamaged: its files cannot be loaded.
        """
        vosk.SetLogLevel(-1)
        self._models = {language: _load(folder) for language, folder in folders.items()}

    @property
    def engine(self) -> str:
        return _ENGINE

    @property
    def languages(self) -> frozenset[Language]:
        return frozenset(self._models)

    def start(
        self,
        language: Language | None,
        *,
        grammar: tuple[str, ...] = (),
        names: tuple[str, ...] = (),  # noqa: ARG002 - Vosk's words are those of its dictionary
    ) -> "VoskHearing | DetectingHearing":
        """Listen to one turn, for these phrases alone when there is a grammar.

        With no language and several models all of them listen, and the surest one answers.

        Raises:
            NoRecogniser: there is no model for the language.
        """
        wanted = self.languages if language is None else frozenset({language})
        if not wanted or not wanted <= self.languages:
            raise NoRecogniser("No Vosk model is installed for this language.")
        hearings = [VoskHearing(self._models[each], each, grammar) for each in sorted(wanted)]
        return hearings[0] if len(hearings) == 1 else DetectingHearing(hearings)


class VoskHearing:
    """One turn of one caller, decoded while it comes. Never shared."""

    def __init__(self, model: vosk.Model, language: Language, grammar: tuple[str, ...]) -> None:
        # Small models refuse 8000 Hz, so that 16 kHz is what every model gets.
        self._decoder = (
            vosk.KaldiRecognizer(model, RATE_HZ, _as_json(grammar))
            if grammar
            else vosk.KaldiRecognizer(model, RATE_HZ)
        )
        self._decoder.SetWords(True)
        self._language = language
        self._resampler: StreamResampler | None = None
        self._words: list[_Word] = []

    def feed(self, sound: Waveform) -> None:
        if self._resampler is None:
            self._resampler = StreamResampler(sound.rate_hz, RATE_HZ)
        self._decode(self._resampler.feed(sound.samples))

    def partial(self) -> str:
        # Between two stretches of speech Vosk answers with an empty text instead.
        so_far = json.loads(self._decoder.PartialResult()).get("partial", "").split()
        return " ".join([word.text for word in self._words] + [w for w in so_far if w != _UNKNOWN])

    def finish(self) -> Transcript | Unheard:
        if self._resampler is None:
            return Unheard.SILENCE
        self._decode(self._resampler.finish())
        self._words += _words(self._decoder.FinalResult())
        confidence = _mean_confidence(self._words)
        if confidence < _LEAST_CONFIDENCE:
            return Unheard.NOISE
        return Transcript(
            text=" ".join(word.text for word in self._words),
            language=self._language,
            confidence=confidence,
            engine=_ENGINE,
        )

    def abandon(self) -> None:
        """Its words are there as soon as the sound is."""

    def _decode(self, samples: np.ndarray[Any, np.dtype[np.float32]]) -> None:
        if not len(samples):
            return
        pcm = (np.clip(samples, -1.0, 1.0) * 32_767).astype("<i2")
        if self._decoder.AcceptWaveform(pcm.tobytes()):
            self._words += _words(self._decoder.Result())


class DetectingHearing:
    """One turn heard by the models of several languages. Never shared."""

    def __init__(self, hearings: list[VoskHearing]) -> None:
        self._hearings = hearings

    def feed(self, sound: Waveform) -> None:
        for hearing in self._hearings:
            hearing.feed(sound)

    def partial(self) -> str:
        """Empty: until the end nobody knows which language it is."""
        return ""

    def finish(self) -> Transcript | Unheard:
        answers = [hearing.finish() for hearing in self._hearings]
        heard = [answer for answer in answers if isinstance(answer, Transcript)]
        if not heard:
            return Unheard.SILENCE if Unheard.SILENCE in answers else Unheard.NOISE
        return max(heard, key=lambda transcript: transcript.confidence)

    def abandon(self) -> None:
        """Its words are there as soon as the sound is."""


def _load(folder: Path) -> vosk.Model:
    if not any((folder / name).is_file() for name in _ACOUSTIC_MODELS):
        raise ModelMissing("The Vosk model is not installed; 'ivr models pull' gets it.")
    try:
        return vosk.Model(str(folder))
    except Exception as err:
        # Vosk raises nothing narrower.
        raise ModelDamaged("The Vosk model's files cannot be loaded.") from err


def _as_json(grammar: tuple[str, ...]) -> str:
    return json.dumps([*(phrase.casefold() for phrase in grammar), _UNKNOWN], ensure_ascii=False)


def _words(result: str) -> list[_Word]:
    found = json.loads(result).get("result", [])
    words = [_Word(text=each["word"], confidence=each["conf"]) for each in found]
    return [word for word in words if word.text != _UNKNOWN]


def _mean_confidence(words: list[_Word]) -> float:
    """Mean of the words' posteriors, 0 to 1; 0 when there are none."""
    if not words:
        return 0.0
    return min(sum(word.confidence for word in words) / len(words), 1.0)
