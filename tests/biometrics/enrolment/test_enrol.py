"""A voiceprint is made of enough fit speech of one person, or not at all."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import numpy as np
import pytest

from biometrics import (
    Calibration,
    CalibrationUnusable,
    Encoder,
    EncoderId,
    Enrolling,
    EnrolSettings,
    Flaw,
    Poor,
    PoorRecording,
    SamplesDisagree,
    Speech,
    SubjectId,
    TooLittleSpeech,
    Voiceprint,
    Waveform,
    enrol,
)

Say = Callable[[int], Speech]
Enrol = Callable[[list[Speech]], Voiceprint]
SETTINGS = EnrolSettings(recordings=3, net_ms=10_000, recording_net_ms=1_500)


def nothing_wrong(_speech: Speech) -> tuple[Poor, ...]:
    """Patterns are no voices to the ear that looks for flaws."""
    return ()


@pytest.fixture
def enrolled(encoder: Encoder, calibration: Calibration, now: datetime) -> Enrol:
    return lambda recordings: enrol(
        SubjectId("s-1"),
        recordings,
        encoder=encoder,
        calibration=calibration,
        settings=SETTINGS,
        now=now,
        wrong_with=nothing_wrong,
    )


def test_two_recordings_are_not_enough(enrolled: Enrol, klaus: Say) -> None:
    with pytest.raises(TooLittleSpeech, match=r"^1 more recording is needed\.$"):
        enrolled([klaus(9000), klaus(9000)])


def test_no_recordings_are_not_enough(enrolled: Enrol) -> None:
    with pytest.raises(
        TooLittleSpeech, match=r"^3 more recordings are needed, and 10\.0 s more speech\.$"
    ):
        enrolled([])


def test_each_recording_must_hold_speech(enrolled: Enrol, klaus: Say) -> None:
    with pytest.raises(
        TooLittleSpeech,
        match=r"^Recording 2 cannot be used\. It holds 1\.4 s of speech; 1\.5 s is needed\. ",
    ):
        enrolled([klaus(9000), klaus(1400), klaus(9000)])


def test_the_missing_speech_is_named(enrolled: Enrol, klaus: Say) -> None:
    with pytest.raises(TooLittleSpeech, match=r"^0\.1 s more speech is needed\.$"):
        enrolled([klaus(3000), klaus(3000), klaus(3990)])


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_recording_of_somebody_else_is_named(
    enrolled: Enrol, klaus: Say, stranger: Say, place: int
) -> None:
    recordings = [klaus(4000), klaus(4000), klaus(4000)]
    recordings[place] = stranger(4000)

    with pytest.raises(SamplesDisagree, match=rf"^Recording {place + 1} does not sound"):
        enrolled(recordings)


def test_only_the_recording_of_somebody_else_is_left_out(
    enrolled: Enrol, klaus: Say, stranger: Say
) -> None:
    voiceprint = enrolled([klaus(4000), stranger(4000), klaus(4000), klaus(4000)])

    assert (voiceprint.recordings, voiceprint.net_speech_ms) == (3, 12_000)
    assert voiceprint.vector == pytest.approx([1, 0, 0, 0])


def test_of_recordings_that_all_differ_none_is_taken_for_the_right_one(
    enrolled: Enrol, klaus: Say, stranger: Say, mixed: Callable[[float, int], Speech]
) -> None:
    with pytest.raises(SamplesDisagree, match="do not sound like one person"):
        enrolled([klaus(4000), stranger(4000), mixed(-0.99, 4000)])


def test_a_flaw_is_named_with_what_to_do_about_it(
    encoder: Encoder, calibration: Calibration, klaus: Say, now: datetime
) -> None:
    music = Poor(code=Flaw.MUSIC, reason="Music was heard.", is_meaningless=True)
    second = klaus(5000)
    enrolling = Enrolling(
        encoder=encoder,
        calibration=calibration,
        settings=SETTINGS,
        wrong_with=lambda speech: (music,) if speech is second else (),
    )
    takes = [enrolling.hear(one) for one in (klaus(4000), second, klaus(6000))]

    with pytest.raises(
        PoorRecording,
        match=r"^Recording 2 cannot be used\. Music was heard\. Please turn the music off\.$",
    ):
        enrolling.voiceprint(SubjectId("s-1"), takes, now=now)

    assert [take.voice is None for take in takes] == [False, True, False]
    assert takes[1].speech is None


def test_sound_that_is_not_a_number_is_refused(enrolled: Enrol, klaus: Say) -> None:
    speech = klaus(4000)
    broken = Waveform(samples=speech.waveform.samples * np.float32("nan"), rate_hz=8000)

    with pytest.raises(SamplesDisagree):
        enrolled([klaus(4000), klaus(4000), replace(speech, waveform=broken)])


def test_a_calibration_for_another_encoder_is_refused(
    encoder: Encoder, calibration: Calibration, klaus: Say, now: datetime
) -> None:
    with pytest.raises(CalibrationUnusable):
        enrol(
            SubjectId("s-1"),
            [klaus(4000)] * 3,
            encoder=encoder,
            calibration=replace(calibration, encoder=EncoderId("pattern-1")),
            settings=SETTINGS,
            now=now,
        )


def test_the_voice_is_the_mean_weighted_by_speech(
    enrolled: Enrol,
    mixed: Callable[[float, int], Speech],
    klaus: Say,
    now: datetime,
) -> None:
    voiceprint = enrolled([klaus(6000), klaus(2000), mixed(0.8, 4000)])

    assert voiceprint.vector.dtype == np.float32
    # (6 + 2 + 4 x 0.8, 4 x 0.6) / 12, brought to length one
    assert voiceprint.vector == pytest.approx([0.97780, 0.20953, 0, 0], abs=1e-4)
    assert (voiceprint.subject, voiceprint.encoder) == ("s-1", "pattern-0")
    assert (voiceprint.net_speech_ms, voiceprint.recordings) == (12_000, 3)
    assert voiceprint.enrolled_at == now


def test_a_voiceprint_never_prints_its_vector(enrolled: Enrol, klaus: Say) -> None:
    assert "vector" not in repr(enrolled([klaus(4000)] * 3))
