"""Trials like real use: nothing is compared with itself."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from biometrics import Codec, Encoder, Listening, Speech, SpeechDetector, TooFewTrials
from biometrics.labelled import labelled_recordings
from biometrics.trials import (
    Person,
    TrialSettings,
    enrolled_trials,
    first_speech,
    heard_persons,
    single_trials,
)

SETTINGS = TrialSettings(excerpts_ms=(1500, 5000), excerpts_each=2)


@pytest.fixture
def persons(detector: SpeechDetector, encoder: Encoder) -> Callable[[Path], list[Person]]:
    listening = Listening(detector=detector, codec=Codec.NONE)
    return lambda folder: heard_persons(
        labelled_recordings([folder]),
        listening,
        encoder,
        settings=SETTINGS,
        progress=lambda _done, _total: None,
    )


@pytest.mark.parametrize("recordings", [1, 3, 4])
def test_who_says_too_little_for_enrolment_and_test_takes_no_part(
    persons: Callable[[Path], list[Person]],
    folder_of_voices: Callable[..., Path],
    recordings: int,
) -> None:
    with pytest.raises(TooFewTrials, match="Fewer than two persons"):
        persons(folder_of_voices(3, recordings))


def test_an_enrolment_holds_three_recordings_and_ten_seconds(
    persons: Callable[[Path], list[Person]], folder_of_voices: Callable[..., Path]
) -> None:
    for person in persons(folder_of_voices(3, 8)):
        assert sorted(heard.net_ms for heard in person.enrolment) == [3200, 3200, 6400]
        assert [heard.net_ms for heard in person.excerpts[1500]] == [1500, 1500]
        assert [heard.net_ms for heard in person.excerpts[5000]] == [5000, 5000]


def test_what_is_enrolled_is_never_tested(
    persons: Callable[[Path], list[Person]], folder_of_voices: Callable[..., Path]
) -> None:
    for person in persons(folder_of_voices(3, 8)):
        for excerpt in person.excerpts[1500]:
            for heard in (*person.enrolment, person.single):
                assert np.abs(heard.vector - excerpt.vector).max() > 1e-3


def test_recordings_that_cannot_be_read_take_no_part(
    persons: Callable[[Path], list[Person]], folder_of_voices: Callable[..., Path]
) -> None:
    folder = folder_of_voices(3, 8)
    for file in (folder / "p00").iterdir():
        file.write_bytes(b"no sound")

    assert len(persons(folder)) == 2


def test_the_same_recordings_give_the_same_trials(
    persons: Callable[[Path], list[Person]], folder_of_voices: Callable[..., Path]
) -> None:
    folder = folder_of_voices(3, 8)
    first, second = (enrolled_trials(persons(folder), SETTINGS) for _ in range(2))

    assert [t.target.tolist() for t in first] == [t.target.tolist() for t in second]


def test_every_excerpt_meets_every_voice(
    persons: Callable[[Path], list[Person]], folder_of_voices: Callable[..., Path]
) -> None:
    found = persons(folder_of_voices(4, 8, spread=0.05))

    for trials in (enrolled_trials(found, SETTINGS), single_trials(found, SETTINGS)):
        assert [t.net_ms for t in trials] == [1500, 5000]
        assert [(len(t.target), len(t.impostor)) for t in trials] == [(8, 24), (8, 24)]
        assert all(t.target.min() > 0.95 > t.impostor.mean() for t in trials)


def test_lengths_that_nobody_says_are_left_out(
    persons: Callable[[Path], list[Person]], folder_of_voices: Callable[..., Path]
) -> None:
    found = persons(folder_of_voices(3, 5))

    assert [t.net_ms for t in enrolled_trials(found, SETTINGS)] == [1500]


@pytest.mark.parametrize(("net_ms", "length_ms"), [(1, 1), (700, 700), (1000, 1000), (5000, 1000)])
def test_an_excerpt_ends_where_enough_was_said(
    klaus: Callable[[int], Speech], net_ms: int, length_ms: int
) -> None:
    assert first_speech(klaus(1000), net_ms).net_ms == length_ms
