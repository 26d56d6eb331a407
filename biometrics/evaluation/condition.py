"""What can lie between a person and the encoder: a codec, noise, and little time."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from biometrics.errors import UnreadableRecording
from biometrics.evaluation.noise import Noises, active_level, with_noise
from biometrics.recordings import read_recording
from biometrics.speech import SpanSettings, Speech, SpeechDetector, find_speech
from biometrics.telephone import Codec, over_telephone
from biometrics.waveform import Waveform


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """How a recording is heard."""

    codec: Codec
    longest_ms: int | None = None
    """Only the beginning counts, where this is given."""

    snr_db: int | None = None
    """Noise is added until speech is so much louder than it; None adds none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ear:
    """Hears recordings under conditions."""

    detector: SpeechDetector
    noises: Noises
    settings: SpanSettings = field(default_factory=SpanSettings)

    def hear(self, file: Path, condition: Condition, *, person: str, seed: int) -> Speech:
        """The recording as the far end of the line hears it, with speech looked for.

        `seed` chooses the noise, and `person` is never in it.

        Raises:
            UnreadableRecording: it cannot be opened or decoded, or holds samples without value.
        """
        sound = read_recording(file, longest_ms=condition.longest_ms)
        if not np.isfinite(sound.samples).all():
            raise UnreadableRecording("A recording holds samples that are not numbers.")
        if condition.snr_db is not None:
            sound = self._noisy(sound, condition.snr_db, person, seed)
        return find_speech(over_telephone(sound, condition.codec), self.detector, self.settings)

    def _noisy(self, sound: Waveform, snr_db: int, person: str, seed: int) -> Waveform:
        narrow = over_telephone(sound, Codec.NONE)
        noise = self.noises.beside(person, len(narrow.samples), seed=seed)
        level = active_level(narrow.samples, rate_hz=narrow.rate_hz)
        samples = with_noise(narrow.samples, noise, snr_db=snr_db, level=level)
        return Waveform(samples=samples, rate_hz=narrow.rate_hz)
