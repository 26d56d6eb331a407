"""People pass; what is no voice is named, and never accepted."""

import csv
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from biometrics import (
    Codec,
    Flaw,
    Poor,
    Span,
    SpanSettings,
    Speech,
    Waveform,
    find_speech,
    flaws,
    over_telephone,
    quality,
    read_recording,
    refusals,
)
from biometrics.silero import load_silero
from biometrics.sound.poor import is_meaningless

SHARED = Path(__file__).resolve().parents[4] / "shared" / "speech"
RNG = np.random.default_rng(8)


def codes(found: tuple[Poor, ...]) -> list[str]:
    return [poor.code.value for poor in found]


def voice(
    seconds: float = 3.0, *, level: float = 0.1, pitch_hz: float = 130.0
) -> NDArray[np.float64]:
    """Breathy enough to fill the band, and never where it was."""
    times = np.arange(round(seconds * 8000)) / 8000
    pitch = 2 * np.pi * np.cumsum(pitch_hz + 25 * np.sin(2 * np.pi * 1.7 * times)) / 8000
    tone = np.asarray(sum(np.sin(n * pitch) / n for n in range(1, 20)))
    sound = tone + RNG.normal(0, 0.3, len(tone))
    return np.asarray(level * sound / np.sqrt(np.mean(sound**2)))


def spoken(samples: NDArray[np.float64], *, noise: float = 0.001) -> Speech:
    """The samples between pauses of half a second."""
    pause = RNG.normal(0, noise, 4_000)
    whole = np.concatenate([pause, samples, pause]).astype(np.float32)
    span = Span(start_ms=500, end_ms=500 + len(samples) // 8)
    return Speech(waveform=Waveform(samples=whole, rate_hz=8000), spans=(span,))


def keys(count: int) -> NDArray[np.float64]:
    times = np.arange(800) / 8000
    key = 0.2 * np.sin(2 * np.pi * 770 * times) + 0.2 * np.sin(2 * np.pi * 1336 * times)
    return np.concatenate([part for _ in range(count) for part in (key, np.zeros(800))])


def test_an_ordinary_voice_passes() -> None:
    assert flaws(spoken(voice())) == ()


@pytest.mark.parametrize(
    ("speech", "flaw"),
    [
        (spoken(voice(level=0.004), noise=0.0001), Flaw.TOO_QUIET),
        (spoken(np.clip(voice(level=0.5), -0.9, 0.9)), Flaw.TOO_LOUD),
        (spoken(np.clip(voice(level=0.3), -0.25, 0.25)), Flaw.CLIPPED),
        (spoken(voice(level=0.1), noise=0.08), Flaw.NOISY),
        (spoken(np.convolve(voice(), np.hanning(16) / 8, mode="same")), Flaw.MUFFLED),
        (spoken(np.concatenate([voice(1.5), keys(4)])), Flaw.TONES),
    ],
    ids=lambda case: case.value if isinstance(case, Flaw) else "",
)
def test_what_is_wrong_is_named(speech: Speech, flaw: Flaw) -> None:
    assert flaw.value in codes(flaws(speech))


def test_the_prompt_that_comes_back_is_named() -> None:
    prompt = voice(3.0)
    played = Waveform(samples=prompt.astype(np.float32), rate_hz=8000)

    found = flaws(spoken(np.concatenate([np.zeros(800), prompt * 0.5])), played=played)

    assert "echo" in codes(found)
    assert is_meaningless(found)
    assert flaws(spoken(voice(3.0, pitch_hz=190)), played=played) == ()


def test_only_what_is_no_voice_makes_a_score_meaningless() -> None:
    quiet = flaws(spoken(voice(level=0.004), noise=0.0001))
    tones = flaws(spoken(np.concatenate([voice(1.5), keys(4)])))

    assert codes(quiet) == ["too_quiet"]
    assert not is_meaningless(quiet)
    assert is_meaningless(tones)


def test_tones_are_named_where_nobody_speaks() -> None:
    nobody = Speech(waveform=Waveform(samples=keys(6).astype(np.float32), rate_hz=8000), spans=())

    assert codes(flaws(nobody)) == ["tones"]
    assert codes(refusals(nobody, quality(nobody))) == ["too_little_speech"]


def test_an_enrolment_is_refused_for_each_reason() -> None:
    loud = spoken(np.clip(voice(level=0.5), -0.5, 0.5))
    fine = spoken(voice())

    assert codes(refusals(loud, quality(loud))) == ["too_loud", "clipped"]
    assert refusals(fine, quality(fine)) == ()


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/speech is not here")
def test_people_on_a_telephone_pass() -> None:
    """Twenty-four of them; about 1 in 70 is refused."""
    with (SHARED / "manifest.csv").open() as lines:
        rows = [row for row in csv.DictReader(lines) if row["set"] == "librispeech_cohort"]
    chosen = rows[:: len(rows) // 24]
    detector = load_silero()
    found = []
    for row in chosen:
        line = over_telephone(read_recording(SHARED / row["path"]), Codec.MULAW)
        found.append(codes(flaws(find_speech(line, detector, SpanSettings()))))

    assert len(found) >= 24
    assert [one for one in found if one] == []
