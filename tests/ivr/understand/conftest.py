"""Recognition models, where they are installed, and sentences spoken over a telephone line."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import py_nanotts
import pytest
from fakes.models import installed

from biometrics import Waveform
from biometrics.telephone import Codec, over_telephone

Speaking = Callable[[str, str], Waveform]


@pytest.fixture(scope="session")
def whisper_folder() -> Path:
    return installed("whisper-base")


@pytest.fixture(scope="session")
def vosk_folder() -> Path:
    return installed("vosk-small-en-0.3")


@pytest.fixture(scope="session")
def spoken() -> Speaking:
    """Pico's voice saying a sentence in de-DE or en-GB, 16 kHz."""
    engine = py_nanotts.NanoTTS()

    def speak(text: str, voice: str) -> Waveform:
        pcm = np.frombuffer(engine.speak(text, voice=voice, volume=0.5), dtype="<i2")
        return Waveform(samples=pcm.astype(np.float32) / np.float32(32_768), rate_hz=16_000)

    return speak


@pytest.fixture(scope="session")
def telephoned(spoken: Speaking) -> Speaking:
    """The same over a mu-law line, 8 kHz."""
    return lambda text, voice: over_telephone(spoken(text, voice), Codec.MULAW)
