"""Pitch, pace and pauses are measured right on sounds of which they are known."""

import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics import Codec, Span, Speech, Waveform, over_telephone
from ivr.understand.prosody import Prosody, prosody

RATE_HZ = 8_000


def buzz(hz: float, ms: int) -> NDArray[np.float64]:
    """A voice without a mouth: harmonics that fall by 6 dB an octave, the first one cut off."""
    time = np.arange(RATE_HZ * ms // 1000) / RATE_HZ
    harmonics = [n for n in range(1, 40) if 250 < n * hz < 3_400]
    return sum((np.sin(2 * np.pi * n * hz * time + n) / n for n in harmonics), np.zeros(len(time)))


def syllables(count: int, hz: float = 120, each_ms: int = 250) -> NDArray[np.float64]:
    swell = np.sin(np.linspace(0, np.pi, RATE_HZ * each_ms // 1000)) ** 2
    return np.concatenate([buzz(hz, each_ms) * swell for _ in range(count)])


def speech(samples: NDArray[np.float64], *spans: tuple[int, int], level: float = 0.2) -> Speech:
    loud = (samples / np.abs(samples).max() * level).astype(np.float32)
    sound = over_telephone(Waveform(samples=loud, rate_hz=RATE_HZ), Codec.MULAW)
    found = spans or ((0, sound.duration_ms),)
    return Speech(
        waveform=sound, spans=tuple(Span(start_ms=first, end_ms=last) for first, last in found)
    )


def measured(samples: NDArray[np.float64], *spans: tuple[int, int], level: float = 0.2) -> Prosody:
    found = prosody(speech(samples, *spans, level=level))
    assert found is not None
    return found


def test_nothing_is_told_without_speech() -> None:
    silence = Waveform(samples=np.zeros(RATE_HZ, dtype=np.float32), rate_hz=RATE_HZ)

    assert prosody(Speech(waveform=silence, spans=())) is None
    assert prosody(Speech(waveform=silence, spans=(Span(start_ms=0, end_ms=1_000),))) is None


def test_hiss_has_no_pitch() -> None:
    hiss = np.random.default_rng(1).standard_normal(2 * RATE_HZ)

    assert prosody(speech(hiss)) is None


@pytest.mark.parametrize("hz", [85, 120, 210, 300, 410])
def test_the_pitch_is_heard_though_the_line_cuts_the_fundamental_off(hz: float) -> None:
    found = measured(buzz(hz, 2_000))

    assert found.pitch_semitones == pytest.approx(12 * np.log2(hz / 100), abs=0.3)
    assert found.pitch_range_semitones < 0.5


def test_a_faint_voice_is_measured_like_a_loud_one() -> None:
    loud, faint = (measured(syllables(8), level=level) for level in (0.5, 0.01))

    assert faint.pitch_semitones == pytest.approx(loud.pitch_semitones, abs=0.3)
    assert faint.brightness_db == pytest.approx(loud.brightness_db, abs=1.5)
    assert loud.level_db - faint.level_db == pytest.approx(20 * np.log10(50), abs=1.5)


def test_a_gliding_voice_moves() -> None:
    steady = measured(buzz(150, 1_500))
    glides = np.concatenate([buzz(hz, 100) for hz in (120, 150, 190, 240, 190, 150, 120, 150)])

    assert measured(glides).pitch_movement_semitones > steady.pitch_movement_semitones + 1


@pytest.mark.parametrize(("count", "each_ms"), [(8, 250), (12, 160), (5, 400)])
def test_syllables_are_counted(count: int, each_ms: int) -> None:
    found = measured(syllables(count, each_ms=each_ms))

    assert found.syllables_per_second == pytest.approx(1_000 / each_ms, rel=0.15)


def test_pauses_are_measured_and_are_no_part_of_the_pace() -> None:
    samples = np.concatenate([syllables(4), np.zeros(3 * RATE_HZ), syllables(4)])
    found = measured(samples, (0, 1_000), (4_000, 5_000))

    assert (found.longest_pause_ms, found.net_ms) == (3_000, 2_000)
    assert found.paused == pytest.approx(0.6)
    assert found.syllables_per_second == pytest.approx(4.0, rel=0.15)
    assert found.above_background_db is not None
    assert found.above_background_db > 40


def test_sound_at_another_rate_is_measured_the_same() -> None:
    here = speech(syllables(8))
    twice = Waveform(samples=np.repeat(here.waveform.samples, 2), rate_hz=2 * RATE_HZ)
    found = prosody(Speech(waveform=twice, spans=here.spans))

    assert found is not None
    assert found.pitch_semitones == pytest.approx(measured(syllables(8)).pitch_semitones, abs=0.2)


def test_only_the_first_twenty_seconds_are_measured() -> None:
    assert measured(syllables(120)).net_ms == 20_000
