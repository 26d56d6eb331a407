"""Is it a person who speaks, and now? Recordings played again, and voices that machines make."""

from biometrics.liveness.check import (
    EXACT_REPLAY,
    NEAR_REPLAY,
    OTHER_LINE,
    SYNTHETIC_VOICE,
    TOO_MANY_TURNS,
    TWO_AT_ONCE,
    LivenessCheck,
    LivenessSettings,
    Mode,
)
from biometrics.liveness.detector import Opinion, SpoofDetector, ThresholdDetector
from biometrics.liveness.fingerprint import Fingerprint, difference, fingerprint
from biometrics.liveness.kept import FingerprintStore, Kept, MemoryFingerprints, Visit
from biometrics.liveness.line_sound import LineSound, line_sound
from biometrics.liveness.rates import LivenessFigures, Rate, liveness_figures

__all__ = [
    "EXACT_REPLAY",
    "NEAR_REPLAY",
    "OTHER_LINE",
    "SYNTHETIC_VOICE",
    "TOO_MANY_TURNS",
    "TWO_AT_ONCE",
    "Fingerprint",
    "FingerprintStore",
    "Kept",
    "LineSound",
    "LivenessCheck",
    "LivenessFigures",
    "LivenessSettings",
    "MemoryFingerprints",
    "Mode",
    "Opinion",
    "Rate",
    "SpoofDetector",
    "ThresholdDetector",
    "Visit",
    "difference",
    "fingerprint",
    "line_sound",
    "liveness_figures",
]
