"""Batches that can be made again."""

from collections.abc import Callable

import torch

from biometrics.training.crops import Crops, Shelf
from biometrics.training.variants import VARIANTS

Made = Callable[[int], Shelf]


def crops(*shelves: Shelf, seed: int = 4) -> Crops:
    return Crops(shelves, plan=[(8, 1_000), (4, 3_000), (8, 1_000)], seed=seed)


def test_a_batch_is_made_from_its_number_alone(shelf: Made) -> None:
    shelves = (shelf(0), shelf(1))

    again = crops(*shelves)[2]
    first = crops(*shelves)
    _ = first[0], first[1]

    assert torch.equal(first[2].sound, again.sound)
    assert torch.equal(first[2].voices, again.voices)


def test_no_batch_is_like_another(shelf: Made) -> None:
    one = crops(shelf(0))

    assert not torch.equal(one[0].sound, one[2].sound)


def test_a_batch_has_the_planned_size_and_length(shelf: Made) -> None:
    batch = crops(shelf(0))[1]

    assert batch.sound.shape == (4, 24_000)
    assert batch.hints.shape == (4, 150, 128)


def test_neighbours_are_one_voice(shelf: Made) -> None:
    one = crops(shelf(0), shelf(3))

    for number in (0, 2):
        speakers = one[number].speakers
        assert torch.equal(speakers[::2], speakers[1::2])


def test_a_changed_voice_is_another_speaker(shelf: Made) -> None:
    plain, changed = ({*crops(shelf(v), seed=1)[0].speakers.tolist()} - {-1} for v in (0, 3))

    assert plain
    assert {speaker % len(VARIANTS) for speaker in plain} == {0}
    assert {speaker % len(VARIANTS) for speaker in changed} == {3}


def test_targets_lean_to_what_a_speaker_always_sounds_like(shelf: Made) -> None:
    found = shelf(0)
    alike = found.voices @ found.voices.T

    assert alike[0, 1] > 0.4
    assert abs(alike[0, 2]) < 0.4
