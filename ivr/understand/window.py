"""How much of Whisper's thirty-second window one turn needs, and where a longer turn is cut."""

import numpy as np

from biometrics import Waveform, joined, resampled

RATE_HZ = 16_000
"""What Whisper and the Vosk models hear."""

LONGEST_PIECE_MS = 28_000
"""A longer turn is cut: with the lead and a second of margin this fills the window."""

_LEAD_MS = 200
_FRAMES_A_SECOND = 100
_FEWEST_FRAMES = 1_000
_MARGIN_FRAMES = 100
_MOST_FRAMES = 3_000
_SEARCHED_MS = 10_000
_PAUSE_MS = 300
_SILENT_PEAK = 0.001


def window_frames(sound_frames: int) -> int:
    """Feature frames the encoder gets for `sound_frames` (10 ms each): 1000 to 3000.

    Measured on German sentences in the telephone band, Whisper base: a window of at least ten
    seconds, and one second more than the sound, gives the words of the full thirty seconds in a
    fifth of the encoder's time; a shorter one costs words (29.5 % against 24.8 % wrong).
    """
    return min(max(sound_frames + _MARGIN_FRAMES, _FEWEST_FRAMES), _MOST_FRAMES)


def most_tokens(duration_ms: int) -> int:
    """Tokens to stop after: more than anybody says in `duration_ms`, so that loops end early."""
    return min(24 + 14 * duration_ms // 1_000, 448)


def with_lead(waveform: Waveform) -> Waveform:
    """The sound at 16 kHz after a moment of silence.

    A "Ja." cut at its first sample gets a mean log-probability of -1.3, with the lead -0.6.
    """
    sound = resampled(waveform, RATE_HZ)
    lead = np.zeros(_LEAD_MS * RATE_HZ // 1_000, dtype=np.float32)
    return joined([Waveform(samples=lead, rate_hz=RATE_HZ), sound])


def is_silent(waveform: Waveform) -> bool:
    """Nothing reaches -60 dBFS: quieter than the faintest speech on a line."""
    return not np.any(np.abs(waveform.samples) >= _SILENT_PEAK)


def pieces(waveform: Waveform) -> list[Waveform]:
    """The turn in pieces of at most 28 s, cut at the quietest moment before that."""
    found: list[Waveform] = []
    rest = waveform
    while rest.duration_ms > LONGEST_PIECE_MS:
        cut_ms = _quietest_ms(rest, LONGEST_PIECE_MS - _SEARCHED_MS, LONGEST_PIECE_MS)
        found.append(rest.cut(0, cut_ms))
        rest = rest.cut(cut_ms, rest.duration_ms + 1)
    return [*found, rest]


def _quietest_ms(waveform: Waveform, start_ms: int, end_ms: int) -> int:
    """The middle of the quietest 300 ms between the two times."""
    starts = range(start_ms, end_ms - _PAUSE_MS + 1, _PAUSE_MS // 6)
    energies = [
        float(np.square(waveform.cut(start, start + _PAUSE_MS).samples).mean()) for start in starts
    ]
    return starts[int(np.argmin(energies))] + _PAUSE_MS // 2
