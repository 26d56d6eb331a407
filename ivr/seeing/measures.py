"""Everything that is measured, under the names that dashboards and alerts rely on."""

from biometrics import AuditKind, Outcome
from ivr.journal.record import Outcome as Ending
from ivr.seeing.measure import Counter, Gauge, Histogram, Label, Measure

_QUICK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_ON_THE_LINE = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
"""A caller notices half a second; behind ten nobody is there any more."""

STAGES = ("listen", "identify", "verify", "transcribe", "understand", "decide", "serve", "speak")
GATEWAYS = (
    *("asterisk", "freeswitch", "jambonz", "phone", "rest"),
    *("simulated", "sip", "telnyx", "twilio"),
)
ACTIONS = ("say", "ask", "queue", "transfer", "hangup")
UNDERSTOOD = ("known", "unknown", "nothing")
CAME_OF_CALL = tuple(each.value for each in Ending)
CLAIMED = ("taken", "refused")
BOUND = (
    *("call_stuck", "call_too_long", "left_undone", "refused"),
    *("stage_failed", "stage_late", "stage_refused", "turn_stuck"),
)
WHERE = (
    *("apologise", "draining", "full", "hand_over", "live", "none", "ready", "turn"),
    *("after_call", "hung_up", "links", "waits"),
)
POOLS = ("live", "recognition", "turns")
MODELS = ("detector", "encoder", "meanings", "vosk", "whisper")
READINGS = ("bounds", "business", "customers", "live", "loads", "pools", "queues", "watch")
WEBHOOKS = ("freeswitch", "jambonz", "twilio")

_STAGE = Label(name="stage", values=frozenset(STAGES))
_GATEWAY = Label(name="gateway", values=frozenset(GATEWAYS))
_CODE = Label(name="code")
"""Codes of problems; the house knows all of them."""

_QUEUE = Label(name="queue")
_SYSTEM = Label(name="system", values=frozenset({"business"}))
_POOL = Label(name="pool", values=frozenset(POOLS))
_MODEL = Label(name="model", values=frozenset(MODELS))

STAGE = Histogram(
    name="rufwerk_stage_seconds",
    help="Time that each stage of a turn took. Verifying and transcribing overlap.",
    buckets=_QUICK,
    labels=(_STAGE,),
)
TURN = Histogram(
    name="rufwerk_turn_seconds", help="Time from a turn to its answer.", buckets=_QUICK
)
FIRST_AUDIO = Histogram(
    name="rufwerk_first_audio_seconds",
    help="Time in live calls from the end of speech to the first sound of the answer.",
    buckets=_ON_THE_LINE,
)
TURNS = Counter(
    name="rufwerk_turns_total",
    help="Turns that were answered, by what was answered and whether the intent is known.",
    labels=(
        _GATEWAY,
        Label(name="action", values=frozenset(ACTIONS)),
        Label(name="intent", values=frozenset(UNDERSTOOD)),
    ),
)
VERIFICATIONS = Counter(
    name="rufwerk_verifications_total",
    help="Turns by what the voice had proven behind them.",
    labels=(Label(name="decision", values=frozenset(each.value for each in Outcome)),),
)
LOCKED = Counter(
    name="rufwerk_locked_turns_total",
    help="Turns in which no voice was compared because too many attempts had failed.",
)
FAILURES = Counter(
    name="rufwerk_turn_failures_total",
    help="Turns in which a part of the system failed, so that the caller went to a person.",
    labels=(_CODE,),
)
FALLBACKS = Counter(
    name="rufwerk_recogniser_fallbacks_total",
    help="Turns that the quicker recogniser answered in place of the better one.",
    labels=(Label(name="reason", values=frozenset({"busy", "deadline", "late", "load"})),),
)
CALLS = Counter(
    name="rufwerk_calls_total",
    help="Calls that are over and had a turn, by what came of them.",
    labels=(_GATEWAY, Label(name="ending", values=frozenset(CAME_OF_CALL))),
)
LIVE_ENDED = Counter(
    name="rufwerk_live_calls_ended_total",
    help="Streamed calls that are over, by who ended them.",
    labels=(Label(name="by", values=frozenset({"caller", "house"})),),
)
BARGE_INS = Counter(name="rufwerk_barge_ins_total", help="Prompts that callers interrupted.")
NO_INPUTS = Counter(
    name="rufwerk_no_inputs_total", help="Questions after which live callers said nothing."
)
FILLERS = Counter(
    name="rufwerk_fillers_total", help="Answers that took so long that callers were told to wait."
)
REFUSALS = Counter(
    name="rufwerk_refusals_total",
    help="Requests and handshakes that were refused, by the code of the problem.",
    labels=(_CODE,),
)
WEBHOOK_REFUSALS = Counter(
    name="rufwerk_webhook_refusals_total",
    help="Webhooks whose signature or secret was wrong or missing.",
    labels=(Label(name="gateway", values=frozenset(WEBHOOKS)),),
)
STORE_FAILURES = Counter(
    name="rufwerk_store_failures_total", help="Statements that the database did not carry out."
)
AUDITED = Counter(
    name="rufwerk_audit_entries_total",
    help="Entries of the audit trail, such as lock-outs, by what was done.",
    labels=(Label(name="kind", values=frozenset(each.value for each in AuditKind)),),
)
CLAIMS = Counter(
    name="rufwerk_claims_total",
    help="Tries to take a caller who waits; refused is one whom somebody else has.",
    labels=(Label(name="outcome", values=frozenset(CLAIMED)),),
)
LATE_FRAMES = Counter(
    name="rufwerk_late_frames_total",
    help="Frames of prompts that could not be sent in time.",
    is_read=True,
)
BOUNDS = Counter(
    name="rufwerk_bounds_reached_total",
    help="Work that was given up or not begun: too much of it, or it took too long.",
    labels=(
        Label(name="what", values=frozenset(BOUND)),
        Label(name="where", values=frozenset({*STAGES, *GATEWAYS, *WHERE})),
    ),
    is_read=True,
)
LOOP_LAG = Histogram(
    name="rufwerk_event_loop_lag_seconds",
    help="How much later the event loop came to something than it was due.",
    buckets=(0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)
LIVE_CALLS = Gauge(name="rufwerk_live_calls", help="Streamed calls that go on.")
WAITING = Gauge(
    name="rufwerk_queue_waiting", help="Callers who wait for a person.", labels=(_QUEUE,)
)
OLDEST = Gauge(
    name="rufwerk_queue_oldest_wait_seconds",
    help="How long the caller has waited who has waited longest.",
    labels=(_QUEUE,),
)
BREAKER = Gauge(
    name="rufwerk_breaker_open",
    help="1 while a system that failed again and again is left alone.",
    labels=(_SYSTEM,),
)
POOL_BUSY = Gauge(
    name="rufwerk_pool_busy", help="Pieces of work in hand or waiting.", labels=(_POOL,)
)
POOL_SIZE = Gauge(
    name="rufwerk_pool_size", help="Pieces of work that are done at once.", labels=(_POOL,)
)
MODEL_LOAD = Gauge(
    name="rufwerk_model_load_seconds",
    help="How long a model took to load.",
    labels=(_MODEL,),
)
READY = Gauge(
    name="rufwerk_ready", help="1 if calls could be taken when it was last asked.", labels=()
)
READING_FAILED = Gauge(
    name="rufwerk_reading_failed",
    help="1 where figures could not be read this time.",
    labels=(Label(name="reading", values=frozenset(READINGS)),),
)
BUILD = Gauge(
    name="rufwerk_build_info",
    help="1; what runs is in the labels.",
    labels=(Label(name="version"), Label(name="python"), Label(name="encoder")),
)

MEASURES: tuple[Measure, ...] = (
    *(STAGE, TURN, FIRST_AUDIO, TURNS, VERIFICATIONS, LOCKED, FAILURES, FALLBACKS, CALLS),
    *(LIVE_ENDED, BARGE_INS, NO_INPUTS, FILLERS, REFUSALS, WEBHOOK_REFUSALS, STORE_FAILURES),
    *(
        AUDITED,
        CLAIMS,
        LATE_FRAMES,
        BOUNDS,
        LOOP_LAG,
        LIVE_CALLS,
        WAITING,
        OLDEST,
        BREAKER,
        POOL_BUSY,
    ),
    *(POOL_SIZE, MODEL_LOAD, READY, READING_FAILED, BUILD),
)
"""Those of the process itself, such as its memory, are the library's own."""
