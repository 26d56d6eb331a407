"""What a caller says, read from recordings."""

from pathlib import Path

from biometrics import resampled
from ivr.listen.wav import read_wav
from ivr.live.pcm import pcm_of
from ivr.live.wire import RATE_HZ
from ivr.simulate.leg import Said
from ivr.wiring import House

KEYS = "keys:"

_PAD_MS = 64
"""Added to every stretch of speech by who finds it."""


def said(house: House, turn: str) -> Said:
    """A WAV file, or keys:12#.

    Raises:
        CallProblem: the file is no recording.
    """
    if turn.startswith(KEYS):
        return Said(title=turn, keys=turn.removeprefix(KEYS))
    path = Path(turn)
    sound = read_wav(house.places.read_recording(path), house.settings.listen)
    sound = resampled(sound, RATE_HZ)
    spans = house.voices.listen(sound).spans
    end_ms = spans[-1].end_ms - _PAD_MS if spans else sound.duration_ms
    return Said(title=path.name, pcm=pcm_of(sound), speech_end_ms=end_ms)
