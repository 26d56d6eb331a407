"""How a turn was said: pitch, strength, pace and pauses, measured on the sound itself."""

from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from biometrics import Span, Speech, resampled
from ivr.understand.pitch import Pitch, pitch

_RATE_HZ = 8_000
_FRAME = 320
_HOP = 80
_FRAMES_A_SECOND = _RATE_HZ // _HOP
_FFT = 512
_LONGEST_MS = 20_000
"""Of speech that is measured; more tells nothing new and costs time."""

_LONGEST_PAUSE_MS = 4_000
"""Of background that is measured."""

_VOICED = 0.5
_SMOOTHED = 5
"""Frames over which the strength is averaged before syllables are counted."""

_DIP_DB = 2.5
"""Between two syllables the strength falls by so much (de Jong and Wempe 2009 take 2 dB)."""

_FAINT_DB = 25
"""So far below the loud moments a frame is no syllable and tells nothing of the voice."""

_CONFIDENT_FRAMES = 25
_QUIETER = 20
"""Per cent of the pauses that are background only: soft sounds of speech may be in the others."""

_QUIETEST = 1e-9

_Line = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prosody:
    """How one turn was said. Nothing in it tells words; little tells whose voice it was."""

    net_ms: int
    """Of speech that was measured."""

    pitch_semitones: float
    """Middle of the pitch above 100 Hz."""

    pitch_range_semitones: float
    """From the tenth to the ninetieth of a hundred voiced frames."""

    pitch_movement_semitones: float
    """Mean step of the pitch in a tenth of a second."""

    level_db: float
    """Mean power of the speech, full scale is 0; depends on the line as well."""

    level_range_db: float
    """From the quiet to the loud tenths of the speech."""

    brightness_db: float
    """Power from 1000 to 3400 Hz over that below, where the voice is voiced: grows with effort."""

    sharpness_db: float
    """The same from 2000 Hz on."""

    clearness: float
    """Mean share of voiced frames that repeats itself, 0 to 1; a hoarse voice has less."""

    voiced: float
    """Share of the speech that is voiced, 0 to 1."""

    syllables_per_second: float
    """In the speech itself, pauses left out."""

    longest_pause_ms: int
    """Between two stretches of speech."""

    paused: float
    """Share of the time from the first word to the last, 0 to 1."""

    above_background_db: float | None
    """Power of the speech over that of the quieter moments of the pauses; None without a pause."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Sound:
    """The spoken frames of a turn."""

    level_db: _Line
    syllable_db: _Line
    brightness_db: _Line
    sharpness_db: _Line
    pitch: Pitch
    is_voiced: NDArray[np.bool_]


def prosody(speech: Speech) -> Prosody | None:
    """How the turn was said; None when too little of it is voiced to tell."""
    samples = resampled(speech.waveform, _RATE_HZ).samples
    spans = _first(speech.spans, _LONGEST_MS)
    parts = [_heard(_cut(samples, span)) for span in spans if span.length_ms * 8 >= _FRAME]
    if not parts:
        return None
    sound = _joined(parts)
    if np.count_nonzero(sound.is_voiced) < _CONFIDENT_FRAMES:
        return None
    heights = sound.pitch.semitones[sound.is_voiced]
    loud = sound.level_db[sound.level_db > np.percentile(sound.level_db, 95) - _FAINT_DB]
    low, middle, high = np.percentile(heights, (10, 50, 90))
    longest, paused = _pauses(spans)
    return Prosody(
        net_ms=sum(span.length_ms for span in spans),
        pitch_semitones=float(middle),
        pitch_range_semitones=float(high - low),
        pitch_movement_semitones=_movement(sound),
        level_db=_mean_db(sound.level_db),
        level_range_db=float(np.subtract(*np.percentile(loud, (90, 10)))),
        brightness_db=float(np.mean(sound.brightness_db[sound.is_voiced])),
        sharpness_db=float(np.mean(sound.sharpness_db[sound.is_voiced])),
        clearness=float(np.mean(sound.pitch.strength[sound.is_voiced])),
        voiced=float(np.mean(sound.is_voiced)),
        syllables_per_second=_syllables(sound) * _FRAMES_A_SECOND / len(sound.level_db),
        longest_pause_ms=longest,
        paused=paused,
        above_background_db=_above_background(samples, speech.spans, _mean_db(sound.level_db)),
    )


def _first(spans: tuple[Span, ...], longest_ms: int) -> tuple[Span, ...]:
    kept: list[Span] = []
    for span in spans:
        room = longest_ms - sum(one.length_ms for one in kept)
        if room <= 0:
            break
        kept.append(Span(start_ms=span.start_ms, end_ms=min(span.end_ms, span.start_ms + room)))
    return tuple(kept)


def _cut(samples: NDArray[np.float32], span: Span) -> NDArray[np.float32]:
    return samples[span.start_ms * _RATE_HZ // 1000 : span.end_ms * _RATE_HZ // 1000]


def _heard(samples: NDArray[np.float32]) -> _Sound:
    if len(samples) < _FRAME:
        samples = np.pad(samples, (0, _FRAME - len(samples)))
    frames = np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[::_HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(_FRAME), _FFT)) ** 2 / (_FRAME * _FRAME / 6)
    below_1k, below_2k, above_2k = (
        power[:, _bin(low) : _bin(high)].sum(axis=1) + _QUIETEST
        for low, high in ((250, 1_000), (1_000, 2_000), (2_000, 3_400))
    )
    level_db = 10 * np.log10(below_1k + below_2k + above_2k)
    heights = pitch(frames, _RATE_HZ)
    is_loud = level_db > np.percentile(level_db, 95) - _FAINT_DB
    smoothed = np.convolve(below_1k + below_2k, np.full(_SMOOTHED, 1 / _SMOOTHED), mode="same")
    return _Sound(
        level_db=level_db,
        syllable_db=10 * np.log10(smoothed),
        brightness_db=10 * np.log10((below_2k + above_2k) / below_1k),
        sharpness_db=10 * np.log10(above_2k / (below_1k + below_2k)),
        pitch=heights,
        is_voiced=(heights.strength > _VOICED) & is_loud,
    )


def _bin(hz: int) -> int:
    return hz * _FFT // _RATE_HZ


def _joined(parts: list[_Sound]) -> _Sound:
    def together(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(part, name) for part in parts])

    return _Sound(
        **{one.name: together(one.name) for one in fields(_Sound) if one.name != "pitch"},
        pitch=Pitch(
            semitones=np.concatenate([part.pitch.semitones for part in parts]),
            strength=np.concatenate([part.pitch.strength for part in parts]),
        ),
    )


def _movement(sound: _Sound) -> float:
    """Steps over a tenth of a second inside one stretch of voice; a jump of an octave is none."""
    reach = _FRAMES_A_SECOND // 10
    is_both = sound.is_voiced[reach:] & sound.is_voiced[:-reach]
    steps = np.abs(sound.pitch.semitones[reach:] - sound.pitch.semitones[:-reach])[is_both]
    steps = steps[steps < 9]  # noqa: PLR2004 - semitones
    return float(steps.mean()) if len(steps) else 0.0


def _syllables(sound: _Sound) -> int:
    """Peaks of strength that are voiced, each with a dip before and after it."""
    least = np.percentile(sound.syllable_db, 95) - _FAINT_DB
    return sum(
        bool(sound.is_voiced[peak] and sound.syllable_db[peak] > least)
        for peak in _peaks(sound.syllable_db.tolist())
    )


def _peaks(levels_db: list[float]) -> list[int]:
    """Where the strength turns down by more than a dip, after it had turned up by one."""
    found: list[int] = []
    turn, is_rising = 0, True
    for at, level in enumerate(levels_db):
        change = level - levels_db[turn] if is_rising else levels_db[turn] - level
        if change >= 0:
            turn = at
        elif change < -_DIP_DB:
            if is_rising:
                found.append(turn)
            turn, is_rising = at, not is_rising
    return [*found, turn] if is_rising else found


def _mean_db(levels_db: _Line) -> float:
    return float(10 * np.log10(np.mean(10 ** (levels_db / 10))))


def _pauses(spans: tuple[Span, ...]) -> tuple[int, float]:
    gaps = [after.start_ms - before.end_ms for before, after in pairwise(spans)]
    whole_ms = spans[-1].end_ms - spans[0].start_ms
    return max(gaps, default=0), sum(gaps) / max(whole_ms, 1)


def _above_background(
    samples: NDArray[np.float32], spans: tuple[Span, ...], level_db: float
) -> float | None:
    is_pause = np.ones(len(samples), dtype=np.bool_)
    for span in spans:
        is_pause[span.start_ms * _RATE_HZ // 1000 : span.end_ms * _RATE_HZ // 1000] = False
    pause = samples[is_pause][: _LONGEST_PAUSE_MS * _RATE_HZ // 1000]
    if len(pause) < 2 * _FRAME:
        return None
    return level_db - float(np.percentile(_heard(pause).level_db, _QUIETER))
