"""hibari: American English, from the voice inside its wheel."""

from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock

import hibari
import numpy as np

from biometrics import Waveform
from ivr.call import Language
from ivr.errors import NoVoice
from ivr.speak.markup import without_markup

_VOICE = "heart"
"""The only voice that the wheel carries; hibari would download any other."""

_SEED = 0
"""Fixed, so that a sentence always sounds the same, breath noise included."""


_LOADING = Lock()


@dataclass(frozen=True, slots=True)
class _Engine:
    """One per process, whatever the tempo: its word lists alone are some 70 MB."""

    model: hibari.Hibari
    lock: Lock = field(default_factory=Lock)
    """hibari says nothing about threads."""


class HibariVoice:
    """The English voice, loaded whole. All of a process share what is loaded."""

    def __init__(self, *, tempo: float = 1.0) -> None:
        """`tempo` (0.5 to 2) is relative to the voice's own.

        Raises:
            NoVoice: the installed package does not carry the voice.
        """
        model = Path(hibari.__file__).parent / "assets" / "hibari.onnx"
        if not model.is_file():
            raise NoVoice("The English voice is not inside the installed hibari-tts package.")
        self._name = f"hibari-{_VOICE}-{version('hibari-tts')}-{tempo}"
        self._tempo = tempo
        with _LOADING:
            self._engine = _loaded(model)

    @property
    def name(self) -> str:
        return self._name

    @property
    def language(self) -> Language:
        return Language.ENGLISH

    def speak(self, text: str) -> Waveform:
        """The text at 24 kHz; empty when it holds nothing that can be said."""
        with self._engine.lock:
            samples = self._engine.model(without_markup(text), seed=_SEED, speed=self._tempo)
        return Waveform(samples=np.asarray(samples, dtype=np.float32), rate_hz=hibari.SAMPLE_RATE)


@cache
def _loaded(model: Path) -> _Engine:
    engine = hibari.Hibari(voice=_VOICE, model=str(model))
    engine.phonemize("Ready.")  # loads the word lists now, not in the first call
    return _Engine(engine)
