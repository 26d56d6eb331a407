"""Voices that are simple enough to calculate with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from biometrics import (
    Calibration,
    Coefficients,
    EncoderId,
    Span,
    Speech,
    SubjectId,
    TooLittleSpeech,
    Vector,
    Voiceprint,
    Waveform,
)
from biometrics.calibration.material import Person
from biometrics.calibration.trials import Heard
from biometrics.encoder import unit

KLAUS = (1.0, 0.0, 0.0, 0.0)
STRANGER = (0.0, 1.0, 0.0, 0.0)
PATTERN = EncoderId("pattern-0")
NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternEncoder:
    """Hears the four samples that a recording repeats."""

    id: EncoderId = PATTERN
    dimension: int = 4
    rate_hz: int = 8000
    shortest_ms: int = 500
    weights_sha256: str = "ab" * 32

    def encode(self, speech: Waveform) -> Vector:
        if speech.duration_ms < self.shortest_ms:
            raise TooLittleSpeech("Too short.")
        return unit(speech.samples.reshape(-1, 4).mean(axis=0))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoudnessDetector:
    """Takes whatever is loud for speech."""

    frame_ms: int = 32

    def probabilities(self, waveform: Waveform) -> NDArray[np.float32]:
        width = waveform.rate_hz * self.frame_ms // 1000
        whole = waveform.samples[: len(waveform.samples) // width * width]
        peaks = np.abs(whole).reshape(-1, width).max(axis=1)
        return np.asarray(np.minimum(peaks * 4, 1), dtype=np.float32)


def speech_of(voice: tuple[float, ...], net_ms: int) -> Speech:
    samples = np.tile(np.array(voice, dtype=np.float32), net_ms * 2)
    spans = (Span(start_ms=0, end_ms=net_ms),) if net_ms else ()
    return Speech(waveform=Waveform(samples=samples, rate_hz=8000), spans=spans)


@pytest.fixture
def klaus() -> Callable[[int], Speech]:
    """So many milliseconds of one voice."""
    return lambda net_ms: speech_of(KLAUS, net_ms)


@pytest.fixture
def stranger() -> Callable[[int], Speech]:
    """So many milliseconds of another."""
    return lambda net_ms: speech_of(STRANGER, net_ms)


@pytest.fixture
def mixed() -> Callable[[float, int], Speech]:
    """A voice with a given cosine to the first one, and milliseconds of it."""
    return lambda cosine, net_ms: speech_of((cosine, (1 - cosine**2) ** 0.5, 0.0, 0.0), net_ms)


@pytest.fixture
def encoder() -> PatternEncoder:
    return PatternEncoder()


@pytest.fixture
def detector() -> LoudnessDetector:
    return LoudnessDetector()


@pytest.fixture
def folder_of_voices(tmp_path: Path) -> Callable[..., Path]:
    """A folder with one folder a person, each with recordings that vary around one voice."""

    def written(
        persons: int, recordings: int, *, seconds: float = 3.2, spread: float = 0.5
    ) -> Path:
        rng = np.random.default_rng(5)
        for person in range(persons):
            voice = rng.normal(size=4)
            folder = tmp_path / "voices" / f"p{person:02}"
            folder.mkdir(parents=True)
            for n in range(recordings):
                heard = unit((voice + rng.normal(0, spread, 4)).astype(np.float32))
                samples = np.tile(heard * 0.9, int(seconds * 2000))
                soundfile.write(folder / f"{n:02}.wav", samples, 8000, subtype="FLOAT")
        return tmp_path / "voices"

    return written


@pytest.fixture
def crowd() -> Callable[..., tuple[Person, ...]]:
    """People whose voices are random directions, heard with some spread, more in short excerpts."""

    def gathered(
        count: int, *, dimension: int = 8, spread: float = 0.5, seed: int = 7
    ) -> tuple[Person, ...]:
        rng = np.random.default_rng(seed)

        def heard(voice: NDArray[np.float64], net_ms: int) -> Heard:
            noise = rng.normal(0, spread * (3000 / net_ms) ** 0.5 / dimension**0.5, dimension)
            return Heard(
                vector=unit((voice + noise).astype(np.float32)),
                net_ms=net_ms,
                snr_db=float(rng.uniform(10, 30)),
            )

        def person(place: int) -> Person:
            voice = unit(rng.normal(size=dimension).astype(np.float32)).astype(np.float64)
            return Person(
                name=f"p{place:03}",
                source=0,
                singles=tuple(heard(voice, net_ms) for net_ms in (1500, 3000, 3000)),
                enrolment=tuple(heard(voice, 4000) for _ in range(3)),
                excerpts=tuple(heard(voice, net_ms) for net_ms in (1500, 3000) for _ in range(3)),
            )

        return tuple(map(person, range(count)))

    return gathered


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def calibration() -> Calibration:
    """A ratio of 20 cosine - 10: accepted from cosine 0.7 on, rejected below 0.4."""
    rule = Coefficients(score=20.0, score_log_net=0.0, log_net=0.0, offset=-10.0)
    return Calibration(
        encoder=PATTERN,
        weights_sha256="ab" * 32,
        coefficients=rule,
        pair_coefficients=rule,
        shortest_net_ms=1500,
        longest_net_ms=8000,
        fmr=0.01,
        threshold=4.0,
        reject_below=-2.0,
        disagree_below=-3.0,
        target_trials=100,
        impostor_trials=1000,
        speakers=10,
        codec="mulaw",
        data="patterns",
    )


@pytest.fixture
def voiceprint() -> Voiceprint:
    return Voiceprint(
        subject=SubjectId("s-1"),
        encoder=PATTERN,
        vector=np.array(KLAUS, dtype=np.float32),
        net_speech_ms=12_000,
        recordings=3,
        enrolled_at=NOW,
    )
