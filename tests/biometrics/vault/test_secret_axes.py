import numpy as np
import pytest

from biometrics import cosine
from biometrics.vault.secret_axes import turned, turned_back

KEY, OTHER = bytes(32), bytes([1] * 32)
CHANCE = np.random.default_rng(11)


@pytest.mark.parametrize("dimension", [1, 2, 3, 192, 256])
def test_turning_back_gives_the_vector(dimension: int) -> None:
    vector = CHANCE.normal(size=dimension)

    assert turned_back(turned(vector, KEY), KEY) == pytest.approx(vector, abs=1e-13)


def test_the_cosine_of_two_voices_stays() -> None:
    first, second = CHANCE.normal(size=(2, 192))

    before = cosine(first, second)
    after = cosine(turned(first, KEY), turned(second, KEY))
    assert after == pytest.approx(before, abs=1e-14)


def test_every_axis_moves_and_none_is_stretched() -> None:
    axes = np.stack([turned(axis, KEY) for axis in np.eye(64)])

    assert axes @ axes.T == pytest.approx(np.eye(64), abs=1e-13)
    assert np.abs(axes).max() < 0.75


def test_one_voice_under_two_keys_looks_like_two_voices() -> None:
    """A random rotation leaves cosines of mean 0 and standard deviation 1 / sqrt(192)."""
    voice = CHANCE.normal(size=192)
    voice /= np.linalg.norm(voice)
    copies = np.stack([turned(voice, n.to_bytes(32)) for n in range(120)])
    cosines = (copies @ copies.T)[np.triu_indices(120, k=1)]

    assert abs(cosines.mean()) < 0.005
    assert cosines.std() == pytest.approx(192**-0.5, rel=0.05)
    assert np.abs(copies @ voice).max() < 0.3


def test_two_keys_turn_differently_and_one_always_alike() -> None:
    voice = np.arange(1.0, 5.0)

    assert turned(voice, KEY).tolist() == turned(voice, KEY).tolist()
    assert turned(voice, KEY) != pytest.approx(turned(voice, OTHER), abs=0.1)


def test_records_of_earlier_versions_stay_readable() -> None:
    """Another sequence of random numbers would make every kept voiceprint noise."""
    assert turned(np.arange(1.0, 5.0), KEY) == pytest.approx(
        [4.932437857451424, -1.093021294830946, -0.08283282673051084, -2.1141191911152797],
        abs=1e-12,
    )
