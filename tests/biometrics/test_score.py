"""Cosines, only between vectors of one encoder."""

import numpy as np
import pytest

from biometrics import EncoderId, Voiceprint, cosine, score


def test_vectors_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="different encoders"):
        cosine(np.ones(3, dtype=np.float32), np.ones(4, dtype=np.float32))


def test_a_voiceprint_of_another_encoder_is_refused(voiceprint: Voiceprint) -> None:
    with pytest.raises(ValueError, match="the encoder that made it"):
        score(voiceprint, voiceprint.vector, encoder=EncoderId("pattern-1"))


def test_a_vector_without_direction_has_no_cosine() -> None:
    assert np.isnan(cosine(np.zeros(2, dtype=np.float32), np.ones(2, dtype=np.float32)))


@pytest.mark.parametrize(
    ("second", "expected"), [((2, 0), 1.0), ((0, 3), 0.0), ((-1, 0), -1.0), ((3, 4), 0.6)]
)
def test_the_cosine_is_of_the_angle_whatever_the_lengths(
    second: tuple[int, int], expected: float
) -> None:
    first = np.array([5, 0], dtype=np.float32)

    assert cosine(first, np.array(second, dtype=np.float32)) == pytest.approx(expected)
