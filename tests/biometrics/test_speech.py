"""From probabilities to stretches of speech."""

import numpy as np
import pytest

from biometrics import (
    Span,
    SpanSettings,
    Speech,
    SpeechDetector,
    Waveform,
    find_speech,
    joined_speech,
    spans,
)

SETTINGS = SpanSettings()
MS = 32


def found(*runs: tuple[float, int]) -> list[tuple[int, int]]:
    """Start and end of what is found where each probability lasts so many frames."""
    values, counts = zip(*runs, strict=True)
    probabilities = np.repeat(np.array(values, dtype=np.float32), counts)
    return [
        (span.start_ms, span.end_ms)
        for span in spans(probabilities, frame_ms=MS, settings=SETTINGS)
    ]


def test_an_empty_recording_holds_no_speech() -> None:
    assert spans(np.zeros(0, dtype=np.float32), frame_ms=MS, settings=SETTINGS) == ()


def test_silence_holds_no_speech() -> None:
    assert found((0.1, 100)) == []


def test_probabilities_that_are_not_numbers_are_no_speech() -> None:
    assert found((float("nan"), 100)) == []


def test_a_click_is_no_speech() -> None:
    assert found((0.0, 10), (0.9, 4), (0.0, 10)) == []


def test_speech_is_padded_on_both_sides() -> None:
    assert found((0.0, 10), (0.9, 10), (0.0, 10)) == [(320 - 64, 640 + 64)]


def test_padding_stays_inside_the_recording() -> None:
    assert found((0.9, 10)) == [(0, 320)]


def test_a_weaker_sound_continues_speech_but_does_not_begin_it() -> None:
    assert found((0.4, 20), (0.0, 10)) == []
    assert found((0.9, 5), (0.4, 20), (0.0, 10)) == [(0, 800 + 64)]


def test_a_short_pause_is_bridged() -> None:
    assert found((0.9, 10), (0.0, 6), (0.9, 10)) == [(0, 26 * MS)]


def test_a_longer_pause_is_left_out() -> None:
    assert found((0.9, 10), (0.0, 7), (0.9, 10)) == [(0, 320 + 64), (17 * MS - 64, 27 * MS)]


def test_padding_that_meets_makes_one_stretch() -> None:
    wide = SpanSettings(pad_ms=200)
    probabilities = np.repeat(np.array([0.9, 0.0, 0.9], dtype=np.float32), [10, 8, 10])

    assert spans(probabilities, frame_ms=MS, settings=wide) == (Span(start_ms=0, end_ms=28 * MS),)


@pytest.mark.parametrize("seed", range(20))
def test_stretches_are_ordered_inside_the_recording_and_never_overlap(seed: int) -> None:
    rng = np.random.default_rng(seed)
    probabilities = rng.random(300, dtype=np.float32)
    pad_ms, bridged_ms = rng.integers(0, 300, 2).tolist()
    settings = SpanSettings(pad_ms=pad_ms, bridged_ms=bridged_ms, shortest_ms=0)

    edges = [
        edge
        for span in spans(probabilities, frame_ms=MS, settings=settings)
        for edge in (span.start_ms, span.end_ms)
    ]

    assert edges == sorted(edges)
    assert len(set(edges)) == len(edges)
    assert not edges or (edges[0] >= 0 and edges[-1] <= 300 * MS)


def test_speech_is_found_in_a_waveform(detector: SpeechDetector) -> None:
    samples = np.zeros(8000, dtype=np.float32)
    samples[2560:5120] = 0.9

    speech = find_speech(Waveform(samples=samples, rate_hz=8000), detector, SETTINGS)

    assert speech.spans == (Span(start_ms=256, end_ms=704),)
    assert speech.net_ms == 448


def a_second_of_speech(*edges: tuple[int, int]) -> Speech:
    samples = np.arange(1000, dtype=np.float32) / np.float32(1000)
    found = tuple(Span(start_ms=start, end_ms=end) for start, end in edges)
    return Speech(waveform=Waveform(samples=samples, rate_hz=1000), spans=found)


def test_speech_is_cut_with_its_stretches() -> None:
    speech = a_second_of_speech((100, 300), (500, 700), (800, 900)).cut(200, 600)

    assert speech.spans == (Span(start_ms=0, end_ms=100), Span(start_ms=300, end_ms=400))
    assert speech.waveform.samples[0] == np.float32(0.2)
    assert speech.waveform.duration_ms == 400


def test_speech_is_joined_with_its_stretches() -> None:
    speech = joined_speech([a_second_of_speech((0, 100)), a_second_of_speech((900, 1000))])

    assert speech.spans == (Span(start_ms=0, end_ms=100), Span(start_ms=1900, end_ms=2000))
    assert speech.waveform.duration_ms == 2000


def test_context_keeps_short_pauses_and_drops_long_ones() -> None:
    speech = a_second_of_speech((100, 200), (250, 300), (800, 900)).in_context(50)

    assert speech.net_ms == 250
    assert speech.spans == (
        Span(start_ms=50, end_ms=150),
        Span(start_ms=200, end_ms=250),
        Span(start_ms=350, end_ms=450),
    )
    assert speech.waveform.duration_ms == 500


def test_silence_has_no_context() -> None:
    assert a_second_of_speech().in_context(1000).waveform.duration_ms == 0
