"""The meter tells what is there and what is needed, in words a person understands."""

from collections.abc import Callable

import pytest

from biometrics import Calibration, Encoder, Enrolling, EnrolSettings, Meter, Speech

Say = Callable[[int], Speech]


@pytest.fixture
def metered(encoder: Encoder, calibration: Calibration) -> Callable[..., Meter]:
    enrolling = Enrolling(
        encoder=encoder,
        calibration=calibration,
        settings=EnrolSettings(recordings=3, net_ms=10_000, recording_net_ms=1_500),
        wrong_with=lambda _speech: (),
    )
    return lambda *recordings: enrolling.meter([enrolling.hear(one) for one in recordings])


def test_nothing_yet(metered: Callable[..., Meter]) -> None:
    found = metered()

    assert (found.percent, found.is_complete) == (0, False)
    assert found.next == "3 more recordings are needed, and 10.0 s more speech."


def test_each_take_moves_it(metered: Callable[..., Meter], klaus: Say) -> None:
    told = [metered(*[klaus(4_000)] * count) for count in (1, 2, 3)]

    assert [one.percent for one in told] == [33, 66, 100]
    assert [one.next for one in told] == [
        "2 more recordings are needed, and 6.0 s more speech.",
        "1 more recording is needed, and 2.0 s more speech.",
        "Enough was heard.",
    ]
    assert [one.is_complete for one in told] == [False, False, True]


def test_enough_takes_with_too_little_speech_ask_for_more_speech(
    metered: Callable[..., Meter], klaus: Say
) -> None:
    found = metered(klaus(2_000), klaus(2_000), klaus(2_000), klaus(3_990))

    assert (found.percent, found.is_complete) == (99, False)
    assert found.next == "0.1 s more speech is needed."


def test_a_take_of_another_voice_is_asked_for_again_and_no_other(
    metered: Callable[..., Meter], klaus: Say, stranger: Say
) -> None:
    found = metered(klaus(4_000), stranger(4_000), klaus(4_000))

    assert [mark.counts for mark in found.takes] == [True, False, True]
    assert found.takes[1].codes == ("other_voice",)
    assert found.takes[1].told == (
        "It does not sound like the same person as the others. Please record it again."
    )
    assert (found.recordings, found.net_speech_ms, found.percent) == (2, 8_000, 66)
    assert found.is_consistent


def test_of_two_that_differ_neither_is_blamed(
    metered: Callable[..., Meter], klaus: Say, stranger: Say
) -> None:
    found = metered(klaus(9_000), stranger(9_000))

    assert [mark.counts for mark in found.takes] == [True, True]
    assert not found.is_consistent
    assert found.next == (
        "The recordings do not sound like one person. "
        "Please record once more, the same person alone."
    )


def test_what_differs_never_reaches_a_hundred(
    encoder: Encoder, calibration: Calibration, klaus: Say, stranger: Say
) -> None:
    enrolling = Enrolling(
        encoder=encoder,
        calibration=calibration,
        settings=EnrolSettings(recordings=2, net_ms=4_000, recording_net_ms=1_500),
        wrong_with=lambda _speech: (),
    )
    found = enrolling.meter([enrolling.hear(klaus(9_000)), enrolling.hear(stranger(9_000))])

    assert (found.percent, found.is_complete) == (99, False)


def test_a_take_that_is_too_short_says_so(metered: Callable[..., Meter], klaus: Say) -> None:
    mark = metered(klaus(900)).takes[0]

    assert (mark.number, mark.counts, mark.codes) == (1, False, ("too_little_speech",))
    assert mark.told == ("It holds 0.9 s of speech; 1.5 s is needed. Please speak a little longer.")
