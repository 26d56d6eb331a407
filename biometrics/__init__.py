"""Is this the voice we enrolled? Knows voices; never calls, names or numbers."""

from biometrics.calibration import (
    Calibration,
    Coefficients,
    read_calibration,
    write_calibration,
)
from biometrics.encoder import CONTEXT_MS, Encoder, voice_in
from biometrics.enrol import EnrolSettings, enrol
from biometrics.errors import (
    CalibrationUnusable,
    DetectorUnusable,
    EncoderUnusable,
    SamplesDisagree,
    StoreUnavailable,
    SubjectOptedOut,
    TooFewTrials,
    TooLittleSpeech,
    UnreadableRecording,
    VoiceProblem,
)
from biometrics.labelled import Listening
from biometrics.measure import VoiceFigures, measure_voices
from biometrics.quality import Quality, quality
from biometrics.recordings import read_recording
from biometrics.resample import StreamResampler, resampled
from biometrics.score import cosine, score
from biometrics.speech import (
    Span,
    SpanSettings,
    Speech,
    SpeechDetector,
    find_speech,
    joined_speech,
    spans,
)
from biometrics.store import MemoryStore, OptedOut, VoiceprintStore
from biometrics.telephone import Codec, over_telephone
from biometrics.verify import Outcome, Verdict, VerifySettings, verify
from biometrics.voiceprint import EncoderId, SubjectId, Vector, Voiceprint
from biometrics.waveform import Waveform, joined

__all__ = [
    "CONTEXT_MS",
    "Calibration",
    "CalibrationUnusable",
    "Codec",
    "Coefficients",
    "DetectorUnusable",
    "Encoder",
    "EncoderId",
    "EncoderUnusable",
    "EnrolSettings",
    "Listening",
    "MemoryStore",
    "OptedOut",
    "Outcome",
    "Quality",
    "SamplesDisagree",
    "Span",
    "SpanSettings",
    "Speech",
    "SpeechDetector",
    "StoreUnavailable",
    "StreamResampler",
    "SubjectId",
    "SubjectOptedOut",
    "TooFewTrials",
    "TooLittleSpeech",
    "UnreadableRecording",
    "Vector",
    "Verdict",
    "VerifySettings",
    "VoiceFigures",
    "VoiceProblem",
    "Voiceprint",
    "VoiceprintStore",
    "Waveform",
    "cosine",
    "enrol",
    "find_speech",
    "joined",
    "joined_speech",
    "measure_voices",
    "over_telephone",
    "quality",
    "read_calibration",
    "read_recording",
    "resampled",
    "score",
    "spans",
    "verify",
    "voice_in",
    "write_calibration",
]
