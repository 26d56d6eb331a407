"""Human speech taken apart and put together again, as machines that copy a voice do it.

Each vocoder keeps words, speaker, room and microphone of a recording and replaces how its samples
came to be, so that whoever learns from both learns the making and nothing else.
"""

import importlib
from collections.abc import Callable, Mapping

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.random import Generator
from numpy.typing import NDArray

RATE_HZ = 16_000

_FFT = 512
_HOP = 128
_WINDOW = np.hanning(_FFT + 1)[:-1]
_LPC_ORDER = 20
_LOWEST_HZ, _HIGHEST_HZ = 70, 400

Samples = NDArray[np.float64]
Vocoder = Callable[[Samples, Generator], Samples]


def griffin_lim(samples: Samples, chance: Generator) -> Samples:
    """Phase guessed from a mel spectrogram: Griffin, Lim, IEEE Trans. ASSP 32 (1984) 236."""
    bands = int(chance.choice([40, 64, 80]))
    magnitude = _through_mel(np.abs(_stft(samples)), bands)
    return _phased(magnitude, len(samples), chance, rounds=int(chance.choice([12, 24, 40])))


def linear_griffin_lim(samples: Samples, chance: Generator) -> Samples:
    """The same from the whole magnitude, where only the phase is guessed."""
    rounds = int(chance.choice([8, 20, 40]))
    return _phased(np.abs(_stft(samples)), len(samples), chance, rounds=rounds)


def random_phase(samples: Samples, chance: Generator) -> Samples:
    """Magnitudes kept, phases thrown by dice."""
    spectra = _stft(samples)
    return _istft(np.abs(spectra) * _dice(spectra.shape, chance), len(samples))


def pulse_lpc(samples: Samples, chance: Generator) -> Samples:
    """A pulse train and noise through linear prediction: Atal, Hanauer, JASA 50 (1971) 637."""
    return _predicted(samples, _excitation(samples, chance, mixture=0.0))


def mixed_lpc(samples: Samples, chance: Generator) -> Samples:
    """The same with noise in voiced sounds: McCree, Barnwell, IEEE Trans. SAP 3 (1995) 242."""
    return _predicted(
        samples, _excitation(samples, chance, mixture=float(chance.uniform(0.1, 0.5)))
    )


def minimum_phase(samples: Samples, chance: Generator) -> Samples:
    """Mel envelope as a minimum-phase filter over pulses and noise, as parametric synthesis does.

    Cepstral folding: Oppenheim, Schafer, "Discrete-Time Signal Processing", section 12.8.
    """
    source = _excitation(samples, chance, mixture=float(chance.uniform(0.0, 0.3)))
    envelope = np.maximum(_through_mel(np.abs(_stft(samples)), int(chance.choice([24, 40]))), 1e-6)
    cepstrum = np.fft.irfft(np.log(envelope), axis=1)
    cepstrum[:, 1 : _FFT // 2] *= 2
    cepstrum[:, _FFT // 2 + 1 :] = 0
    return _levelled(_istft(_stft(source) * np.exp(np.fft.rfft(cepstrum, axis=1)), len(samples)))


def overlapped_pitch(samples: Samples, chance: Generator) -> Samples:
    """Pitch periods copied closer or wider: Moulines, Charpentier, Speech Comm. 9 (1990) 453."""
    factor = float(chance.choice([0.8, 0.88, 0.95, 1.06, 1.15, 1.25]))
    periods = _periods(samples)
    made, weight = np.zeros(len(samples) + 2000), np.zeros(len(samples) + 2000)
    place = 400.0
    while place < len(samples) - 400:
        period = int(periods[int(place) // _HOP]) or 80
        near = _peak(samples, int(place), period)
        first = max(near - period, 0)
        grain = samples[first : first + 2 * period]
        window = np.hanning(len(grain))
        start = int(place) - period
        if start >= 0:
            made[start : start + len(grain)] += grain * window
            weight[start : start + len(grain)] += window
        place += period / factor if periods[int(place) // _HOP] else period
    return (made / np.maximum(weight, 0.3))[: len(samples)]


def stretched(samples: Samples, chance: Generator) -> Samples:
    """Faster or slower at the same pitch by a phase vocoder: Flanagan, Golden, BSTJ 45 (1966)."""
    rate = float(chance.choice([0.8, 0.9, 1.12, 1.25]))
    spectra = _stft(samples)
    moments = np.arange(0, len(spectra) - 1, rate)
    low = moments.astype(np.int64)
    share = (moments - low)[:, np.newaxis]
    magnitude = np.abs(spectra[low]) * (1 - share) + np.abs(spectra[low + 1]) * share
    turns = np.angle(spectra[low + 1] * np.conj(spectra[low]))
    phase = np.angle(spectra[0]) + np.cumsum(turns, axis=0)
    return _istft(magnitude * np.exp(1j * phase), int(len(samples) / rate))


def world(samples: Samples, chance: Generator) -> Samples:
    """WORLD: Morise, Yokomori, Ozawa, IEICE E99-D (2016) 1877. Needs pyworld, a tool of the trade.

    Raises:
        ModuleNotFoundError: pyworld is not installed.
    """
    tool = importlib.import_module("pyworld")
    pitch, envelope, breath = tool.wav2world(np.ascontiguousarray(samples), RATE_HZ)
    factor = float(chance.choice([0.9, 1.0, 1.1]))
    made: Samples = tool.synthesize(pitch * factor, envelope, breath, RATE_HZ)
    return made[: len(samples)]


VOCODERS: Mapping[str, Vocoder] = {
    "griffin-lim-mel": griffin_lim,
    "griffin-lim-linear": linear_griffin_lim,
    "random-phase": random_phase,
    "lpc-pulse": pulse_lpc,
    "lpc-mixed": mixed_lpc,
    "minimum-phase": minimum_phase,
    "pitch-overlap-add": overlapped_pitch,
    "phase-vocoder": stretched,
    "world": world,
}
"""By kind of attack."""


def _stft(samples: Samples) -> NDArray[np.complex128]:
    """Shape (frames, 257)."""
    padded = np.pad(samples, (_FFT // 2, _FFT))
    frames = sliding_window_view(padded, _FFT)[: len(samples) + _FFT // 2 : _HOP]
    return np.asarray(np.fft.rfft(frames * _WINDOW, axis=1))


def _istft(spectra: NDArray[np.complex128], length: int) -> Samples:
    """Least squares over what overlaps, as Griffin and Lim have it."""
    pieces = np.fft.irfft(spectra, axis=1) * _WINDOW
    whole = _added(pieces)
    weight = _added(np.broadcast_to(_WINDOW * _WINDOW, pieces.shape))
    return (whole / np.maximum(weight, 1e-3))[_FFT // 2 : _FFT // 2 + length]


def _added(pieces: Samples) -> Samples:
    """Overlap-add of shape (frames, 512) at every 128 samples."""
    parts = _FFT // _HOP
    whole = np.zeros((len(pieces) + parts, _HOP))
    for part in range(parts):
        whole[part : part + len(pieces)] += pieces[:, part * _HOP : (part + 1) * _HOP]
    return whole.ravel()


def _dice(shape: tuple[int, ...], chance: Generator) -> NDArray[np.complex128]:
    return np.asarray(np.exp(2j * np.pi * chance.random(shape)))


def _phased(magnitude: Samples, length: int, chance: Generator, *, rounds: int) -> Samples:
    guess = _istft(magnitude * _dice(magnitude.shape, chance), length)
    for _ in range(rounds):
        spectra = _stft(guess)
        phase = spectra / np.maximum(np.abs(spectra), 1e-9)
        guess = _istft(magnitude * phase[: len(magnitude)], length)
    return guess


def _through_mel(magnitude: Samples, bands: int) -> Samples:
    """What is left of magnitudes, shape (frames, 257), after `bands` mel bands and back."""
    weights = _mel(bands)
    return np.asarray(np.maximum(magnitude @ weights.T @ np.linalg.pinv(weights.T), 0.0))


def _mel(bands: int) -> Samples:
    """Triangles of O'Shaughnessy's mel scale, shape (bands, 257)."""
    top = 2595 * np.log10(1 + RATE_HZ / 2 / 700)
    corners = 700 * (10 ** (np.linspace(0, top, bands + 2) / 2595) - 1)
    bins = np.linspace(0, RATE_HZ / 2, _FFT // 2 + 1)
    rising = (bins - corners[:-2, None]) / (corners[1:-1] - corners[:-2])[:, None]
    falling = (corners[2:, None] - bins) / (corners[2:] - corners[1:-1])[:, None]
    # A triangle narrower than a bin would be empty.
    return np.maximum(np.minimum(rising, falling), 1e-6)


def _periods(samples: Samples) -> NDArray[np.int64]:
    """Samples of a pitch period in each frame of 8 ms, 0 where nothing is voiced."""
    size = 1024
    padded = np.pad(samples, (size // 2, size))
    frames = sliding_window_view(padded, size)[: len(samples) + _HOP : _HOP]
    spectra = np.fft.rfft(frames * np.hanning(size), 2 * size, axis=1)
    likeness = np.fft.irfft(np.abs(spectra) ** 2, axis=1)[:, :size]
    first, last = RATE_HZ // _HIGHEST_HZ, RATE_HZ // _LOWEST_HZ
    lags = likeness[:, first:last].argmax(axis=1) + first
    best = np.take_along_axis(likeness, lags[:, None], axis=1)[:, 0]
    is_voiced = best > 0.35 * np.maximum(likeness[:, 0], 1e-6)
    return np.asarray(np.where(is_voiced, lags, 0))


def _peak(samples: Samples, place: int, period: int) -> int:
    first = max(place - period // 2, 0)
    return first + int(np.argmax(np.abs(samples[first : first + period])))


def _excitation(samples: Samples, chance: Generator, *, mixture: float) -> Samples:
    """Unit power: pulses at the pitch where there is one, noise elsewhere."""
    periods = _periods(samples)
    noise = chance.standard_normal(len(samples))
    source = np.zeros(len(samples))
    factor = float(chance.uniform(0.85, 1.2))
    place = 0.0
    while place < len(samples):
        period = periods[int(place) // _HOP]
        if period:
            length = max(float(period) / factor, 20.0)
            source[int(place)] = np.sqrt(length)
            place += length
        else:
            place += _HOP
    voiced = np.repeat(periods > 0, _HOP)[: len(samples)]
    voiced = np.pad(voiced, (0, len(samples) - len(voiced)))
    return np.where(voiced, np.sqrt(1 - mixture) * source + np.sqrt(mixture) * noise, noise)


def _predicted(samples: Samples, source: Samples) -> Samples:
    """`source` through the all-pole envelope of each frame of `samples`, in the spectrum."""
    padded = np.pad(samples, (_FFT // 2, _FFT))
    frames = sliding_window_view(padded, _FFT)[: len(samples) + _FFT // 2 : _HOP] * _WINDOW
    power = np.abs(np.fft.rfft(frames, 2 * _FFT, axis=1)) ** 2
    correlations = np.fft.irfft(power, axis=1)[:, : _LPC_ORDER + 1]
    coefficients, errors = _levinson(correlations)
    envelope = np.sqrt(errors / _FFT)[:, None] / np.fft.rfft(coefficients, _FFT, axis=1)
    return _levelled(_istft(_stft(source) * envelope, len(samples)))


def _levinson(correlations: Samples) -> tuple[Samples, Samples]:
    """Predictors, shape (frames, order + 1), and their error: Levinson's recursion, all at once."""
    error = correlations[:, 0] * 1.0001 + 1e-9
    found = np.zeros_like(correlations)
    found[:, 0] = 1.0
    for order in range(1, correlations.shape[1]):
        reached = np.sum(found[:, :order] * correlations[:, order:0:-1], axis=1)
        turn = -reached / error
        found[:, 1 : order + 1] += turn[:, None] * found[:, order - 1 :: -1][:, :order]
        error = error * np.maximum(1 - turn * turn, 1e-6)
    return found, error


def _levelled(samples: Samples) -> Samples:
    return samples * (0.6 / max(float(np.abs(samples).max()), 1e-6))
