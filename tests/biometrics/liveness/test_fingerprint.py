"""A recording is recognised again, and nothing else is."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest

from biometrics import Codec, Span, Speech, Waveform, over_telephone
from biometrics.liveness import difference, fingerprint

ALIKE = 0.30

Turn = Callable[[str], Speech]


def _all_speech(samples: np.ndarray, rate_hz: int = 8_000) -> Speech:
    sound = Waveform(samples=samples.astype(np.float32), rate_hz=rate_hz)
    return Speech(waveform=sound, spans=(Span(start_ms=0, end_ms=sound.duration_ms),))


def test_other_sentences_of_the_same_voice_are_not_alike(turn: Turn) -> None:
    names = [f"{who}-enrol-{n}" for who in ("klaus", "erna", "emily") for n in (1, 2, 3)]
    prints = [fingerprint(turn(name)) for name in names]

    least = [difference(a, b) for a, b in combinations(prints, 2)]

    assert len(least) == 36
    assert min(least) > ALIKE


def test_what_is_too_short_is_like_nothing(turn: Turn) -> None:
    whole = fingerprint(turn("klaus-flight"))
    short = fingerprint(turn("klaus-flight").cut(0, 1_200))

    assert not short.has_a_block
    assert difference(short, whole) == 1.0
    assert difference(whole, short) == 1.0


def test_an_empty_recording_is_like_nothing(turn: Turn) -> None:
    empty = fingerprint(_all_speech(np.zeros(0)))

    assert difference(empty, fingerprint(turn("klaus-flight"))) == 1.0


def test_a_pause_is_like_nothing(turn: Turn) -> None:
    sound = turn("klaus-flight")
    unspoken = Speech(waveform=sound.waveform, spans=())

    assert difference(fingerprint(unspoken), fingerprint(sound)) == 1.0


def test_the_same_recording_does_not_differ(turn: Turn) -> None:
    kept = fingerprint(turn("klaus-flight"))

    assert difference(kept, kept) == 0.0


@pytest.mark.parametrize("codec", ["mulaw", "alaw", "gsm", "opus", "none"])
@pytest.mark.parametrize("who", ["klaus", "erna", "emily"])
def test_a_copy_is_recognised_over_another_line(turn: Turn, who: str, codec: str) -> None:
    sound = turn(f"{who}-enrol-1")
    copy = over_telephone(sound.waveform, Codec(codec)).samples * 0.4

    assert difference(fingerprint(_all_speech(copy)), fingerprint(sound)) < ALIKE


@pytest.mark.parametrize("offset", [1, 37, 64, 4_003])
def test_a_copy_is_recognised_wherever_it_begins(turn: Turn, offset: int) -> None:
    sound = turn("klaus-enrol-1")
    copy = _all_speech(sound.waveform.samples[offset:])

    assert difference(fingerprint(copy), fingerprint(sound)) < ALIKE


def test_a_copy_is_recognised_in_the_middle_of_something_else(turn: Turn) -> None:
    piece = turn("klaus-enrol-1").cut(800, 3_400).waveform.samples
    around = turn("klaus-enrol-2").waveform.samples
    mixed = _all_speech(np.concatenate([around[:12_345], piece, around[12_345:]]))

    assert difference(fingerprint(mixed), fingerprint(turn("klaus-enrol-1"))) < ALIKE
    assert difference(fingerprint(mixed), fingerprint(turn("klaus-enrol-3"))) > ALIKE


def test_a_copy_is_recognised_in_noise_at_another_rate(turn: Turn) -> None:
    sound = turn("erna-enrol-1")
    samples = np.repeat(sound.waveform.samples, 2)
    level = 0.1 * float(np.sqrt(np.mean(samples**2)))
    noisy = samples + np.random.default_rng(1).standard_normal(len(samples)) * level

    assert difference(fingerprint(_all_speech(noisy, 16_000)), fingerprint(sound)) < ALIKE


def test_a_fingerprint_shows_nothing_of_itself(turn: Turn) -> None:
    assert "array" not in repr(fingerprint(turn("klaus-flight")))
