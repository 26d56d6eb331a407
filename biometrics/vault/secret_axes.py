"""A change of axes that a key decides: every angle stays, and no number of a voice does.

Random rotation keeps the cosine of any two vectors turned by the same key, and makes those turned
by different keys as unlike as chance: records of two databases cannot be linked by comparing them,
and a new key makes a new record of the same voice (renewability and unlinkability, ISO/IEC 24745).

It is no one-way function. Who holds the key turns back, and the key comes from the one that opens
the seal; so this protects a record that leaked after it was opened, and nothing beyond that.
"""

import hashlib

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]


def turned(vector: Doubles, key: bytes) -> Doubles:
    """`vector`, shape (dimension,), on the axes of `key`."""
    found = np.array(vector, dtype=np.float64)
    normals, signs = _reflections(key, len(found))
    for normal in normals:
        found -= 2 * (normal @ found) * normal
    return found * signs


def turned_back(vector: Doubles, key: bytes) -> Doubles:
    """What `turned` was given, to about 1e-15 of its length."""
    normals, signs = _reflections(key, len(vector))
    found = np.asarray(vector * signs, dtype=np.float64)
    for normal in normals[::-1]:
        found -= 2 * (normal @ found) * normal
    return found


def _reflections(key: bytes, dimension: int) -> tuple[Doubles, Doubles]:
    """Normals of reflections, shape (dimension, dimension), and the sign each axis gets after them.

    Row k leaves the first k axes alone and brings the next one to where a Gaussian vector points,
    anywhere with the same chance; then so does the rotation that all make together (G. W. Stewart,
    The efficient generation of random orthogonal matrices with an application to condition
    estimators, SIAM J. Numer. Anal. 17, 1980).
    """
    rows = np.zeros((dimension, dimension))
    rows[np.triu_indices(dimension)] = _gaussian(key, dimension * (dimension + 1) // 2)
    signs = np.where(np.diagonal(rows) >= 0, 1.0, -1.0)
    rows[np.diag_indices(dimension)] += signs * np.linalg.norm(rows, axis=1)
    # Each reflection turns the sign of all axes it touches, so that signs add up along them.
    turns: Doubles = np.cumprod(-signs, dtype=np.float64)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True), turns


def _gaussian(key: bytes, count: int) -> Doubles:
    """Gaussian numbers by Box and Muller from SHAKE-256.

    Not from numpy's generators: their streams may change with its version, and then no record
    could be read.
    """
    pairs = (count + 1) // 2
    raw = np.frombuffer(hashlib.shake_256(key).digest(pairs * 16), dtype="<u8")
    even = ((raw >> np.uint64(11)).astype(np.float64) + 0.5) / 2**53
    radius, angle = np.sqrt(-2 * np.log(even[:pairs])), 2 * np.pi * even[pairs:]
    return np.concatenate((radius * np.cos(angle), radius * np.sin(angle)))[:count]
