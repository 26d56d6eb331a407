"""Time is measured fairly."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from biometrics import Vector, Waveform
from biometrics.encoders.speed import Speed, main, measure_speed


@dataclass
class Steady:
    """An encoder that writes down when it was asked."""

    name: str
    asked: list[str]
    id: str = "steady"
    dimension: int = 4
    rate_hz: int = 8_000
    shortest_ms: int = 500
    weights_sha256: str = ""
    heard: list[int] = field(default_factory=list)

    def encode(self, speech: Waveform) -> Vector:
        self.asked.append(self.name)
        self.heard.append(speech.duration_ms)
        return np.ones(4, dtype=np.float32)


def ticks(seconds: list[float]) -> Iterator[float]:
    """A clock's readings: each span begins at zero."""
    for one in seconds:
        yield from (0.0, one)


def test_encoders_run_in_turns_on_three_seconds() -> None:
    asked: list[str] = []
    first, second = Steady("first", asked), Steady("second", asked)

    measure_speed({"first": first, "second": second}, rounds=2)

    assert asked == ["first", "second"] * 5
    assert set(first.heard) == {3_000}


def test_warming_up_does_not_count() -> None:
    readings = ticks([9.0, 9.0, 9.0, 0.001, 0.004, 0.002])

    found = measure_speed({"one": Steady("one", [])}, rounds=3, clock=lambda: next(readings))

    assert found == (Speed(name="one", least_ms=1.0, median_ms=2.0),)


def test_an_encoder_that_cannot_be_loaded_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("biometrics.encoders.speed._stay_on_one_core", lambda: None)

    assert main([str(tmp_path)]) == 1
    assert "config.json is missing" in capsys.readouterr().err
