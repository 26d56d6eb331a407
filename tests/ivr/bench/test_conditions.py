"""Every list of recordings is heard under every circumstance, by whoever is there."""

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from biometrics import Waveform
from ivr.bench.conditions import words_by_condition
from ivr.call import Language, Unheard
from ivr.studio import Studio
from ivr.wiring import House

FIXTURES = Path(__file__).parents[3] / "audio_fixtures"
CONDITIONS = ("clean", "mulaw", "gsm", "office20", "office10", "angry")


@dataclass
class FakeDetector:
    frame_ms: int = 32

    def probabilities(self, waveform: Waveform) -> NDArray[np.float32]:
        return np.ones(waveform.duration_ms // self.frame_ms, np.float32)


@dataclass
class DeafRecogniser:
    """Hears nothing at all, in English, and is its own hearing."""

    engine: str = "fake"
    languages: frozenset[Language] = frozenset({Language.ENGLISH})

    def start(self, language: Language | None) -> "DeafRecogniser":
        return self

    def feed(self, sound: Waveform) -> None: ...

    def finish(self) -> Unheard:
        return Unheard.NOISE


def hum(text: str, *, tempo: float, pitch: float) -> Waveform:
    return Waveform(samples=np.full(8_000, 0.1, np.float32), rate_hz=8_000)


def test_what_is_not_heard_is_wrong_and_refused_under_every_circumstance(tmp_path: Path) -> None:
    here = {"whisper": DeafRecogniser()}
    studio = Studio(
        engines={"pico-de": hum, "hibari": hum}, on_the_line=lambda s: s, as_wav=lambda _: b""
    )
    house = SimpleNamespace(
        words=SimpleNamespace(recogniser_if_here=here.get),
        voices=SimpleNamespace(detector=FakeDetector()),
        studio=lambda: studio,
    )

    chart = words_by_condition(cast("House", house), FIXTURES, tmp_path)

    assert [row[:4] for row in chart.rows] == [
        ("fixtures, en, whisper", condition, "100.0 %", chart.rows[0][-1])
        for condition in CONDITIONS
    ]
    assert chart.short is not None
    assert chart.short.columns == ("recordings", *CONDITIONS, "turns")
    assert chart.short.rows == (("fixtures, en, whisper", *["100.0 %"] * 6, chart.rows[0][-1]),)
