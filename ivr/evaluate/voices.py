"""How often voices are confused on an operator's own recordings."""

import math
from collections.abc import Callable
from pathlib import Path

from biometrics import (
    Calibration,
    Codec,
    Encoder,
    Listening,
    SpeechDetector,
    TooFewTrials,
    VoiceFigures,
    measure_voices,
)
from ivr.errors import BadTestSet

__all__ = ["VoiceFigures", "evaluate_voices"]


def evaluate_voices(  # noqa: PLR0913 - the command's options, one each
    folder: Path,
    *,
    encoder: Encoder,
    detector: SpeechDetector,
    calibration: Calibration,
    codec: str = "mulaw",
    seconds: float | None = 3.0,
    progress: Callable[[int, int], None] | None = None,
) -> VoiceFigures:
    """Compare the first `seconds` of every two recordings; None takes whole recordings.

    `folder` holds one folder a person, with recordings of any rate, which are heard over a
    simulated telephone line with `codec`: mulaw, alaw, gsm or none. `progress` is told how many
    of how many recordings are done.

    Raises:
        BadTestSet: the folder, the codec or the seconds cannot be used.
        CalibrationUnusable: the calibration is for another encoder.
    """
    listening = Listening(detector=detector, codec=_codec(codec), longest_ms=_longest_ms(seconds))
    try:
        return measure_voices(
            folder, listening, encoder=encoder, calibration=calibration, progress=progress
        )
    except TooFewTrials as err:
        raise BadTestSet(err.sentence) from err


def _codec(name: str) -> Codec:
    try:
        return Codec(name)
    except ValueError as err:
        raise BadTestSet(f"The codec must be one of {', '.join(Codec)}.") from err


def _longest_ms(seconds: float | None) -> int | None:
    if seconds is None:
        return None
    if not (math.isfinite(seconds) and seconds > 0):
        raise BadTestSet("The seconds of each recording must be more than 0.")
    return round(seconds * 1000)
