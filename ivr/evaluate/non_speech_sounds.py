"""Everything that is heard on a telephone and is nobody speaking, made from a seed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.random import Generator

from biometrics import Codec, Waveform, over_telephone
from ivr.evaluate.sound_parts import (
    RATE_HZ,
    Samples,
    band,
    click,
    hiss,
    note,
    placed,
    seconds,
    throat,
    thud,
    tone,
)

STRETCH_MS = 8_000
"""Length of one stretch, about that of a turn."""

_Maker = Callable[[Generator, int], Samples]
"""Makes so many samples, of any level."""

_QUIETEST_DB, _LOUDEST_DB = -42.0, -14.0
"""Level of a stretch over its whole length, under full scale."""

_LINE = 0.0005
"""A quiet line hisses at -66 dB under full scale."""

_KEY_LOW_HZ = (697.0, 770.0, 852.0, 941.0)
_KEY_HIGH_HZ = (1_209.0, 1_336.0, 1_477.0, 1_633.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Some seconds of one kind of sound."""

    kind: str
    sound: Waveform


def non_speech(*, seed: int, stretches: int, codec: Codec = Codec.MULAW) -> Iterator[Stretch]:
    """So many stretches of each kind as they arrive over the line, the same for the same seed."""
    for kind, make in MAKERS.items():
        for number in range(stretches):
            rng = np.random.default_rng([seed, number, *kind.encode()])
            yield Stretch(kind=kind, sound=over_telephone(_levelled(make, rng), codec))


def _levelled(make: _Maker, rng: Generator) -> Waveform:
    samples = STRETCH_MS * RATE_HZ // 1_000
    sound = make(rng, samples)
    level = 10 ** (rng.uniform(_QUIETEST_DB, _LOUDEST_DB) / 20)
    sound = sound * level / max(float(np.sqrt(np.mean(sound**2))), 1e-9)
    sound = np.clip(sound + _LINE * rng.standard_normal(samples), -1.0, 1.0)
    return Waveform(samples=sound.astype(np.float32), rate_hz=RATE_HZ)


def _white(rng: Generator, samples: int) -> Samples:
    return hiss(rng, samples, slope=0.0)


def _pink(rng: Generator, samples: int) -> Samples:
    return hiss(rng, samples, slope=rng.uniform(0.7, 1.3))


def _rumble(rng: Generator, samples: int) -> Samples:
    """Wind on the microphone, or a road: low noise that swells."""
    every = RATE_HZ // 4
    heights = rng.uniform(0, 1, -(-samples // every))
    gusts = np.interp(np.arange(samples), np.arange(0, samples, every), heights)
    return np.asarray(hiss(rng, samples, slope=2.0) * (0.2 + gusts**2), np.float64)


def _hum(rng: Generator, samples: int) -> Samples:
    """Mains: harmonics of 50 or 60 Hz."""
    mains_hz = float(rng.choice([50.0, 60.0]))
    harmonics = [rng.uniform(0.1, 1) * tone(samples, mains_hz * n) for n in range(2, 24)]
    return np.asarray(np.sum(harmonics, axis=0), np.float64)


def office(rng: Generator, samples: int) -> Samples:
    """A room in which people work and nobody speaks: air, keyboards, drawers, a far telephone."""
    room = hiss(rng, samples, slope=1.4)
    room /= room.std()
    keys = placed(rng, samples, lambda: 6 * click(rng), gaps_s=(0.06, 0.4))
    thuds = placed(rng, samples, lambda: 3 * thud(rng), gaps_s=(0.8, 3.0))
    ringing = placed(rng, samples, lambda: 0.5 * tone(RATE_HZ, 800.0, 1_060.0), gaps_s=(2, 5))
    return room + keys + thuds + ringing


def _chords(rng: Generator, samples: int) -> Samples:
    """Waiting music of a piano: major and minor chords."""
    root_hz = rng.uniform(130, 260)
    length = int(rng.uniform(0.4, 1.0) * RATE_HZ)
    bars = []
    for _ in range(samples // length + 1):
        steps = np.array([0, int(rng.choice([3, 4])), 7]) + int(rng.choice([0, 2, 5, 7, 9]))
        notes = [
            note(rng, root_hz * 2 ** (step / 12), length, vibrato=0, fades=2) for step in steps
        ]
        bars.append(np.sum(notes, axis=0))
    return np.concatenate(bars)[:samples]


def _melody(rng: Generator, samples: int) -> Samples:
    """A bowed or blown instrument by itself, whose notes tremble as a voice does."""
    root_hz = rng.uniform(180, 420)
    notes: list[Samples] = []
    while sum(len(each) for each in notes) < samples:
        step = int(rng.choice([-5, -3, -1, 0, 2, 4, 5, 7, 9, 12]))
        length = int(rng.uniform(0.15, 0.7) * RATE_HZ)
        notes.append(note(rng, root_hz * 2 ** (step / 12), length, vibrato=0.02, fades=0.5))
    return np.concatenate(notes)[:samples]


def _beats(rng: Generator, samples: int) -> Samples:
    """Waiting music with drums and a bass."""
    beat = int(rng.uniform(0.4, 0.6) * RATE_HZ)
    sound = 0.4 * _chords(rng, samples)
    for at in range(0, samples, beat):
        hit = (thud(rng) * 3)[: samples - at]
        sound[at : at + len(hit)] += hit
        off = at + beat // 2
        hat = click(rng)[: max(samples - off, 0)]
        sound[off : off + len(hat)] += hat
    return sound


def _hold_tone(rng: Generator, samples: int) -> Samples:
    """A beep that tells to wait."""
    beep = tone(int(rng.uniform(0.1, 0.5) * RATE_HZ), rng.uniform(400, 1_400))
    return placed(rng, samples, lambda: beep, gaps_s=(1.0, 3.0))


def _network_tone(rng: Generator, samples: int) -> Samples:
    """Dial, ringing, busy and congestion tones of several countries (ITU-T E.180)."""
    hz, on_s, off_s = [
        ((425.0,), 10.0, 0.0),
        ((425.0,), 1.0, 4.0),
        ((425.0,), 0.48, 0.48),
        ((425.0,), 0.24, 0.24),
        ((350.0, 440.0), 10.0, 0.0),
        ((440.0, 480.0), 2.0, 4.0),
        ((480.0, 620.0), 0.5, 0.5),
        ((400.0, 450.0), 0.4, 0.2),
    ][int(rng.integers(8))]
    time = seconds(samples) % (on_s + off_s)
    return tone(samples, *hz) * (time < on_s)


def _keys(rng: Generator, samples: int) -> Samples:
    """Keys pressed on a telephone (ITU-T Q.23)."""

    def key() -> Samples:
        pair = (float(rng.choice(_KEY_LOW_HZ)), float(rng.choice(_KEY_HIGH_HZ)))
        return tone(int(rng.uniform(0.06, 0.3) * RATE_HZ), *pair)

    return placed(rng, samples, key, gaps_s=(0.06, 0.6))


def _machine(rng: Generator, samples: int) -> Samples:
    """A fax machine: calling and answering tone, then two frequencies that take turns (V.21)."""
    bits = np.repeat(rng.integers(2, size=samples // 26 + 1), 26)[:samples]
    hz = np.where(bits, 980.0, 1_180.0)
    keyed = np.sin(2 * np.pi * np.cumsum(hz) / RATE_HZ)
    head = tone(samples, float(rng.choice([1_100.0, 2_100.0])))
    return np.where(np.arange(samples) < samples // 3, head, keyed)


def _siren(rng: Generator, samples: int) -> Samples:
    """An alarm or a siren that glides up and down."""
    time = seconds(samples)
    hz = rng.uniform(500, 900) + rng.uniform(100, 400) * np.sin(
        2 * np.pi * rng.uniform(0.2, 3) * time
    )
    return np.asarray(np.sin(2 * np.pi * np.cumsum(hz) / RATE_HZ), np.float64)


def _quiet_line(rng: Generator, samples: int) -> Samples:
    """Nothing but the line, with a crackle now and then."""
    crackle = placed(rng, samples, lambda: click(rng), gaps_s=(0.5, 4.0))
    return 0.1 * rng.standard_normal(samples) + crackle


def _breath(rng: Generator, samples: int) -> Samples:
    """Breathing into the microphone: noise that swells and fades, out lower than in."""

    def one() -> Samples:
        length = int(rng.uniform(0.4, 1.5) * RATE_HZ)
        low_hz = rng.uniform(200, 700)
        air = band(rng, length, low_hz=low_hz, high_hz=low_hz + rng.uniform(500, 1_800))
        return np.asarray(air * np.sin(np.pi * np.arange(length) / length) ** 2, np.float64)

    return placed(rng, samples, one, gaps_s=(0.2, 1.5))


def _handling(rng: Generator, samples: int) -> Samples:
    """The handset knocks, scrapes and is laid down."""

    def one() -> Samples:
        if rng.random() < 0.5:  # noqa: PLR2004 - one of two
            return 3 * thud(rng)
        length = int(rng.uniform(0.1, 0.8) * RATE_HZ)
        return band(rng, length, low_hz=400, high_hz=3_000) * rng.uniform(0.2, 1.0, length)

    return placed(rng, samples, one, gaps_s=(0.1, 1.5))


def _cough(rng: Generator, samples: int) -> Samples:
    """Coughs: a burst of air through a throat, then a little of the vocal cords."""

    def one() -> Samples:
        burst = band(rng, int(rng.uniform(0.06, 0.15) * RATE_HZ), low_hz=300, high_hz=2_500)
        length = int(rng.uniform(0.1, 0.3) * RATE_HZ)
        pitch_hz = rng.uniform(120, 300) * np.linspace(1, 0.7, length)
        pulses = np.sign(np.sin(2 * np.pi * np.cumsum(pitch_hz) / RATE_HZ)) * 0.2
        tail = (pulses * burst.std() + band(rng, length, low_hz=500, high_hz=1_500)) * np.exp(
            -np.arange(length) * 4 / length
        )
        return np.concatenate([2 * burst, tail])

    return placed(rng, samples, one, gaps_s=(0.05, 1.8))


def _humming(rng: Generator, samples: int) -> Samples:
    """Somebody hums a tune with the mouth closed."""
    root_hz = rng.uniform(110, 260)

    def one() -> Samples:
        length = int(rng.uniform(0.3, 1.2) * RATE_HZ)
        bend = 1 + 0.01 * np.sin(2 * np.pi * 5 * seconds(length))
        pitch_hz = root_hz * 2 ** (float(rng.choice([0, 2, 4, 5, 7])) / 12) * bend
        tone = throat(rng, pitch_hz, formants_hz=(250.0, 1_100.0))
        edges = np.minimum(np.arange(length), np.arange(length)[::-1]).clip(0, 400)
        return np.asarray(tone * edges, np.float64)

    return placed(rng, samples, one, gaps_s=(0.02, 0.3))


def _crying(rng: Generator, samples: int) -> Samples:
    """A baby cries beside the telephone."""

    def one() -> Samples:
        length = int(rng.uniform(0.5, 1.4) * RATE_HZ)
        arch = np.sin(np.pi * np.arange(length) / length)
        pitch_hz = rng.uniform(330, 450) * (1 + 0.3 * arch)
        cry = throat(rng, pitch_hz, formants_hz=(1_100.0, 1_900.0, 3_200.0))
        return cry * arch**0.5

    return placed(rng, samples, one, gaps_s=(0.3, 1.0))


def _barking(rng: Generator, samples: int) -> Samples:
    """A dog."""

    def one() -> Samples:
        length = int(rng.uniform(0.1, 0.25) * RATE_HZ)
        pitch_hz = rng.uniform(250, 600) * np.linspace(1.2, 0.7, length)
        bark = throat(rng, pitch_hz, formants_hz=(700.0, 1_300.0))
        rough = 1 + rng.standard_normal(length)
        return bark * rough * np.exp(-np.arange(length) * 3 / length)

    return placed(rng, samples, one, gaps_s=(0.1, 1.2))


MAKERS = MappingProxyType(
    {
        "white noise": _white,
        "pink noise": _pink,
        "wind and road": _rumble,
        "office": office,
        "mains hum": _hum,
        "piano": _chords,
        "melody": _melody,
        "drums and bass": _beats,
        "hold tone": _hold_tone,
        "network tones": _network_tone,
        "keys": _keys,
        "fax": _machine,
        "siren": _siren,
        "quiet line": _quiet_line,
        "breath": _breath,
        "handling": _handling,
        "cough": _cough,
        "humming": _humming,
        "crying": _crying,
        "barking": _barking,
    }
)
"""Kind to how it is made."""
