"""What a recording must be before it may be enrolled."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from biometrics import (
    Calibration,
    Codec,
    Encoder,
    Flaw,
    Poor,
    Span,
    SpanSettings,
    Speech,
    Waveform,
    find_speech,
    joined_speech,
    over_telephone,
    read_recording,
    resampled,
    with_take,
)
from biometrics.enrolment.take import Ear, on_the_line, unfit
from biometrics.silero import load_silero

Say = Callable[[int], Speech]
FIXTURES = Path(__file__).parents[3] / "audio_fixtures"
RNG = np.random.default_rng(3)


def telephone() -> Speech:
    """A synthetic voice on a mu-law line."""
    sound = read_recording(FIXTURES / "klaus-enrol-1.wav")
    return find_speech(sound, load_silero(), SpanSettings())


def studio() -> Speech:
    """The same with sound up to 8 kHz, as only a wide microphone hears it."""
    line = telephone()
    wide = resampled(line.waveform, 16_000)
    hiss = np.diff(RNG.normal(0, 1, len(wide.samples) + 1)) * np.abs(wide.samples)
    samples = (wide.samples + 0.3 * hiss).astype(np.float32)
    return Speech(waveform=Waveform(samples=samples, rate_hz=16_000), spans=line.spans)


@pytest.fixture
def ear(encoder: Encoder, calibration: Calibration) -> Ear:
    return Ear(
        encoder=encoder, calibration=calibration, least_ms=1_500, wrong_with=lambda _speech: ()
    )


def test_a_take_that_is_not_fit_keeps_neither_sound_nor_voice(ear: Ear, klaus: Say) -> None:
    short = ear.hear(klaus(1_400))

    assert [poor.code for poor in short.poor] == [Flaw.TOO_LITTLE_SPEECH]
    assert short.poor[0].reason == "It holds 1.4 s of speech; 1.5 s is needed."
    assert (short.speech, short.voice, short.net_ms) == (None, None, 1_400)


def test_two_people_in_one_recording_are_refused(ear: Ear, klaus: Say, stranger: Say) -> None:
    take = ear.hear(joined_speech([klaus(4_000), stranger(4_000)]))

    assert [poor.code for poor in take.poor] == [Flaw.SEVERAL_VOICES]
    assert take.voice is None


def test_tones_and_silence_are_not_fit() -> None:
    times = np.arange(16_000) / 8_000
    tone = (0.2 * np.sin(2 * np.pi * 425 * times)).astype(np.float32)
    waveform = Waveform(samples=tone, rate_hz=8_000)
    spoken = Speech(waveform=waveform, spans=(Span(start_ms=0, end_ms=2_000),))

    assert Flaw.TONES in [poor.code for poor in unfit(spoken)]
    assert [poor.code for poor in unfit(Speech(waveform=waveform, spans=()))] == [
        Flaw.TOO_LITTLE_SPEECH
    ]


def test_a_synthetic_voice_on_a_clean_line_is_fit() -> None:
    assert unfit(telephone()) == ()


def test_a_telephone_recording_stays_as_it_is() -> None:
    line = telephone()
    upsampled = Speech(waveform=resampled(line.waveform, 16_000), spans=line.spans)

    assert on_the_line(line, Codec.MULAW) is line
    assert on_the_line(upsampled, Codec.GSM) is upsampled


@pytest.mark.parametrize("codec", [Codec.MULAW, Codec.GSM, Codec.NONE])
def test_a_studio_recording_is_sent_over_a_line(codec: Codec) -> None:
    recording = studio()
    heard = on_the_line(recording, codec)

    assert heard.waveform.rate_hz == 8_000
    assert heard.spans == recording.spans
    expected = over_telephone(recording.waveform, codec)
    assert np.array_equal(heard.waveform.samples, expected.samples)


def test_what_was_cut_off_is_found_before_the_line_rounds_it_off(ear: Ear) -> None:
    clipped = Poor(code=Flaw.CLIPPED, reason="The voice is cut off at its loudest.")
    recording = studio()
    strict = replace(ear, wrong_with=lambda speech: (clipped,) if speech is recording else ())

    assert strict.hear(recording).poor == (clipped,)


def test_the_same_sound_twice_is_one_take(ear: Ear, klaus: Say) -> None:
    first, again, other = ear.hear(klaus(4_000)), ear.hear(klaus(4_000)), ear.hear(klaus(5_000))

    assert with_take((first,), again) == (first,)
    assert with_take((first,), other) == (first, other)


def test_a_take_never_prints_its_voice(ear: Ear, klaus: Say) -> None:
    shown = repr(ear.hear(klaus(4_000)))

    assert "voice=" not in shown
    assert "speech=" not in shown
    assert "digest" not in shown
