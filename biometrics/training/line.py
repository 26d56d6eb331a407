"""What lies between a mouth and our ear: room, noise, handset, codec, lost packets.

Everything is drawn from a generator that the caller seeds, so a crop can be made again.
"""

from io import BytesIO
from typing import Any

import numpy as np
import soundfile
from numpy.random import Generator
from numpy.typing import NDArray

RATE_HZ = 8_000

Sound = NDArray[np.float32]
"""Shape (n,) at 8 kHz."""

_PACKET = RATE_HZ // 50
_CODECS = ("mulaw", "alaw", "gsm", "g726", "opus", "none")
_CODEC_SHARES = (0.40, 0.20, 0.12, 0.03, 0.05, 0.20)


def over_a_line(clean: Sound, babble: Sound, draw: Generator) -> Sound:
    """`clean` speech as it might arrive; `babble` is of the same length, other people talking."""
    sound = _filtered(clean, draw)
    if draw.random() < 0.65:  # noqa: PLR2004 - shares of a recipe, named by what they choose
        sound = _noisy(sound, babble, draw)
    sound = _levelled(sound, draw)
    sound = _coded(sound, str(draw.choice(_CODECS, p=_CODEC_SHARES)))
    if draw.random() < 0.15:  # noqa: PLR2004 - as above
        sound = _with_lost_packets(sound, draw)
    return sound


def _filtered(sound: Sound, draw: Generator) -> Sound:
    """Room and handset, both linear, in one multiplication of spectra."""
    size = 1 << (len(sound) + RATE_HZ // 2 - 1).bit_length()
    spectrum = np.fft.rfft(sound, size)
    hertz = np.fft.rfftfreq(size, 1 / RATE_HZ)
    if draw.random() < 0.8:  # noqa: PLR2004 - as above
        spectrum *= _handset(hertz, draw)
    if draw.random() < 0.35:  # noqa: PLR2004 - as above
        spectrum *= np.fft.rfft(_room(draw), size)
    return np.asarray(np.fft.irfft(spectrum, size)[: len(sound)], dtype=np.float32)


def _handset(hertz: NDArray[np.floating[Any]], draw: Generator) -> NDArray[np.float64]:
    """A band of about 300 to 3400 Hz with soft edges, a slope, and now and then a resonance."""
    low, high = draw.uniform(80, 400), draw.uniform(2_900, 3_900)
    edges = 1 / (1 + (low / np.maximum(hertz, 1)) ** draw.uniform(3, 8))
    edges /= 1 + (hertz / high) ** draw.uniform(8, 24)
    slope_db = draw.uniform(-8, 8) * (hertz / 4_000 - 0.5)
    peak_db = draw.uniform(-5, 6) * np.exp(
        -(((hertz - draw.uniform(500, 3_000)) / draw.uniform(150, 600)) ** 2)
    )
    return np.asarray(edges * 10 ** ((slope_db + peak_db) / 20), dtype=np.float64)


def _room(draw: Generator) -> NDArray[np.float64]:
    """A direct sound and an exponentially decaying tail, after Polack's model of a room."""
    decay_s = draw.uniform(0.1, 0.6)
    time_s = np.arange(round(decay_s * RATE_HZ)) / RATE_HZ
    tail = draw.standard_normal(len(time_s)) * 10 ** (-3 * time_s / decay_s)
    tail[: round(draw.uniform(0.002, 0.015) * RATE_HZ)] = 0
    direct_db = draw.uniform(0, 14)
    tail *= 10 ** (-direct_db / 20) / max(float(np.sqrt(np.sum(tail**2))), 1e-6)
    tail[0] = 1.0
    return np.asarray(tail, dtype=np.float64)


def _noisy(sound: Sound, babble: Sound, draw: Generator) -> Sound:
    kind = draw.integers(4)
    noise = babble if kind == 0 else _coloured(len(sound), draw)
    if kind == 1:
        noise = noise + babble / max(_level(babble), 1e-6) * _level(noise) * draw.uniform(0.2, 1)
    ratio_db = draw.uniform(4, 30) + (4 if kind == 0 else 0)
    gain = _level(sound) / max(_level(noise), 1e-6) * 10 ** (-ratio_db / 20)
    return np.asarray(sound + noise * gain, dtype=np.float32)


def _coloured(length: int, draw: Generator) -> Sound:
    """From white to brown, with the hum of the mains in it now and then."""
    spectrum = np.fft.rfft(draw.standard_normal(length))
    hertz = np.fft.rfftfreq(length, 1 / RATE_HZ)
    spectrum *= np.maximum(hertz, 40) ** (-draw.uniform(0, 1.2))
    noise = np.fft.irfft(spectrum, length)
    if draw.random() < 0.2:  # noqa: PLR2004 - as above
        time_s = np.arange(length) / RATE_HZ
        hum = sum(np.sin(2 * np.pi * 50 * k * time_s + draw.uniform(0, 6)) / k for k in (1, 2, 3))
        noise += hum * float(np.std(noise)) * draw.uniform(0.3, 1.5)
    return np.asarray(noise, dtype=np.float32)


def _levelled(sound: Sound, draw: Generator) -> Sound:
    peak = max(float(np.max(np.abs(sound))), 1e-6)
    target = 10 ** (draw.uniform(-30, -1) / 20)
    if draw.random() < 0.08:  # noqa: PLR2004 - as above
        target = draw.uniform(1.2, 3.0)
    return np.asarray(np.clip(sound * (target / peak), -1.0, 1.0), dtype=np.float32)


def _coded(sound: Sound, codec: str) -> Sound:
    """Coded and decoded again by libsndfile, as `biometrics.telephone` does it for tests."""
    if codec == "none":
        return sound
    if codec == "mulaw":
        return _companded(sound)
    form, kind = {
        "alaw": ("WAV", "ALAW"),
        "gsm": ("WAV", "GSM610"),
        "g726": ("AU", "G721_32"),
        "opus": ("OGG", "OPUS"),
    }[codec]
    file = BytesIO()
    with soundfile.SoundFile(
        file, "w", samplerate=RATE_HZ, channels=1, format=form, subtype=kind
    ) as out:
        out.write(sound)
    file.seek(0)
    coded, _ = soundfile.read(file, dtype="float32")
    if len(coded) < len(sound):
        coded = np.pad(coded, (0, len(sound) - len(coded)))
    return np.asarray(coded[: len(sound)], dtype=np.float32)


def _companded(sound: Sound) -> Sound:
    """ITU-T G.711 mu-law in its continuous form, with 8 bits."""
    companded = np.sign(sound) * np.log1p(255 * np.abs(sound)) / np.log(256)
    steps = np.rint(companded * 127) / 127
    return np.asarray(np.sign(steps) * np.expm1(np.abs(steps) * np.log(256)) / 255, np.float32)


def _with_lost_packets(sound: Sound, draw: Generator) -> Sound:
    """Packets of 20 ms are lost in bursts; what came before is repeated, ever more softly."""
    share, stay = draw.uniform(0.01, 0.08), draw.uniform(0.1, 0.5)
    mended, is_lost, fade = sound.copy(), False, 1.0
    for start in range(_PACKET, len(sound) - _PACKET, _PACKET):
        is_lost = draw.random() < (stay if is_lost else share)
        fade = fade * 0.6 if is_lost else 1.0
        if is_lost:
            mended[start : start + _PACKET] = mended[start - _PACKET : start] * fade
    return mended


def _level(sound: Sound) -> float:
    return float(np.sqrt(np.mean(np.square(sound))))
