"""Evens out the directions in which sentences of one label differ among themselves."""

import numpy as np
from numpy.typing import NDArray

_NO_STRENGTH = 1e-12
"""No label has two sentences that differ."""

Matrix = NDArray[np.float32]


def levelling(vectors: Matrix, labels: NDArray[np.str_], shrinkage: float) -> Matrix:
    """What to multiply vectors by, so that differences inside a label count less.

    Whitening by the scatter inside the labels; what tells labels apart is left standing out.

    Args:
        vectors: of norm 1, shape (sentences, dimensions).
        labels: one per sentence.
        shrinkage: 0 believes the scatter that was seen, 1 changes nothing.

    Returns:
        Shape (dimensions, dimensions).
    """
    names, label_of = np.unique(labels, return_inverse=True)
    means = np.stack([vectors[label_of == label].mean(axis=0) for label in range(len(names))])
    apart = (vectors - means[label_of]).astype(np.float64)
    scatter = apart.T @ apart
    same = np.eye(len(scatter))
    strength = np.trace(scatter) / len(scatter)
    if strength < _NO_STRENGTH:
        return same.astype(np.float32)
    strengths, directions = np.linalg.eigh((1 - shrinkage) * scatter / strength + shrinkage * same)
    matrix: Matrix = ((directions / np.sqrt(strengths)) @ directions.T).astype(np.float32)
    return matrix
