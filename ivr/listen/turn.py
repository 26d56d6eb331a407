"""From the bytes of one recording to the speech in it."""

from biometrics import (
    SpanSettings,
    Speech,
    SpeechDetector,
    Waveform,
    find_speech,
    resampled,
)
from ivr.listen.wav import read_wav
from ivr.settings import ListenSettings

HIGHEST_HZ = 16_000
"""Nothing behind this room hears more, and less sound is less work."""


def listen(data: bytes, *, settings: ListenSettings, detector: SpeechDetector) -> Speech:
    """The turn in a WAV file; no spans when nobody speaks.

    Raises:
        CallProblem: the file is none that can be used; see `read_wav`.
    """
    return heard(read_wav(data, settings), settings=settings, detector=detector)


def read_turn(data: bytes, settings: ListenSettings) -> Waveform:
    """The sound in which `listen` looks for speech; raises as it does."""
    return _not_too_high(read_wav(data, settings))


def heard(waveform: Waveform, *, settings: ListenSettings, detector: SpeechDetector) -> Speech:
    """The turn in sound that has been read already, at the sound's own rate up to 16 kHz."""
    waveform = _not_too_high(waveform)
    spans = SpanSettings(probability=settings.speech_probability)
    return find_speech(waveform, detector, spans)


def _not_too_high(waveform: Waveform) -> Waveform:
    return resampled(waveform, HIGHEST_HZ) if waveform.rate_hz > HIGHEST_HZ else waveform
