"""What in a sound may tell how it was made: some four hundred numbers, none of which knows words.

Cepstra of linear bands and how they move (Sahidullah, Kinnunen, Hanilci: "A Comparison of Features
for Synthetic Speech Detection", Interspeech 2015), phases (Saratxaga et al.: "Synthetic speech
detection using phase information", Speech Communication 81 (2016) 30), modulation, pitch and the
excitation of linear prediction. All lie between 250 and 3400 Hz, and a constant gain or equaliser
leaves them nearly as they are.
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

RATE_HZ = 8_000

Numbers = NDArray[np.float64]
Complex = NDArray[np.complex128]

_FFT, _HOP = 256, 64
_WINDOW = np.hanning(_FFT + 1)[:-1]
_FIRST_BIN, _LAST_BIN = 8, 110
_PHASE_EDGES = np.linspace(_FIRST_BIN, _LAST_BIN + 1, 21).astype(int)[:-1] - _FIRST_BIN
_CEPSTRAL_EDGES = np.linspace(_FIRST_BIN, _LAST_BIN + 1, 41).astype(int)[:-1] - _FIRST_BIN
_COSINES = np.cos(np.pi * np.arange(20)[:, np.newaxis] * (np.arange(40) + 0.5) / 40)

_LOUD_DB = -25.0
"""Frames this far under the loud ones are pauses, and pauses tell of the line only."""
_FLOOR = 1e-3
"""Of the mean power of a bin: quieter is the line's noise."""

_PITCH_FRAME = 512
_SHORTEST_PERIOD, _LONGEST_PERIOD = 20, 115
_VOICED = 0.5
_STEADY = 0.1
"""Pitch that moves further from one frame to the next is taken for a mistake."""

_LPC_FRAME, _LPC_HOP, _LPC_ORDER = 240, 120, 10
_MODULATION_FRAMES = 256
_MODULATION_HZ = ((2, 4), (4, 8), (8, 16), (16, 30), (30, 62.5))


def traits(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The traits of a sound at 8 kHz, shape (n,), at least `SHORTEST` samples: shape (`COUNT`,)."""
    sound = samples.astype(np.float64)
    sound = sound / max(float(np.sqrt(np.mean(sound**2))), 1e-6)
    frames = sliding_window_view(sound, _FFT)[::_HOP]
    spectra = np.fft.rfft(frames * _WINDOW, axis=1)[:, _FIRST_BIN - 1 : _LAST_BIN + 1]
    below, spectra = spectra[:, :-1], spectra[:, 1:]
    power = np.abs(spectra) ** 2
    level = power.sum(axis=1)
    is_loud = level >= np.percentile(level, 95) * 10 ** (_LOUD_DB / 10)
    floor = max(_FLOOR * float(power.mean()), 1e-12)
    bands = np.log(np.add.reduceat(power, _CEPSTRAL_EDGES, axis=1) + floor)
    found = np.concatenate(
        [
            _cepstral(bands, is_loud),
            _phases(spectra, below, power / (power + 3 * floor) * is_loud[:, np.newaxis]),
            _fine_structure(power, level, floor, is_loud),
            _modulation(bands),
            _pitch(sound, is_loud),
            _excitation(sound),
        ]
    )
    return np.asarray(np.nan_to_num(np.clip(found, -50, 50)), dtype=np.float32)


def _cepstral(bands: Numbers, is_loud: NDArray[np.bool_]) -> Numbers:
    """How much and how fast cepstra move; not where they are, as that is the line's."""
    cepstra = (bands - bands[is_loud].mean(axis=0)) @ _COSINES.T / 40
    speed = cepstra[2:] - cepstra[:-2]
    change = speed[2:] - speed[:-2]
    step = np.abs(cepstra[1:] - cepstra[:-1])[is_loud[1:]].mean(axis=0)
    spreads = (
        cepstra[is_loud].std(axis=0),
        speed[is_loud[1:-1]].std(axis=0),
        change[is_loud[2:-2]].std(axis=0),
        step,
    )
    return np.log(np.concatenate(spreads) + 1e-4)


def _phases(spectra: Complex, below: Complex, strength: Numbers) -> Numbers:
    """How orderly phase goes on in time and across bins, in each of 20 bands."""
    unit = spectra / np.maximum(np.abs(spectra), 1e-9)
    bins = np.arange(_FIRST_BIN, _LAST_BIN + 1)
    advance = unit[1:] * unit[:-1].conj() * np.exp(-2j * np.pi * bins * _HOP / _FFT)
    both = strength[1:] * strength[:-1]
    drift = advance[1:] * advance[:-1].conj()
    slope = -unit * (below / np.maximum(np.abs(below), 1e-9)).conj()
    bend = np.pad(slope[:, 1:] * slope[:, :-1].conj(), ((0, 0), (1, 0)))
    means = [
        _weighed(advance, both),
        _weighed(drift, both[1:] * both[:-1]),
        _weighed(slope, strength),
        _weighed(bend, strength),
    ]
    doubled = np.abs(_weighed(advance**2, both))
    lasting = _weighed(slope[1:] * slope[:-1].conj(), both).real
    parts = [part for mean in means for part in (mean.real, mean.imag)]
    return np.concatenate([*parts, doubled, lasting])


def _weighed(values: Complex, weights: Numbers) -> Complex:
    """Weighted mean over time and the bins of each band, shape (20,)."""
    sums = np.add.reduceat((values * weights).sum(axis=0), _PHASE_EDGES)
    return np.asarray(sums / np.maximum(_summed(weights), 1e-9))


def _summed(weights: Numbers) -> Numbers:
    return np.asarray(np.add.reduceat(weights.sum(axis=0), _PHASE_EDGES))


def _fine_structure(
    power: Numbers, level: Numbers, floor: float, is_loud: NDArray[np.bool_]
) -> Numbers:
    """Variance, skewness and kurtosis of log magnitudes around their envelope, band by band."""
    shape = np.log(power + 1e-2 * floor + 1e-12) - np.log(np.maximum(level, 1e-9))[:, np.newaxis]
    shape = shape[is_loud]
    totals = np.cumsum(np.pad(shape, ((0, 0), (5, 4)), mode="edge"), axis=1)
    ripple = shape - (totals[:, 9:] - totals[:, :-9]) / 9
    count = _summed(np.ones_like(ripple))
    second, third, fourth = (_summed(ripple**order) / count for order in (2, 3, 4))
    spread = np.maximum(second, 1e-6)
    return np.concatenate([np.log(spread), third / spread**1.5, fourth / spread**2])


def _modulation(bands: Numbers) -> Numbers:
    """Shares of slow and fast changes of loudness in eight bands."""
    loudness = np.add.reduceat(bands, np.arange(0, 40, 5), axis=1)
    loudness = (loudness - loudness.mean(axis=0))[:_MODULATION_FRAMES]
    padded = np.pad(loudness, ((0, _MODULATION_FRAMES - len(loudness)), (0, 0)))
    power = np.abs(np.fft.rfft(padded * np.hanning(_MODULATION_FRAMES)[:, np.newaxis], axis=0)) ** 2
    hz = np.arange(len(power)) * RATE_HZ / _HOP / _MODULATION_FRAMES
    total = power[1:].sum(axis=0) + 1e-9
    shares = [power[(hz >= a) & (hz < b)].sum(axis=0) / total for a, b in _MODULATION_HZ]
    return np.log(np.concatenate(shares) + 1e-7)


def _pitch(sound: Numbers, is_loud: NDArray[np.bool_]) -> Numbers:
    """How periodic voiced sounds are, and how much their pitch trembles."""
    frames = sliding_window_view(sound, _PITCH_FRAME)[::_HOP]
    is_loud = is_loud[: len(frames)]
    height, period = _periods(frames)
    is_voiced = is_loud & (height > _VOICED)
    step = np.diff(np.log(period))
    step = step[is_voiced[1:] & is_voiced[:-1] & (np.abs(step) < _STEADY)]
    if len(step) < 6:  # noqa: PLR2004 - too few to tell
        step = np.zeros(6)
    size = np.abs(step)
    heights = np.percentile(height[is_loud], [10, 25, 50, 75, 90]) if is_loud.any() else np.zeros(5)
    trembling = [size.mean(), step.std(), np.abs(np.diff(step)).mean()]
    return np.concatenate(
        [
            heights,
            [is_voiced.mean(), float(np.mean(size < 5e-4))],  # noqa: PLR2004 - a monotone
            np.log(np.array(trembling) + 1e-5),
            np.log(np.percentile(size, [25, 50, 75, 95]) + 1e-6),
        ]
    )


def _periods(frames: Numbers) -> tuple[Numbers, Numbers]:
    """Height of the best peak of each autocorrelation, and its lag between samples.

    Boersma: "Accurate short-term analysis of the fundamental frequency", IFA 17 (1993) 97.
    """
    window = np.hanning(_PITCH_FRAME)
    likeness = np.fft.irfft(np.abs(np.fft.rfft(frames * window, 1024, axis=1)) ** 2)[:, :512]
    taper = np.fft.irfft(np.abs(np.fft.rfft(window, 1024)) ** 2)[:512]
    likeness = likeness / np.maximum(likeness[:, :1], 1e-9)
    likeness = likeness * (taper[0] / np.maximum(taper, taper[0] * 0.05))
    within = likeness[:, _SHORTEST_PERIOD:_LONGEST_PERIOD]
    lag = within.argmax(axis=1) + _SHORTEST_PERIOD
    left, top, right = (
        np.take_along_axis(likeness, (lag + o)[:, None], 1)[:, 0] for o in (-1, 0, 1)
    )
    bend = left - 2 * top + right
    offset = (left - right) / np.where(np.abs(bend) < 1e-9, 1.0, 2 * bend)  # noqa: PLR2004 - flat
    return within.max(axis=1), lag + np.clip(offset, -1, 1)


def _excitation(sound: Numbers) -> Numbers:
    """Peaks and lopsidedness of what linear prediction leaves over, and how much it leaves."""
    frames = sliding_window_view(sound, _LPC_FRAME)[::_LPC_HOP] * np.hanning(_LPC_FRAME)
    likeness = np.fft.irfft(np.abs(np.fft.rfft(frames, 512, axis=1)) ** 2)[:, : _LPC_ORDER + 1]
    predictors, error = predicted(likeness)
    left = np.fft.irfft(np.fft.rfft(frames, 512, axis=1) * np.fft.rfft(predictors, 512, axis=1))
    is_loud = likeness[:, 0] >= 0.1 * np.percentile(likeness[:, 0], 60)
    left = left[is_loud, _LPC_ORDER:_LPC_FRAME]
    spread = np.maximum(left.std(axis=1), 1e-9)
    peaks = (left**4).mean(axis=1) / spread**4
    lean = (left**3).mean(axis=1) / spread**3
    gain = np.log(error[is_loud] / np.maximum(likeness[is_loud, 0], 1e-9) + 1e-6)
    return np.concatenate(
        [
            np.percentile(peaks, [10, 50, 90]),
            [np.abs(lean).mean(), lean.mean(), lean.std()],
            np.percentile(gain, [10, 50, 90]),
        ]
    )


def predicted(likeness: Numbers) -> tuple[Numbers, Numbers]:
    """Predictors and their error from autocorrelations, shape (frames, order + 1): Levinson."""
    error = likeness[:, 0] * 1.001 + 1e-9
    found = np.zeros_like(likeness)
    found[:, 0] = 1.0
    for order in range(1, likeness.shape[1]):
        turn = -np.sum(found[:, :order] * likeness[:, order:0:-1], axis=1) / error
        found[:, 1 : order + 1] += turn[:, None] * found[:, order - 1 :: -1][:, :order]
        error = error * np.maximum(1 - turn * turn, 1e-6)
    return found, error


SHORTEST = 2_000
"""Fewer samples, a quarter of a second, have no traits."""

COUNT = len(traits(np.random.default_rng(0).standard_normal(SHORTEST).astype(np.float32)))
