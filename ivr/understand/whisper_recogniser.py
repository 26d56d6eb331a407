"""Whisper by CTranslate2, its window fitted to the turn. Nothing else imports faster_whisper."""

import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer

from biometrics import Waveform, joined
from ivr.call import Language, Transcript, Unheard
from ivr.errors import BadSettings, ModelDamaged, ModelMissing, NoRecogniser
from ivr.settings import UnderstandSettings
from ivr.understand.plausible import Reading, is_invented, said_once, words
from ivr.understand.window import (
    RATE_HZ,
    is_silent,
    most_tokens,
    pieces,
    window_frames,
    with_lead,
)

_ENGINE = "whisper"
_FILES = ("model.bin", "config.json", "tokenizer.json")

_COMPUTE = {"cpu": "int8", "cuda": "int8_float16"}
"""Weights of 8 bits on either; a card adds up in 16-bit floating point."""

_BEAM = 5
"""Measured on German telephone speech: 27.9 % wrong words, greedy search 36.1 %."""

_READINGS = 3
"""The best text and two more. Five cost a tenth more time."""


_ABOUT = {Language.GERMAN: "Es geht um", Language.ENGLISH: "It is about"}
"""How a sentence begins that holds names. As bare lists they are made up more often."""

_MOST_TOKENS_BEFORE = 150
"""The decoder has 448 places; a turn of 28 s may need more than half of them."""


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

    CTranslate2 takes calls from any thread; tokenizers and feature extraction keep no state. It
    never reaches the network: everything is in the folder.
    """

    def __init__(self, folder: Path, settings: UnderstandSettings | None = None) -> None:
        """Load the CTranslate2 model in `folder`.

        Raises:
            ModelMissing: the folder or one of its files is not there.
            ModelDamaged: the files are no Whisper model.
            BadSettings: it is to compute on a graphics card that cannot be used; says why.
        """
        self._settings = settings or UnderstandSettings()
        self._model = _load(folder, self._settings)
        if self._settings.device == "cuda":
            self._try_the_card()
        self._languages = (
            frozenset(Language)
            if self._model.model.is_multilingual
            else frozenset({Language.ENGLISH})
        )
        self._tokenizers = {language: self._tokenizer(language) for language in self._languages}

    @property
    def engine(self) -> str:
        return _ENGINE

    @property
    def languages(self) -> frozenset[Language]:
        return self._languages

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
        if language is not None and language not in self._languages:
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
        encoded = self._model.model.encode(self._features(sound))
        if not is_wanted():
            return None
        language = language or self._detect(encoded)
        tokenizer = self._tokenizers[language]
        decode = partial(self._decode, encoded, tokenizer, sound)
        readings = decode(before=[])
        likely = (*names, *self._settings.likely_names)
        if likely and not is_invented(readings[0], self._settings):
            before = _said_before(tokenizer, language, likely)
            named = decode(before=before)[0]
            gained = _found(likely, named.text) - _found(likely, readings[0].text)
            if gained and not is_invented(named, self._settings):
                readings = (named, *readings[:-1])
        return _Heard(language=language, readings=readings)

    def _decode(
        self,
        encoded: ctranslate2.StorageView,
        tokenizer: Tokenizer,
        sound: Waveform,
        *,
        before: list[int],
    ) -> tuple[Reading, ...]:
        """Best first; `before` is what Whisper takes to have been said before the sound."""
        result = self._model.model.generate(
            encoded,
            [[*before, *tokenizer.sot_sequence, tokenizer.no_timestamps]],
            beam_size=_BEAM,
            num_hypotheses=_READINGS,
            max_length=len(before) + most_tokens(sound.duration_ms),
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        return tuple(
            Reading(
                text=said_once(tokenizer.decode(tokens).strip()),
                mean_log_probability=score,
                tokens=len(tokens),
                no_speech=result.no_speech_prob,
                duration_ms=sound.duration_ms,
            )
            for tokens, score in zip(result.sequences_ids, result.scores, strict=True)
        )

    def _try_the_card(self) -> None:
        """Its libraries are only looked for at the first turn, which must not be a caller's.

        Raises:
            BadSettings: it does not compute.
        """
        silence = Waveform(samples=np.zeros(RATE_HZ, dtype=np.float32), rate_hz=RATE_HZ)
        try:
            self._model.model.encode(self._features(silence))
        except RuntimeError as err:
            raise _card_refused(err) from err

    def _features(self, sound: Waveform) -> ctranslate2.StorageView:
        """Log-mel features, shape (1, mels, frames), zeros after the sound as in faster-whisper."""
        found = self._model.feature_extractor(with_lead(sound).samples)
        frames = window_frames(found.shape[1])
        features = np.zeros((1, found.shape[0], frames), dtype=np.float32)
        features[0, :, : found.shape[1]] = found[:, :frames]
        return ctranslate2.StorageView.from_array(features)

    def _detect(self, encoded: ctranslate2.StorageView) -> Language:
        """The likeliest of the languages that are spoken here, whatever else it could be."""
        if len(self._languages) == 1:
            return next(iter(self._languages))
        likely = dict(self._model.model.detect_language(encoded)[0])
        return max(sorted(self._languages), key=lambda language: likely[f"<|{language}|>"])

    def _tokenizer(self, language: Language) -> Tokenizer:
        return Tokenizer(
            self._model.hf_tokenizer,
            self._model.model.is_multilingual,
            task="transcribe",
            language=language.value,
        )


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


def _said_before(tokenizer: Tokenizer, language: Language, names: tuple[str, ...]) -> list[int]:
    """Tokens of a sentence with these names, as if it had just been said.

    Whisper then knows how they are written, and that they are likely. What does not fit is left
    out.
    """
    tokens: list[int] = []
    for count in range(1, len(names) + 1):
        longer = tokenizer.encode(f" {_ABOUT[language]} {', '.join(names[:count])}.")
        if len(longer) > _MOST_TOKENS_BEFORE:
            break
        tokens = longer
    return [tokenizer.sot_prev, *tokens] if tokens else []


def _found(names: tuple[str, ...], text: str) -> set[str]:
    said = f" {' '.join(words(text))} "
    return {name for name in names if f" {' '.join(words(name))} " in said}


def _load(folder: Path, settings: UnderstandSettings) -> WhisperModel:
    _check_files(folder)
    if settings.device == "cuda" and not ctranslate2.get_cuda_device_count():
        raise _card_refused("CUDA finds none on this machine")
    try:
        return WhisperModel(
            str(folder),
            device=settings.device,
            compute_type=_COMPUTE[settings.device],
            cpu_threads=settings.threads,
            num_workers=settings.at_once,
            local_files_only=True,
        )
    except Exception as err:
        # The tokenizers library raises nothing narrower.
        if settings.device == "cuda" and "CUDA" in str(err):
            raise _card_refused(err) from err
        raise ModelDamaged("The Whisper model's files cannot be loaded.") from err


def _card_refused(why: object) -> BadSettings:
    return BadSettings(
        f"Whisper cannot compute on a graphics card: {why}. "
        "Leave IVR_UNDERSTAND__DEVICE out to compute on the processor."
    )


def _check_files(folder: Path) -> None:
    """A missing tokenizer.json would be fetched from the network: refused here instead."""
    if not all((folder / name).is_file() for name in _FILES):
        raise ModelMissing("The Whisper model is not installed; 'ivr models pull' gets it.")
    try:
        json.loads((folder / "tokenizer.json").read_bytes())
    except ValueError as err:
        raise ModelDamaged("The Whisper model's files cannot be loaded.") from err


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
