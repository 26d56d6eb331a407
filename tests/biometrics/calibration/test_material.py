"""Who teaches, with what, and which half of them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from biometrics import Codec, Encoder, Listening, SpeechDetector
from biometrics.calibration.material import Person, gathered, half_of, in_half
from biometrics.calibration.trials import TrialSettings
from biometrics.labelled import labelled_recordings

SETTINGS = TrialSettings(excerpts_ms=(1500, 3000))


@pytest.fixture
def heard(detector: SpeechDetector, encoder: Encoder) -> Callable[..., tuple[Person, ...]]:
    def people(*folders: Path) -> tuple[Person, ...]:
        return gathered(
            [labelled_recordings([folder]) for folder in folders],
            Listening(detector=detector, codec=Codec.NONE),
            encoder,
            settings=SETTINGS,
            progress=lambda _done, _total: None,
        )

    return people


def test_a_file_that_is_no_recording_is_passed_over(
    heard: Callable[..., tuple[Person, ...]], folder_of_voices: Callable[..., Path]
) -> None:
    folder = folder_of_voices(2, 2)
    (folder / "p00" / "00.wav").write_bytes(b"no sound")

    assert [len(person.singles) for person in heard(folder)] == [1, 2]


def test_who_says_too_little_for_an_enrolment_still_gives_single_recordings(
    heard: Callable[..., tuple[Person, ...]], folder_of_voices: Callable[..., Path]
) -> None:
    people = heard(folder_of_voices(3, 2))

    assert [len(person.singles) for person in people] == [2, 2, 2]
    assert [person.enrolment for person in people] == [(), (), ()]


def test_who_says_enough_is_enrolled_and_tested_with_recordings_of_each_length(
    heard: Callable[..., tuple[Person, ...]], folder_of_voices: Callable[..., Path]
) -> None:
    people = heard(folder_of_voices(2, 8))

    for person in people:
        assert len(person.enrolment) == 3
        assert sum(each.net_ms for each in person.enrolment) >= 10_000
        assert {each.net_ms for each in person.excerpts} == {1500, 3000}
        assert [each.net_ms for each in person.singles][:2] == [3000, 1500]


def test_people_of_another_folder_are_other_people(
    heard: Callable[..., tuple[Person, ...]], folder_of_voices: Callable[..., Path]
) -> None:
    folder = folder_of_voices(2, 2)

    assert [person.source for person in heard(folder, folder)] == [0, 0, 1, 1]


def test_the_halves_share_nobody_and_leave_nobody_out(
    folder_of_voices: Callable[..., Path],
) -> None:
    recordings = labelled_recordings([folder_of_voices(20, 1)])
    one, other = half_of(recordings, "a"), half_of(recordings, "b")

    assert sorted([*one, *other], key=lambda each: each.file) == list(recordings)
    assert {each.person for each in one}.isdisjoint(each.person for each in other)
    assert 5 <= len(one) <= 15


def test_a_person_is_always_in_the_same_half() -> None:
    """By the name alone, so that runs years apart agree."""
    assert [in_half(f"p{n:02}", "a") for n in range(6)] == [
        not in_half(f"p{n:02}", "b") for n in range(6)
    ]
    assert in_half("p00", "a") != in_half("p00", "b")
