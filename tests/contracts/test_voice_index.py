"""What every index of voices does, the exact one and the fast one."""

from collections.abc import Callable

import numpy as np
import pytest

from biometrics import SubjectId, Vector
from biometrics.watchlist import ExactIndex, Index
from biometrics.watchlist.usearch_index import UsearchIndex

DIMENSION = 32


@pytest.fixture(params=[ExactIndex, UsearchIndex])
def index(request: pytest.FixtureRequest) -> Index:
    make: Callable[[int], Index] = request.param
    return make(DIMENSION)


def crowd(count: int, *, seed: int = 3) -> dict[SubjectId, Vector]:
    voices = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    voices /= np.linalg.norm(voices, axis=1, keepdims=True)
    return {SubjectId(f"s-{place}"): voice for place, voice in enumerate(voices)}


def names(index: Index, voice: Vector, *, most: int = 5) -> list[str]:
    return [near.subject for near in index.nearest(voice, most=most)]


def test_an_empty_index_finds_nobody(index: Index) -> None:
    assert index.nearest(crowd(1)[SubjectId("s-0")], most=5) == ()
    assert len(index) == 0


def test_what_is_no_number_finds_nobody(index: Index) -> None:
    index.add(crowd(3))

    assert index.nearest(np.full(DIMENSION, np.nan, dtype=np.float32), most=5) == ()


def test_the_nearest_come_first_and_no_more_than_wanted(index: Index) -> None:
    voices = crowd(300)
    index.add(voices)
    voice = voices[SubjectId("s-7")]
    by_hand = sorted(voices, key=lambda name: -float(voices[name] @ voice))

    found = index.nearest(voice, most=5)

    assert [near.subject for near in found] == by_hand[:5]
    assert [near.cosine for near in found] == pytest.approx(
        [float(voices[name] @ voice) for name in by_hand[:5]], abs=0.005
    )


def test_a_short_list_is_found_whole(index: Index) -> None:
    voices = crowd(3)
    index.add(voices)

    assert sorted(names(index, voices[SubjectId("s-0")])) == ["s-0", "s-1", "s-2"]


def test_who_was_removed_is_never_found(index: Index) -> None:
    voices = crowd(200)
    index.add(voices)
    gone = [SubjectId(f"s-{place}") for place in range(0, 200, 2)]

    index.remove([*gone, SubjectId("nobody")])

    assert len(index) == 100
    assert not {name for voice in voices.values() for name in names(index, voice)} & set(gone)
    assert all(names(index, voices[name])[0] == name for name in voices if name not in gone)


def test_a_voice_takes_the_place_of_an_earlier_one(index: Index) -> None:
    index.add(crowd(20))
    other = crowd(1, seed=99)[SubjectId("s-0")]

    index.add({SubjectId("s-4"): other})

    assert len(index) == 20
    assert names(index, other)[0] == "s-4"
    assert names(index, crowd(20)[SubjectId("s-4")], most=20).count("s-4") == 1


def test_it_grows_piece_by_piece(index: Index) -> None:
    voices = crowd(2_500)
    everybody = list(voices)
    for start in range(0, 2_500, 500):
        index.add({name: voices[name] for name in everybody[start : start + 500]})

    assert len(index) == 2_500
    assert [names(index, voices[name], most=1) for name in everybody[::250]] == [
        [name] for name in everybody[::250]
    ]
