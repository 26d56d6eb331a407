"""Trains an intent classifier on a pack, and remembers what was learned."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ivr.call import Language
from ivr.understand.array_file import read_arrays, write_arrays
from ivr.understand.calibrate_intents import (
    at_temperature,
    best_least_scope,
    best_temperature,
    scope_scores,
)
from ivr.understand.intents import IntentClassifier, Likelihoods
from ivr.understand.logistic import (
    LIBRARY,
    RECIPE,
    Ensemble,
    Linear,
    Meaning,
    Spelling,
    TrainSettings,
    centred,
    train_ensemble,
    weight_of_meaning,
)
from ivr.understand.pack import OUT_OF_SCOPE, Pack
from ivr.understand.sentence_cache import Encoder, SentenceCache

_Vectors = NDArray[np.float32]
_Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A training sentence."""

    text: str
    label: str
    """An intent, or out_of_scope."""

    position: int
    """Place within its label; a sentence and its translation share it, so that neither is
    predicted by a model that has seen the other."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainedModel:
    """An ensemble, calibrated on sentences that it had not seen."""

    ensemble: Ensemble
    served: _Vectors = field(repr=False)
    """Centred training vectors of every intent, shape (sentences, dimensions)."""

    temperature: float
    least_scope: float

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(label for label in self.ensemble.labels if label != OUT_OF_SCOPE)

    def likelihoods(self, text: str, vector: _Vectors) -> Likelihoods:
        raw = self.ensemble.probabilities([text], vector[None])
        is_served = np.array([label != OUT_OF_SCOPE for label in self.ensemble.labels])
        nearness = (centred(vector[None], self.ensemble.meaning.centre) @ self.served.T).max(axis=1)
        return Likelihoods(
            probabilities=at_temperature(raw, self.temperature)[0, is_served],
            scope=float(scope_scores(raw[:, is_served], nearness)[0]),
        )


def train_on_pack(
    pack: Pack, encoder: Encoder, cache: Path, settings: TrainSettings | None = None
) -> IntentClassifier:
    """A classifier of the pack's intents; with everything in the folder `cache` in a second."""
    examples = _examples(pack)
    vectors = SentenceCache(encoder, cache).encode([example.text for example in examples])
    model = _remembered(
        examples, vectors, cache / f"intents-{pack.name}.npz", settings or TrainSettings()
    )
    return IntentClassifier(encoder, model)


def train_on_sentences(
    sentences: Sequence[tuple[str, str]], encoder: Encoder, settings: TrainSettings | None = None
) -> IntentClassifier:
    """A classifier of any (text, label) pairs, two labels or more; nothing is stored."""
    seen: Counter[str] = Counter()
    examples = []
    for text, label in sentences:
        examples.append(Example(text=text, label=label, position=seen[label]))
        seen[label] += 1
    vectors = encoder.encode([example.text for example in examples])
    return IntentClassifier(encoder, train(examples, vectors, settings or TrainSettings()))


def train(examples: Sequence[Example], vectors: _Vectors, settings: TrainSettings) -> TrainedModel:
    """The model, with temperature and scope found on five-fold predictions. Deterministic."""
    texts = [example.text for example in examples]
    labels = np.array([example.label for example in examples])
    ensemble = train_ensemble(texts, vectors, labels, settings)
    held_out, nearness = _held_out(examples, vectors, ensemble.labels, settings)
    is_told = held_out.any(axis=1)
    truth = np.searchsorted(ensemble.labels, labels)
    temperature = best_temperature(held_out[is_told], truth[is_told])
    served = labels != OUT_OF_SCOPE
    names = np.array(ensemble.labels) != OUT_OF_SCOPE
    scores = scope_scores(held_out[:, names], nearness)
    is_right = np.flatnonzero(names)[held_out[:, names].argmax(axis=1)] == truth
    return TrainedModel(
        ensemble=ensemble,
        served=centred(vectors[served], ensemble.meaning.centre),
        temperature=temperature,
        least_scope=best_least_scope(
            scores[served & is_told], is_right[served & is_told], scores[~served & is_told]
        ),
    )


def _examples(pack: Pack) -> list[Example]:
    served = [
        Example(text=text, label=intent.name, position=position)
        for intent in pack.intents
        for language in Language
        for position, text in enumerate(intent.sentences[language])
    ]
    foreign = [
        Example(text=text, label=OUT_OF_SCOPE, position=position)
        for position, text in enumerate(pack.foreign)
    ]
    return served + foreign


def _held_out(
    examples: Sequence[Example],
    vectors: _Vectors,
    labels: tuple[str, ...],
    settings: TrainSettings,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Each sentence's probabilities and nearness by a model of the other folds.

    Zeros where the other folds are too few to tell anything apart.
    """
    probabilities = np.zeros((len(examples), len(labels)))
    nearness = np.zeros(len(examples))
    own = np.array([example.label for example in examples])
    texts = np.array([example.text for example in examples], dtype=object)
    folds = np.array([example.position % settings.folds for example in examples])
    for fold in range(settings.folds):
        asked, taught = folds == fold, folds != fold
        if not asked.any() or len({*own[taught]} - {OUT_OF_SCOPE}) < 2:  # noqa: PLR2004 - nothing to tell apart
            continue
        ensemble = train_ensemble(texts[taught].tolist(), vectors[taught], own[taught], settings)
        columns = np.searchsorted(labels, ensemble.labels)
        found = ensemble.probabilities(texts[asked].tolist(), vectors[asked])
        probabilities[np.ix_(asked, columns)] = found
        centre = ensemble.meaning.centre
        served = centred(vectors[taught & (own != OUT_OF_SCOPE)], centre)
        nearness[asked] = (centred(vectors[asked], centre) @ served.T).max(axis=1)
    return probabilities, nearness


def _remembered(
    examples: Sequence[Example], vectors: _Vectors, file: Path, settings: TrainSettings
) -> TrainedModel:
    """The model out of the file when it was trained on just this, else a new one."""
    key = _key(examples, vectors, settings)
    stored = read_arrays(file)
    if "key" in stored and str(stored["key"]) == key:
        return _unpack(stored, examples, settings)
    model = train(examples, vectors, settings)
    write_arrays(file, {"key": np.array(key), **_pack(model)})
    return model


def _key(examples: Sequence[Example], vectors: _Vectors, settings: TrainSettings) -> str:
    told = [RECIPE, LIBRARY, asdict(settings), [asdict(example) for example in examples]]
    digest = hashlib.sha256(json.dumps(told).encode())
    digest.update(np.ascontiguousarray(vectors).tobytes())
    return digest.hexdigest()


def _pack(model: TrainedModel) -> dict[str, NDArray[Any]]:
    ensemble = model.ensemble
    return {
        "labels": np.array(ensemble.labels),
        "centre": ensemble.meaning.centre,
        "levelling": ensemble.meaning.levelling,
        "known": ensemble.meaning.known,
        "meaning_weights": ensemble.meaning.regression.weights,
        "meaning_bias": ensemble.meaning.regression.bias,
        "spelling_weights": ensemble.spelling.weights,
        "spelling_bias": ensemble.spelling.bias,
        "served": model.served,
        "temperature": np.array(model.temperature),
        "least_scope": np.array(model.least_scope),
    }


def _unpack(
    stored: dict[str, NDArray[Any]], examples: Sequence[Example], settings: TrainSettings
) -> TrainedModel:
    ensemble = Ensemble(
        labels=tuple(stored["labels"].tolist()),
        meaning=Meaning(
            centre=stored["centre"],
            levelling=stored["levelling"],
            known=stored["known"],
            curvature=settings.curvature,
            regression=Linear(weights=stored["meaning_weights"], bias=stored["meaning_bias"]),
        ),
        spelling=Linear(weights=stored["spelling_weights"], bias=stored["spelling_bias"]),
        spelling_features=Spelling([example.text for example in examples]),
        meaning_weight=weight_of_meaning(
            np.array([example.label for example in examples]), settings
        ),
    )
    return TrainedModel(
        ensemble=ensemble,
        served=stored["served"],
        temperature=float(stored["temperature"]),
        least_scope=float(stored["least_scope"]),
    )
