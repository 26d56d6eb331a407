"""Regressions on sentences' meaning and on their spelling, in geometric mean."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import sklearn
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion

from ivr.algebra import on_one_thread
from ivr.understand.calibrate_intents import at_temperature
from ivr.understand.levelling import levelling

LIBRARY = f"scikit-learn-{sklearn.__version__}"
"""Models trained by different libraries are not the same."""

RECIPE = 2
"""Count up with every change of the training below, so that no older model is remembered."""

_SPANNED_UP_TO = 2_500
"""With more sentences spelling's own space is the smaller one, and meaning is told by as many of
them, evenly picked."""

_ROUNDING = 1e-6
"""Added to every sentence's likeness to itself; two that are the same leave it invertible."""

_Vectors = NDArray[np.float32]
_Probabilities = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainSettings:
    """How a model is trained. The figures are the best of those measured."""

    meaning_weight: float = 0.65
    """Weight of the sentence vectors in the geometric mean; the rest is spelling's."""

    meaning_weight_of_few: float = 0.8
    """The same for labels of `few` sentences or fewer on average: spelling needs more to go by."""

    few: int = 12

    shrinkage: float = 0.8
    """See `levelling`."""

    curvature: float = 2.0
    """How quickly likeness fades with the angle between two sentences."""

    meaning_regularisation: float = 300.0
    """sklearn's C, the inverse of the strength."""

    spelling_regularisation: float = 30.0

    folds: int = 5
    """Parts into which the sentences fall, each predicted by a model of the others."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Linear:
    """A multinomial logistic regression as plain arrays."""

    weights: NDArray[np.float32] = field(repr=False)
    """Shape (labels, features)."""

    bias: NDArray[np.float32] = field(repr=False)
    """Shape (labels,)."""

    def probabilities(self, features: Any) -> _Probabilities:  # noqa: ANN401 - dense or sparse
        """Shape (sentences, labels)."""
        logits = np.asarray(features @ self.weights.T, dtype=np.float64) + self.bias
        powers = np.exp(logits - logits.max(axis=1, keepdims=True))
        probabilities: _Probabilities = powers / powers.sum(axis=1, keepdims=True)
        return probabilities


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Meaning:
    """A multinomial logistic regression on how like the known sentences a new one is."""

    centre: _Vectors
    """Mean of the training vectors; taking it away spreads e5's narrow cone."""

    levelling: _Vectors = field(repr=False)
    """Shape (dimensions, dimensions)."""

    known: _Vectors = field(repr=False)
    """Training vectors, centred and levelled, shape (known sentences, dimensions)."""

    curvature: float
    regression: Linear = field(repr=False)
    """On likeness to the known sentences."""

    def probabilities(self, vectors: _Vectors) -> _Probabilities:
        """Shape (sentences, labels)."""
        moved = levelled(vectors, self.centre, self.levelling)
        return self.regression.probabilities(_likeness(moved, self.known, self.curvature))


class Spelling:
    """Which letters and words a sentence is made of; forgives dialect and misheard endings."""

    def __init__(self, texts: Sequence[str]) -> None:
        letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True)
        words = TfidfVectorizer(
            ngram_range=(1, 2),
            sublinear_tf=True,
            token_pattern=r"(?u)\b\w+\b",  # noqa: S106 - a pattern, not a password
        )
        self._union = FeatureUnion([("letters", letters), ("words", words)]).fit(texts)

    def features(self, texts: Sequence[str]) -> Any:  # noqa: ANN401 - scipy's matrices have no types
        """A sparse matrix of shape (sentences, features)."""
        return self._union.transform(texts)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ensemble:
    """Both regressions, trained on the same sentences."""

    labels: tuple[str, ...]
    meaning: Meaning
    spelling: Linear
    spelling_features: Spelling = field(repr=False)
    meaning_weight: float

    def probabilities(self, texts: Sequence[str], vectors: _Vectors) -> _Probabilities:
        """Uncalibrated, shape (sentences, labels)."""
        meaning = self.meaning.probabilities(vectors)
        spelling = self.spelling.probabilities(self.spelling_features.features(texts))
        weight = self.meaning_weight
        mean = weight * np.log(meaning + 1e-12) + (1 - weight) * np.log(spelling + 1e-12)
        return at_temperature(np.exp(mean), 1.0)


def centred(vectors: _Vectors, centre: _Vectors) -> _Vectors:
    """Without the mean, at norm 1 again, shape (sentences, dimensions)."""
    return _at_norm_1(vectors - centre)


def levelled(vectors: _Vectors, centre: _Vectors, matrix: _Vectors) -> _Vectors:
    """Centred and evened out, at norm 1 again, shape (sentences, dimensions)."""
    return _at_norm_1(centred(vectors, centre) @ matrix)


def _at_norm_1(vectors: _Vectors) -> _Vectors:
    norms = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return np.asarray(vectors / norms, dtype=np.float32)


def _likeness(vectors: _Vectors, known: _Vectors, curvature: float) -> _Vectors:
    """1 for the same, the less the wider the angle, shape (sentences, known sentences)."""
    likeness: _Vectors = np.exp(np.float32(curvature) * (vectors @ known.T - 1))
    return likeness


def train_ensemble(
    texts: Sequence[str], vectors: _Vectors, labels: NDArray[np.str_], settings: TrainSettings
) -> Ensemble:
    """Both regressions for at least two labels.

    Args:
        texts: the sentences.
        vectors: the sentences encoded, shape (sentences, dimensions).
        labels: one per sentence.
        settings: see there.
    """
    spelling_features = Spelling(texts)
    features = spelling_features.features(texts)
    # One thread: packs are learned anew while calls go on, and on a busy machine threads that
    # wait for each other took a minute for what one does in two seconds.
    with on_one_thread():
        meaning = _meaning(vectors, labels, settings)
        spelling = _sparse_regression(features, labels, settings.spelling_regularisation)
    return Ensemble(
        labels=tuple(np.unique(labels).tolist()),
        meaning=meaning,
        spelling=spelling,
        spelling_features=spelling_features,
        meaning_weight=weight_of_meaning(labels, settings),
    )


def weight_of_meaning(labels: NDArray[np.str_], settings: TrainSettings) -> float:
    """How much the sentence vectors count.

    Args:
        labels: one per training sentence.
        settings: see there.
    """
    is_few = len(labels) <= settings.few * len(np.unique(labels))
    return settings.meaning_weight_of_few if is_few else settings.meaning_weight


def _meaning(vectors: _Vectors, labels: NDArray[np.str_], settings: TrainSettings) -> Meaning:
    centre = vectors.mean(axis=0)
    matrix = levelling(centred(vectors, centre), labels, settings.shrinkage)
    moved = levelled(vectors, centre, matrix)
    count = min(len(moved), _SPANNED_UP_TO)
    picked = np.linspace(0, len(moved) - 1, count).round().astype(np.intp)
    known = moved[picked]
    likeness = _likeness(moved, known, settings.curvature)
    return Meaning(
        centre=centre,
        levelling=matrix,
        known=known,
        curvature=settings.curvature,
        regression=_spanned(likeness[picked], likeness, labels, settings.meaning_regularisation),
    )


def _regression(features: Any, labels: NDArray[np.str_], regularisation: float) -> Linear:  # noqa: ANN401 - dense or sparse
    fitted = LogisticRegression(C=regularisation, max_iter=1_000).fit(features, labels)
    weights, bias = fitted.coef_, fitted.intercept_
    if len(weights) == 1:  # two labels: one logistic curve, halved between them
        weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return Linear(weights=weights.astype(np.float32), bias=bias.astype(np.float32))


def _sparse_regression(features: Any, labels: NDArray[np.str_], regularisation: float) -> Linear:  # noqa: ANN401 - scipy's matrices have no types
    """The same regression, solved in the space that the sentences span.

    There are far fewer sentences than letter groups: a quarter of the time, and it converges
    further.
    """
    if features.shape[0] > _SPANNED_UP_TO:
        return _regression(features, labels, regularisation)
    likeness = (features @ features.T).toarray()
    mixed = _spanned(likeness, likeness, labels, regularisation)
    weights = features.T @ mixed.weights.T
    return Linear(weights=np.asarray(weights.T, dtype=np.float32), bias=mixed.bias)


def _spanned(
    among: _Vectors, likeness: _Vectors, labels: NDArray[np.str_], regularisation: float
) -> Linear:
    """A regression with a weight for each known sentence instead of each feature.

    The best weights of features are a mix of the sentences (representer theorem).

    Args:
        among: the known sentences' likeness to each other.
        likeness: every sentence's likeness to the known ones; the same when all are known.
        labels: one per sentence.
        regularisation: sklearn's C.
    """
    root = np.linalg.cholesky(among.astype(np.float64) + _ROUNDING * np.eye(len(among)))
    all_are_known = len(likeness) == len(among)  # then their likeness is root x root.T
    features = root if all_are_known else np.linalg.solve(root, likeness.T).T
    small = _regression(features.astype(np.float32, order="C"), labels, regularisation)
    weights = np.linalg.solve(root.T, small.weights.T.astype(np.float64)).T
    return Linear(weights=weights.astype(np.float32), bias=small.bias)
