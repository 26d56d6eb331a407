"""Trials like real use: nothing is compared with itself."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from biometrics import Codec, Encoder, Listening, Speech, SpeechDetector, TooFewTrials
from biometrics.calibration.trials import (
    Person,
    TrialSettings,
    first_speech,
    heard_persons,
)
from biometrics.labelled import labelled_recordings

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


def test_the_same_recordings_are_shared_out_in_the_same_way(
    persons: Callable[[Path], list[Person]], folder_of_voices: Callable[..., Path]
) -> None:
    folder = folder_of_voices(3, 8)
    first, second = (persons(folder) for _ in range(2))

    for one, again in zip(first, second, strict=True):
        assert np.array_equal(one.voice, again.voice)
        assert np.array_equal(one.excerpts[1500][0].vector, again.excerpts[1500][0].vector)


def test_who_else_is_there_changes_nothing_for_those_before(
    persons: Callable[[Path], list[Person]], folder_of_voices: Callable[..., Path]
) -> None:
    folder = folder_of_voices(3, 8)
    alone = persons(folder)[0]
    for file in (folder / "p02").iterdir():
        file.write_bytes(b"no sound")

    assert np.array_equal(persons(folder)[0].voice, alone.voice)


@pytest.mark.parametrize(("net_ms", "length_ms"), [(1, 1), (700, 700), (1000, 1000), (5000, 1000)])
def test_an_excerpt_ends_where_enough_was_said(
    klaus: Callable[[int], Speech], net_ms: int, length_ms: int
) -> None:
    assert first_speech(klaus(1000), net_ms).net_ms == length_ms
