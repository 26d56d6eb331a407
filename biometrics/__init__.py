"""Is this the voice we enrolled? Knows voices; never calls, names or numbers."""

from biometrics.beforehand import Ahead, Beforehand
from biometrics.calibration.calibration import Calibration, Coefficients
from biometrics.calibration.calibration_file import read_calibration, write_calibration
from biometrics.cores import usable_cores
from biometrics.encoder import CONTEXT_MS, Encoder, voice_in
from biometrics.enrolment.adapt import (
    AdaptSettings,
    JudgedCall,
    Unchanged,
    adapted,
)
from biometrics.enrolment.enrol import Enrolling, EnrolSettings, enrol, refusal
from biometrics.enrolment.learned import (
    Collected,
    Collecting,
    Following,
    Learned,
    Lesson,
    ProvenBy,
    forgetting_collected,
    forgetting_learned,
)
from biometrics.enrolment.lookalike import Lookalike, Lookalikes
from biometrics.enrolment.meter import Mark, Meter
from biometrics.enrolment.reenrol import (
    ProvenCall,
    ReenrolSettings,
    Renewed,
    Stopped,
    after_call,
    collect_for,
    may_go_on,
    must_reenrol,
)
from biometrics.enrolment.take import Take, with_take
from biometrics.errors import (
    CalibrationUnusable,
    ConsentMissing,
    ConsentTextUnknown,
    DetectorUnusable,
    EncoderUnusable,
    KeysUnavailable,
    PoorRecording,
    SamplesDisagree,
    StoreUnavailable,
    SubjectOptedOut,
    TooFewTrials,
    TooLittleSpeech,
    UnknownWatchlist,
    UnreadableRecording,
    VoiceProblem,
    WatchlistUnusable,
)
from biometrics.evaluation.measure import VoiceFigures, measure_voices
from biometrics.labelled import Listening
from biometrics.recordings import read_recording
from biometrics.records.audit import (
    Audit,
    AuditEvent,
    AuditKind,
    AuditTrail,
    Latest,
    MemoryAudit,
)
from biometrics.records.audit_chain import (
    AuditEntry,
    Broken,
    Checkpoint,
    Intact,
    read_checkpoint,
    write_checkpoint,
)
from biometrics.records.audited_store import AuditedStore
from biometrics.records.consent import (
    AssumedLedger,
    Channel,
    Consent,
    ConsentEntry,
    Ledger,
    MemoryLedger,
    Purpose,
    Withdrawal,
)
from biometrics.records.consent_text import ConsentText, consent_text, consent_texts
from biometrics.records.consented_store import ConsentedStore
from biometrics.records.export import AttemptsPart, EncodedPart, Export, export_subject
from biometrics.records.receipt import Receipt
from biometrics.records.rights import Rights, RightsSettings, Said
from biometrics.records.uses import MemoryUses, Uses
from biometrics.records.witness import Witness
from biometrics.resample import StreamResampler, resampled
from biometrics.score import cosine, score
from biometrics.sound.flaws import flaws, refusals
from biometrics.sound.poor import Flaw, Poor
from biometrics.sound.quality import Quality, quality
from biometrics.speech import (
    Span,
    SpanSettings,
    Speech,
    SpeechDetector,
    SpeechStream,
    find_speech,
    joined_speech,
    spans,
)
from biometrics.storage.store import MemoryStore, OptedOut, VoiceprintStore
from biometrics.telephone import Codec, over_telephone
from biometrics.verification.continuous import Verification
from biometrics.verification.follow import follow, rehearse
from biometrics.verification.signs import Examined, Sign
from biometrics.verification.standing import ContinuousSettings, Standing
from biometrics.verification.verify import (
    Comparer,
    Comparison,
    Outcome,
    Verdict,
    VerifySettings,
    verify,
)
from biometrics.voiceprint import EncoderId, SubjectId, Vector, Voiceprint
from biometrics.watchlist.call_watch import Seen, Watched
from biometrics.watchlist.lists import LegalBasis, ListPurpose, Watchlist
from biometrics.watchlist.reviews import Candidate, Review, ReviewId, ReviewStatus
from biometrics.watchlist.search import heard_in
from biometrics.waveform import Waveform, joined

__all__ = [
    "CONTEXT_MS",
    "AdaptSettings",
    "Ahead",
    "AssumedLedger",
    "AttemptsPart",
    "Audit",
    "AuditEntry",
    "AuditEvent",
    "AuditKind",
    "AuditTrail",
    "AuditedStore",
    "Beforehand",
    "Broken",
    "Calibration",
    "CalibrationUnusable",
    "Candidate",
    "Channel",
    "Checkpoint",
    "Codec",
    "Coefficients",
    "Collected",
    "Collecting",
    "Comparer",
    "Comparison",
    "Consent",
    "ConsentEntry",
    "ConsentMissing",
    "ConsentText",
    "ConsentTextUnknown",
    "ConsentedStore",
    "ContinuousSettings",
    "DetectorUnusable",
    "EncodedPart",
    "Encoder",
    "EncoderId",
    "EncoderUnusable",
    "EnrolSettings",
    "Enrolling",
    "Examined",
    "Export",
    "Flaw",
    "Following",
    "Intact",
    "JudgedCall",
    "KeysUnavailable",
    "Latest",
    "Learned",
    "Ledger",
    "LegalBasis",
    "Lesson",
    "ListPurpose",
    "Listening",
    "Lookalike",
    "Lookalikes",
    "Mark",
    "MemoryAudit",
    "MemoryLedger",
    "MemoryStore",
    "MemoryUses",
    "Meter",
    "OptedOut",
    "Outcome",
    "Poor",
    "PoorRecording",
    "ProvenBy",
    "ProvenCall",
    "Purpose",
    "Quality",
    "Receipt",
    "ReenrolSettings",
    "Renewed",
    "Review",
    "ReviewId",
    "ReviewStatus",
    "Rights",
    "RightsSettings",
    "Said",
    "SamplesDisagree",
    "Seen",
    "Sign",
    "Span",
    "SpanSettings",
    "Speech",
    "SpeechDetector",
    "SpeechStream",
    "Standing",
    "Stopped",
    "StoreUnavailable",
    "StreamResampler",
    "SubjectId",
    "SubjectOptedOut",
    "Take",
    "TooFewTrials",
    "TooLittleSpeech",
    "Unchanged",
    "UnknownWatchlist",
    "UnreadableRecording",
    "Uses",
    "Vector",
    "Verdict",
    "Verification",
    "VerifySettings",
    "VoiceFigures",
    "VoiceProblem",
    "Voiceprint",
    "VoiceprintStore",
    "Watched",
    "Watchlist",
    "WatchlistUnusable",
    "Waveform",
    "Withdrawal",
    "Witness",
    "adapted",
    "after_call",
    "collect_for",
    "consent_text",
    "consent_texts",
    "cosine",
    "enrol",
    "export_subject",
    "find_speech",
    "flaws",
    "follow",
    "forgetting_collected",
    "forgetting_learned",
    "heard_in",
    "joined",
    "joined_speech",
    "may_go_on",
    "measure_voices",
    "must_reenrol",
    "over_telephone",
    "quality",
    "read_calibration",
    "read_checkpoint",
    "read_recording",
    "refusal",
    "refusals",
    "rehearse",
    "resampled",
    "score",
    "spans",
    "usable_cores",
    "verify",
    "voice_in",
    "with_take",
    "write_calibration",
    "write_checkpoint",
]
