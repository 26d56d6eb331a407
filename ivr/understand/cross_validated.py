"""What a pack's sentences are taken for by a model that has not seen them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ivr.call import Language
from ivr.understand.logistic import TrainSettings, train_ensemble
from ivr.understand.pack import OUT_OF_SCOPE, Pack
from ivr.understand.sentence_cache import Encoder, SentenceCache


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """One sentence of a pack."""

    text: str = field(repr=False)
    language: Language
    label: str
    found: str
    """The likeliest intent, or out_of_scope."""


def cross_validated(
    pack: Pack, encoder: Encoder, cache: Path, settings: TrainSettings | None = None
) -> tuple[Prediction, ...]:
    """Every sentence of an intent, by a model of the pack without a fifth that it is in.

    A sentence and its translation, which stand at the same place, are held out together.
    """
    settings = settings or TrainSettings()
    served = [
        (text, language, intent.name, place)
        for intent in pack.intents
        for language in Language
        for place, text in enumerate(intent.sentences[language])
    ]
    texts = [text for text, _, _, _ in served] + list(pack.foreign)
    labels = np.array([label for _, _, label, _ in served] + [OUT_OF_SCOPE] * len(pack.foreign))
    folds = _folds([place for _, _, _, place in served], len(pack.foreign), settings.folds)
    vectors = SentenceCache(encoder, cache).encode(texts)
    found = np.empty(len(texts), dtype=object)
    for fold in range(settings.folds):
        asked, taught = folds == fold, folds != fold
        known = [text for text, is_taught in zip(texts, taught, strict=True) if is_taught]
        ensemble = train_ensemble(known, vectors[taught], labels[taught], settings)
        questions = [text for text, is_asked in zip(texts, asked, strict=True) if is_asked]
        likeliest = ensemble.probabilities(questions, vectors[asked]).argmax(axis=1)
        found[asked] = np.array(ensemble.labels, dtype=object)[likeliest]
    return tuple(
        Prediction(text=text, language=language, label=label, found=str(guess))
        for (text, language, label, _), guess in zip(served, found[: len(served)], strict=True)
    )


def _folds(served: Sequence[int], foreign: int, folds: int) -> NDArray[np.int_]:
    return np.array([*served, *range(foreign)]) % folds
