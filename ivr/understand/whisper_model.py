"""Whisper by CTranslate2, on a processor or a graphics card. Only here is faster_whisper used."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.tokenizer import Tokenizer
from numpy.typing import NDArray

from biometrics import Waveform
from ivr.call import Language
from ivr.errors import BadSettings, ModelDamaged, ModelMissing
from ivr.settings import UnderstandSettings
from ivr.understand.in_one_go import InOneGo
from ivr.understand.plausible import Reading, said_once
from ivr.understand.window import RATE_HZ, most_tokens, window_frames, with_lead

_COMPUTE = {"cpu": "int8", "cuda": "float16"}
"""On an H100, 16 callers were given 103 turns a second with 16 bits, 79 with weights of 8."""

_FILES = ("model.bin", "config.json", "tokenizer.json")

_BEAM = 5
"""Measured on German telephone speech: 27.9 % wrong words, greedy search 36.1 %."""

_READINGS = 3
"""The best text and two more. Five cost a tenth more time."""

_ABOUT = {Language.GERMAN: "Es geht um", Language.ENGLISH: "It is about"}
"""How a sentence begins that holds names. As bare lists they are made up more often."""

_MOST_TOKENS_BEFORE = 150
"""The decoder has 448 places; a turn of 28 s may need more than half of them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Task:
    """One piece of a turn, to be understood."""

    features: NDArray[np.float32]
    """Shape (1, mels, frames)."""

    duration_ms: int
    language: Language | None
    """None: to be found out."""

    is_wanted: Callable[[], bool]
    before: tuple[int, ...] = ()
    """Tokens that Whisper takes to have been said before the sound."""

    encoded: ctranslate2.StorageView | None = None
    """The features after the encoder, where it has seen them already."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """What became of a task."""

    language: Language
    readings: tuple[Reading, ...]
    """Best first, never empty."""

    encoded: ctranslate2.StorageView | None
    """Its features after the encoder; None where others were in the same go."""


class Whisper:
    """A loaded model. CTranslate2 takes work from any thread; nothing here keeps state of a turn.

    A processor understands every piece by itself, several at the same time. A graphics card does
    one thing after the other, and many pieces nearly as quickly as one: there, what comes while it
    computes is understood together.
    """

    def __init__(self, folder: Path, settings: UnderstandSettings) -> None:
        """Load the CTranslate2 model in `folder`.

        Raises:
            ModelMissing: the folder or one of its files is not there.
            ModelDamaged: the files are no Whisper model.
            BadSettings: it is to compute on a graphics card that cannot be used; says why.
        """
        self._model = _load(folder, settings)
        is_multilingual = self._model.model.is_multilingual
        self.languages = frozenset(Language if is_multilingual else {Language.ENGLISH})
        self._tokenizers = {language: self._tokenizer(language) for language in self.languages}
        self._together: InOneGo[Task, Answer | None] | None = None
        if settings.device == "cuda":
            self._try_the_card()
        if settings.together > 1:
            self._together = InOneGo(self.answers, kind=_kind, most=settings.together)

    def task(
        self, sound: Waveform, language: Language | None, is_wanted: Callable[[], bool]
    ) -> Task:
        """`sound` at any rate, at most 28 s of it."""
        return Task(
            features=self._features(sound),
            duration_ms=sound.duration_ms,
            language=language,
            is_wanted=is_wanted,
        )

    def again(self, task: Task, answer: Answer, names: tuple[str, ...]) -> Task:
        """The same once more, as if a sentence with these names had just been said.

        Whisper then knows how they are written, and that they are likely. What does not fit is
        left out.
        """
        tokenizer = self._tokenizers[answer.language]
        tokens: list[int] = []
        for count in range(1, len(names) + 1):
            sentence = f" {_ABOUT[answer.language]} {', '.join(names[:count])}."
            longer = tokenizer.encode(sentence)
            if len(longer) > _MOST_TOKENS_BEFORE:
                break
            tokens = longer
        before = (tokenizer.sot_prev, *tokens) if tokens else ()
        return replace(task, language=answer.language, before=before, encoded=answer.encoded)

    def answer(self, task: Task) -> Answer | None:
        """None: nobody wants it any more."""
        return self.answers([task])[0] if self._together is None else self._together.do(task)

    def answers(self, tasks: Sequence[Task]) -> list[Answer | None]:
        """Tasks of one kind in one go: with windows and with prompts of one length."""
        encoded = tasks[0].encoded
        if encoded is None:
            encoded = self._encoded(np.concatenate([task.features for task in tasks]))
        if not any(task.is_wanted() for task in tasks):
            return [None for _ in tasks]
        languages = self._languages_of(tasks, encoded)
        results = self._model.model.generate(
            encoded,
            [
                [*task.before, *self._first_tokens(language)]
                for task, language in zip(tasks, languages, strict=True)
            ],
            beam_size=_BEAM,
            num_hypotheses=_READINGS,
            max_length=max(len(task.before) + most_tokens(task.duration_ms) for task in tasks),
            return_scores=True,
            return_no_speech_prob=True,
        )
        return [
            Answer(
                language=language,
                readings=self._readings(result, language, task.duration_ms),
                encoded=encoded if len(tasks) == 1 else None,
            )
            for task, language, result in zip(tasks, languages, results, strict=True)
        ]

    def _encoded(self, features: NDArray[np.float32]) -> ctranslate2.StorageView:
        return self._model.model.encode(ctranslate2.StorageView.from_array(features))

    def _first_tokens(self, language: Language) -> list[int]:
        tokenizer = self._tokenizers[language]
        return [*tokenizer.sot_sequence, tokenizer.no_timestamps]

    def _readings(
        self,
        result: ctranslate2.models.WhisperGenerationResult,
        language: Language,
        duration_ms: int,
    ) -> tuple[Reading, ...]:
        return tuple(
            Reading(
                text=said_once(self._tokenizers[language].decode(tokens).strip()),
                mean_log_probability=score,
                tokens=len(tokens),
                no_speech=result.no_speech_prob,
                duration_ms=duration_ms,
            )
            for tokens, score in zip(result.sequences_ids, result.scores, strict=True)
        )

    def _features(self, sound: Waveform) -> NDArray[np.float32]:
        """Log-mel features, zeros after the sound as in faster-whisper."""
        found = self._model.feature_extractor(with_lead(sound).samples)
        frames = window_frames(found.shape[1])
        features = np.zeros((1, found.shape[0], frames), dtype=np.float32)
        features[0, :, : found.shape[1]] = found[:, :frames]
        return features

    def _languages_of(
        self, tasks: Sequence[Task], encoded: ctranslate2.StorageView
    ) -> list[Language]:
        """The given ones, or the likeliest of those that are spoken here, whatever else it is."""
        if len(self.languages) == 1:
            return [*self.languages] * len(tasks)
        given = [task.language for task in tasks if task.language]
        if len(given) == len(tasks):
            return given
        guesses = self._model.model.detect_language(encoded)
        return [
            task.language or self._likeliest(dict(guess))
            for task, guess in zip(tasks, guesses, strict=True)
        ]

    def _likeliest(self, likely: Mapping[str, float]) -> Language:
        return max(sorted(self.languages), key=lambda language: likely[f"<|{language}|>"])

    def _tokenizer(self, language: Language) -> Tokenizer:
        return Tokenizer(
            self._model.hf_tokenizer,
            self._model.model.is_multilingual,
            task="transcribe",
            language=language.value,
        )

    def _try_the_card(self) -> None:
        """Its libraries are only looked for at the first turn, which must not be a caller's.

        Raises:
            BadSettings: it does not compute.
        """
        silence = Waveform(samples=np.zeros(RATE_HZ, dtype=np.float32), rate_hz=RATE_HZ)
        try:
            self._encoded(self._features(silence))
        except RuntimeError as err:
            raise _card_refused(err) from err


def _kind(task: Task) -> tuple[object, ...]:
    """What fits into one go: windows of one length, prompts of one length, all to be encoded."""
    return task.features.shape, len(task.before), id(task.encoded)


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
            num_workers=1 if settings.together > 1 else settings.at_once,
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
