"""The window fits the turn, and a long turn is cut where nobody speaks."""

import numpy as np
import pytest

from biometrics import Waveform
from ivr.understand.window import is_silent, most_tokens, pieces, window_frames, with_lead


def sound(seconds: float, *, rate_hz: int = 8_000, level: float = 0.1) -> Waveform:
    noise = np.random.default_rng(7).standard_normal(int(seconds * rate_hz))
    return Waveform(samples=(level * noise).astype(np.float32), rate_hz=rate_hz)


@pytest.mark.parametrize(
    ("sound_frames", "expected"),
    [(0, 1_000), (300, 1_000), (900, 1_000), (901, 1_001), (2_820, 2_920), (2_950, 3_000)],
)
def test_the_window_is_a_second_longer_than_the_sound_and_at_least_ten(
    sound_frames: int, expected: int
) -> None:
    assert expected == window_frames(sound_frames)


def test_a_loop_ends_after_more_tokens_than_anybody_can_say() -> None:
    assert most_tokens(500) == 31
    assert most_tokens(5_000) == 94
    assert most_tokens(60_000) == 448


def test_a_turn_of_28_seconds_stays_whole() -> None:
    turn = sound(28)

    assert pieces(turn) == [turn]


def test_a_longer_turn_is_cut_in_its_pause_and_loses_no_sample() -> None:
    turn = sound(40)
    pause = slice(22 * 8_000, 23 * 8_000)
    turn.samples[pause] = 0.0

    first, second = pieces(turn)

    assert 22_000 <= first.duration_ms <= 23_000
    assert np.array_equal(turn.samples, np.concatenate([first.samples, second.samples]))


def test_a_turn_of_two_minutes_gives_pieces_that_fit_the_window() -> None:
    found = pieces(sound(120))

    assert len(found) >= 5
    assert all(piece.duration_ms <= 28_000 for piece in found)
    assert sum(len(piece.samples) for piece in found) == 120 * 8_000


def test_the_sound_is_heard_at_16_khz_after_a_fifth_of_a_second_of_silence() -> None:
    heard = with_lead(sound(1))

    assert (heard.rate_hz, len(heard.samples)) == (16_000, 16_000 + 3_200)
    assert not heard.samples[:3_200].any()
    assert heard.samples[3_200:].any()


def test_a_whisper_is_not_silence() -> None:
    assert not is_silent(sound(1, level=0.001))


def test_a_dead_line_is_silence() -> None:
    assert is_silent(Waveform(samples=np.zeros(8_000, dtype=np.float32), rate_hz=8_000))
    assert is_silent(sound(1, level=0.0001))
