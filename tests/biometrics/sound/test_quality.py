"""What a recording offers."""

import numpy as np
import pytest

from biometrics import Quality, Span, Speech, Waveform, quality


def recording(loud: float, quiet: float, *, spans: tuple[Span, ...]) -> Speech:
    """Half a second of one level, half a second of another, of alternating sign."""
    samples = np.repeat(np.array([loud, quiet], dtype=np.float32), 4000)
    samples[::2] *= -1
    return Speech(waveform=Waveform(samples=samples, rate_hz=8000), spans=spans)


FIRST_HALF = (Span(start_ms=0, end_ms=500),)


def test_silence_has_neither_level_nor_ratio() -> None:
    assert quality(recording(0.0, 0.0, spans=())) == Quality(
        net_speech_ms=0, snr_db=None, clipped=0.0, level_dbfs=None
    )


def test_an_empty_recording_has_no_quality() -> None:
    empty = Waveform(samples=np.zeros(0, dtype=np.float32), rate_hz=8000)

    assert quality(Speech(waveform=empty, spans=())) == Quality(
        net_speech_ms=0, snr_db=None, clipped=0.0, level_dbfs=None
    )


def test_without_a_pause_there_is_nothing_to_compare_with() -> None:
    spans = (Span(start_ms=0, end_ms=950),)

    assert quality(recording(0.5, 0.5, spans=spans)).snr_db is None


def test_the_ratio_is_of_voice_to_pause() -> None:
    found = quality(recording(0.1, 0.01, spans=FIRST_HALF))

    assert found.level_dbfs == pytest.approx(-20.0, abs=0.01)
    # Voice and noise together are 20 dB over the noise; the voice alone is a little less.
    assert found.snr_db == pytest.approx(19.96, abs=0.01)
    assert found.net_speech_ms == 500


def test_a_digitally_silent_pause_gives_a_finite_ratio() -> None:
    assert quality(recording(0.1, 0.0, spans=FIRST_HALF)).snr_db == pytest.approx(80.0, abs=0.1)


def test_clipping_is_the_share_of_full_scale() -> None:
    assert quality(recording(1.0, 0.1, spans=FIRST_HALF)).clipped == 0.5
