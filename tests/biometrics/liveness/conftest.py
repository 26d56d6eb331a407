"""Recordings that the project's own voices spoke, as somebody's turns."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from biometrics import Span, Speech, Waveform, read_recording

FIXTURES = Path(__file__).parents[3] / "audio_fixtures"
NOW = datetime(2026, 5, 20, 12, 0, tzinfo=UTC)


def spoken(sound: Waveform) -> Speech:
    return Speech(waveform=sound, spans=(Span(start_ms=0, end_ms=sound.duration_ms),))


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def turn() -> Callable[[str], Speech]:
    """A fixture's recording, all of it speech."""
    return lambda name: spoken(read_recording(FIXTURES / f"{name}.wav"))
