"""Speaks what callers of conversations say, over their line, and remembers the recordings."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np

import ivr.speak.pico_voice
import ivr.speak.telephone_sound
import ivr.studio
from biometrics import Codec, Waveform, over_telephone
from ivr.call import Language
from ivr.listen.wav import write_wav
from ivr.speak.pico_voice import PicoVoice
from ivr.studio import Studio, Timbre

from .conversation import SPEAKERS, Line, Sound

_RATE_HZ = 8_000
_SEED = 815
_FRAME = _RATE_HZ * 20 // 1000
_PAUSE_FRAMES = 10

_MAKERS = (
    __file__,
    ivr.studio.__file__,
    ivr.speak.pico_voice.__file__,
    ivr.speak.telephone_sound.__file__,
)

_MADE_BY = "".join(
    [
        *(Path(made).read_text("utf-8") for made in _MAKERS),
        *(version(package) for package in ("py-nanotts", "hibari-tts")),
    ]
)


@dataclass(frozen=True)
class Booth:
    """Recordings by their content: what was spoken once is read again."""

    studio: Studio
    speakers: Mapping[str, Timbre]
    folder: Path

    def speech(self, words: str, speaker: str, line: Line) -> bytes:
        timbre = self.speakers[speaker]
        told = f"{words}\n{timbre.model_dump_json()}\n{line}"
        return self._remembered(
            told, lambda: _on_line(_flowing(self.studio._spoken(words, timbre)), line)
        )

    def sound(self, sound: Sound) -> bytes:
        return self._remembered(sound, _SOUNDS[sound])

    def _remembered(self, told: str, made: Callable[[], Waveform]) -> bytes:
        digest = hashlib.sha256(f"{told}\n{_MADE_BY}".encode()).hexdigest()
        file = self.folder / f"{digest}.wav"
        if not file.exists():
            part = file.with_suffix(".part")
            part.write_bytes(write_wav(made(), encoding="mulaw"))
            part.replace(file)
        return file.read_bytes()


def open_booth(studio: Studio, speakers: Mapping[str, Timbre], folder: Path) -> Booth:
    """With the project's voices, an English Pico, and the callers of the conversations."""

    def pico(text: str, *, tempo: float, pitch: float) -> Waveform:
        return PicoVoice(Language.ENGLISH, tempo=tempo, pitch=pitch).speak(text)

    equipped = replace(studio, engines={**studio.engines, "pico-en": pico})
    return Booth(studio=equipped, speakers={**speakers, **SPEAKERS}, folder=folder)


def _flowing(sound: Waveform) -> Waveform:
    """With pauses no longer than people make who know what they want, so that turns end at ends."""
    powers = np.square(sound.samples[: len(sound.samples) // _FRAME * _FRAME]).reshape(-1, _FRAME)
    loud = np.flatnonzero(powers.mean(axis=1) > powers.mean(axis=1).max() * 1e-4)
    near = np.abs(np.arange(len(powers))[:, None] - loud).min(axis=1) <= _PAUSE_FRAMES // 2
    near[: loud[0]] = near[loud[-1] :] = True
    kept = np.repeat(near, _FRAME)
    return Waveform(samples=sound.samples[: len(kept)][kept], rate_hz=sound.rate_hz)


def _on_line(sound: Waveform, line: Line) -> Waveform:
    match line:
        case Line.CLEAN:
            return sound
        case Line.GSM:
            return over_telephone(sound, Codec.GSM)
        case Line.OFFICE_20DB:
            return _in_an_office(sound, 20)
        case Line.OFFICE_10DB:
            return _in_an_office(sound, 10)


def _in_an_office(speech: Waveform, snr_db: int) -> Waveform:
    """A hum of machines and voices far away, pink, so many dB under the speech."""
    samples = speech.samples
    spectrum = np.fft.rfft(np.random.default_rng(_SEED).standard_normal(len(samples)))
    hertz = np.fft.rfftfreq(len(samples), 1 / _RATE_HZ)
    spectrum /= np.sqrt(np.maximum(hertz, 100.0))
    noise = np.fft.irfft(spectrum, len(samples))
    loud = samples[np.abs(samples) > np.abs(samples).max() / 50]
    level = np.sqrt(np.mean(np.square(loud, dtype=np.float64))) * 10 ** (-snr_db / 20)
    noise *= level / noise.std()
    return Waveform(samples=(samples + noise).clip(-1, 1).astype(np.float32), rate_hz=_RATE_HZ)


def _silence() -> Waveform:
    return _hiss(0.0005)


def _noise() -> Waveform:
    return _hiss(0.03)


def _music() -> Waveform:
    """A slow row of chords, as somebody hears it who was put on hold elsewhere."""
    chords = [(262, 330, 392), (220, 262, 330), (175, 220, 262), (196, 247, 294)]
    time = np.arange(_RATE_HZ) / _RATE_HZ
    bars = [sum(np.sin(2 * np.pi * hertz * time) for hertz in chord) for chord in chords]
    shape = np.minimum(1, 20 * np.minimum(time, 1 - time)) * np.exp(-1.5 * time)
    return _waveform(np.concatenate([0.08 * shape * bar for bar in bars]))


def _busy_tone() -> Waveform:
    """425 Hz, 480 ms on and 480 ms off, as German exchanges send it."""
    on = 0.1 * np.sin(2 * np.pi * 425 * np.arange(_RATE_HZ * 48 // 100) / _RATE_HZ)
    return _waveform(np.tile(np.concatenate([on, np.zeros_like(on)]), 4))


def _hiss(level: float) -> Waveform:
    return _waveform(np.random.default_rng(_SEED).standard_normal(3 * _RATE_HZ) * level)


def _waveform(samples: np.ndarray) -> Waveform:
    return Waveform(samples=samples.astype(np.float32), rate_hz=_RATE_HZ)


_SOUNDS = {
    Sound.SILENCE: _silence,
    Sound.NOISE: _noise,
    Sound.MUSIC: _music,
    Sound.BUSY_TONE: _busy_tone,
}
