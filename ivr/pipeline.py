"""One turn of a call through the rooms, in the order a caller meets them."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial

import numpy as np

from biometrics import Outcome, Speech, Verdict, Waveform
from ivr.call import (
    Action,
    Caller,
    CallerNumber,
    CallId,
    Language,
    PhoneNumber,
    Pinned,
    Repeated,
    SlotsTold,
    Transcript,
    Understanding,
    Unheard,
    Unknown,
)
from ivr.decide.dialogue import Dialogue, Typing, expected
from ivr.decide.guess import History
from ivr.decide.moment import Decision, Moment, Trouble
from ivr.errors import DirectoryUnavailable, NoBusinessSystem, RefusedRecording
from ivr.result import (
    Result,
    TimingsPart,
    action_part,
    caller_part,
    intent_part,
    transcript_part,
    verification_part,
)
from ivr.rooms import Felt, Rooms, Spoken
from ivr.stopwatch import Stopwatch
from ivr.trace import trace
from ivr.understand.baseline import Baseline
from ivr.understand.language import choose_language
from ivr.verify.attempts import Origin
from ivr.verify.challenge import Challenge
from ivr.verify.evidence import Evidence
from ivr.verify.pins import with_pin

log = logging.getLogger(__name__)

_NO_SOUND = Waveform(samples=np.zeros(0, dtype=np.float32), rate_hz=8_000)
_NO_SPEECH = Speech(waveform=_NO_SOUND, spans=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What the line brought."""

    call_id: CallId
    number: CallerNumber
    audio: bytes = field(default=b"", repr=False)
    """A WAV file; may be empty where keys were typed."""

    keys: str = field(default="", repr=False)
    """Keys that were typed instead of speaking, of 0-9, * and #."""

    language: Language | None = None
    """What the gateway says the caller speaks."""

    source: str | None = None
    """Where the call came in, such as a gateway's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoFar:
    """What is remembered of the call from turn to turn, in memory only."""

    dialogue: Dialogue = field(default_factory=Dialogue)
    evidence: Evidence | None = None
    challenge: Challenge | None = None
    """Digits that the last prompt asked for; the next turn uses them up."""

    usual: Baseline = field(default_factory=Baseline)
    """How the caller usually sounds, in figures."""

    spoken_in: Language | None = None
    """The language of the last prompt, for turns that hold no words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one turn led to."""

    result: Result
    sound: Waveform
    """The prompt, 8 kHz."""

    action: Action
    so_far: SoFar


class Pipeline:
    """Answers turns. One per process, shared by every call; holds nothing of any of them."""

    def __init__(self, rooms: Rooms, *, default_language: Language) -> None:
        self._rooms = rooms
        self._default_language = default_language
        self._beside = ThreadPoolExecutor(thread_name_prefix="verify")

    def answer(self, turn: Turn, so_far: SoFar, *, now: datetime) -> Answer:
        """One turn. `now` is aware; the local date in it decides what "tomorrow" means.

        Raises:
            RefusedRecording: the audio is no turn that can be used; nothing has changed.
        """
        watch = Stopwatch()
        try:
            speech = watch.time("listen", self._heard, turn)
            return self._answer(turn, so_far, speech, watch, now)
        except RefusedRecording:
            raise
        except Exception as err:  # noqa: BLE001 - the caller must always hear something
            log.error("turn failed", extra=trace(err))  # noqa: TRY400 - messages can hold words
        return self._apology(turn, so_far, watch)

    def _heard(self, turn: Turn) -> Speech:
        is_typed = turn.keys and not turn.audio
        return _NO_SPEECH if is_typed else self._rooms.listen(turn.audio)

    def _answer(
        self, turn: Turn, so_far: SoFar, speech: Speech, watch: Stopwatch, now: datetime
    ) -> Answer:
        moment, evidence, felt, troubles = self._moment(turn, so_far, speech, watch, now)
        decision = watch.time("decide", self._rooms.decide, moment)
        decision = self._served(moment, decision, watch)
        self._rooms.note(moment, decision)
        language = self._answer_in(turn, so_far, moment, decision)
        decision, challenge = _with_digits(self._rooms, decision, language, now)
        dialogue, lines = decision.dialogue, decision.action.lines
        spoken = watch.time(
            "speak",
            partial(self._rooms.speak, is_slow=dialogue.is_slow),
            *(lines, language, decision.wording),
        )
        return Answer(
            result=Result(
                call_id=turn.call_id,
                caller=caller_part(turn.number, moment.caller),
                verification=verification_part(evidence.verdict),
                transcript=transcript_part(moment.heard, language),
                intent=intent_part(moment.meaning),
                action=action_part(decision.action, spoken.text),
                reasons=[*troubles, *felt.reasons, *decision.reasons],
                timings_ms=_timings(watch),
            ),
            sound=spoken.sound,
            action=decision.action,
            so_far=SoFar(
                dialogue=dialogue,
                usual=felt.baseline,
                evidence=None if dialogue.refuses_voice else evidence,
                challenge=challenge,
                spoken_in=language,
            ),
        )

    def _moment(
        self, turn: Turn, so_far: SoFar, speech: Speech, watch: Stopwatch, now: datetime
    ) -> tuple[Moment, Evidence, Felt, list[str]]:
        """Everything the turn tells, before anything is decided."""
        rooms = self._rooms
        caller, troubles = self._identified(turn.number)
        keys = turn.keys or rooms.keys_in(speech.waveform)
        speech = _NO_SPEECH if keys else speech
        # No voice is in the tones of keys: what was proven before stands.
        before, origin = so_far.evidence, _origin(turn)
        verify: Callable[[], Evidence] = partial(
            watch.time, "verify", rooms.verify, caller, speech, before, now, origin
        )
        verifying = self._beside.submit(partial(_same, before) if keys and before else verify)
        heard: Transcript | Unheard = Unheard.SILENCE
        if not keys:
            listen_in = _language(turn, caller, so_far)
            heard = watch.time("transcribe", rooms.transcribe, speech, listen_in)
        meaning = _understood(watch, rooms, heard, now.date())
        felt = watch.time("understand", rooms.feel, heard, speech, so_far.usual)
        evidence = verifying.result()
        repeated = _repeated(rooms, so_far, speech, heard, evidence, now)
        evidence = replace(evidence, has_repeated=_has_repeated(evidence, repeated))
        pinned, evidence = _pinned(rooms, so_far, caller, keys, evidence)
        read = _read(rooms, so_far.dialogue, heard, keys, now.date())
        moment = Moment(
            caller=caller,
            verdict=evidence.verdict,
            heard=heard,
            meaning=meaning,
            mood=felt.mood,
            now=now,
            dialogue=so_far.dialogue,
            call_id=turn.call_id,
            keys=keys,
            read=read.slots,
            problem=read.problem,
            repeated=repeated,
            pinned=pinned,
            has_second_factor=evidence.has_second_factor,
        )
        return self._with_what_we_know(turn, moment), evidence, felt, troubles

    def _with_what_we_know(self, turn: Turn, moment: Moment) -> Moment:
        """What the house remembers, asked only where it may be told."""
        rooms, proven = self._rooms, moment.proven
        may_guess = proven is not None and proven.events and not moment.dialogue.has_guessed
        return replace(
            moment,
            trouble=self._news(turn, moment),
            has_pin=bool(proven and rooms.pins and rooms.pins.has_pin(proven.subject)),
            history=rooms.recall(proven) if proven and may_guess and rooms.recall else History(),
        )

    def _news(self, turn: Turn, moment: Moment) -> Trouble | None:
        if self._rooms.news is None:
            return None
        return self._rooms.news(
            moment.caller,
            turn.number,
            is_proven=moment.proven is not None,
            told=moment.dialogue.troubles,
            now=moment.now,
        )

    def _served(self, moment: Moment, decision: Decision, watch: Stopwatch) -> Decision:
        """Run errands until something can be said."""
        rooms = self._rooms
        while decision.errand is not None:
            if rooms.serve is None or rooms.told is None:
                raise NoBusinessSystem("A task was decided on, and nothing here runs it.")
            served = watch.time("serve", rooms.serve, decision.errand)
            decision = rooms.told(moment, decision, served)
        return decision

    def _identified(self, number: CallerNumber) -> tuple[Caller | Unknown, list[str]]:
        try:
            return self._rooms.identify(number), []
        except DirectoryUnavailable:
            log.warning("directory unavailable")
            return Unknown(), ["the directory cannot be read -> caller unknown"]

    def _answer_in(self, turn: Turn, so_far: SoFar, moment: Moment, decision: Decision) -> Language:
        """The language to speak; before the voice is proven, none that tells whose number it is."""
        heard = moment.heard.language if isinstance(moment.heard, Transcript) else None
        profile = moment.proven.language if moment.proven else None
        chosen = decision.dialogue.language or heard or so_far.spoken_in or profile or turn.language
        return chosen or self._default_language

    def _apology(self, turn: Turn, so_far: SoFar, watch: Stopwatch) -> Answer:
        language = so_far.dialogue.language or turn.language or self._default_language
        action = self._rooms.fallback
        spoken = self._spoken(action, language) or self._spoken(action, self._default_language)
        text, sound = (spoken.text, spoken.sound) if spoken else ("", _NO_SOUND)
        nobody = Verdict(outcome=Outcome.INCONCLUSIVE, reasons=("a part of the system failed",))
        return Answer(
            result=Result(
                call_id=turn.call_id,
                caller=caller_part(turn.number, Unknown()),
                verification=verification_part(nobody),
                transcript=transcript_part(Unheard.NOISE, language),
                intent=intent_part(None),
                action=action_part(action, text),
                reasons=[f"a part of the system failed -> queue {action.queue}"],
                timings_ms=_timings(watch),
            ),
            sound=sound,
            action=action,
            so_far=SoFar(dialogue=Dialogue(is_over=True)),
        )

    def _spoken(self, action: Action, language: Language) -> Spoken | None:
        """The apology itself may fail; then the gateway's queue must do without words."""
        try:
            return self._rooms.speak(action.lines, language)
        except Exception as err:  # noqa: BLE001 - the caller must reach a person all the same
            log.error("apology failed", extra=trace(err))  # noqa: TRY400 - as above
            return None


def _same(evidence: Evidence) -> Evidence:
    return evidence


def _understood(
    watch: Stopwatch, rooms: Rooms, heard: Transcript | Unheard, today: date
) -> Understanding | None:
    if isinstance(heard, Unheard):
        return None
    return watch.time("understand", rooms.understand, heard, today)


def _read(
    rooms: Rooms, dialogue: Dialogue, heard: Transcript | Unheard, keys: str, today: date
) -> SlotsTold:
    """Slots that the turn tells or corrects, of those that were asked for or read back."""
    awaited = expected(dialogue)
    if rooms.read is None or awaited is None:
        return SlotsTold()
    if keys:  # they answer, and correct nothing that was said before
        asked = replace(awaited, known={})
        return rooms.read(asked, keys.rstrip("#"), Language.GERMAN, today)
    if isinstance(heard, Unheard):
        return SlotsTold()
    # Another reading counts only where the best one holds no answer: a checksum often decides.
    texts = (heard.text, *heard.alternatives)
    told = [rooms.read(awaited, text, heard.language, today) for text in texts]
    return next((one for one in told if one.slots), told[0])


def _repeated(  # noqa: PLR0913, PLR0917 - everything that a turn brought
    rooms: Rooms,
    so_far: SoFar,
    speech: Speech,
    heard: Transcript | Unheard,
    evidence: Evidence,
    now: datetime,
) -> Repeated | None:
    if rooms.step_up is None or so_far.challenge is None:
        return None
    return rooms.step_up.answered(so_far.challenge, speech, heard, evidence, now)


def _pinned(
    rooms: Rooms, so_far: SoFar, caller: Caller | Unknown, keys: str, evidence: Evidence
) -> tuple[Pinned | None, Evidence]:
    """What came of a PIN, if one was asked for and keys were typed."""
    is_asked = isinstance(so_far.dialogue.pending, Typing)
    if rooms.pins is None or not is_asked or isinstance(caller, Unknown):
        return None, evidence
    pinned = rooms.pins.judge_pin(caller.subject, keys, evidence)
    return pinned, with_pin(evidence, caller.subject, pinned)


def _has_repeated(evidence: Evidence, repeated: Repeated | None) -> bool:
    return evidence.has_repeated or repeated is Repeated.PASSED


def _with_digits(
    rooms: Rooms, decision: Decision, language: Language, now: datetime
) -> tuple[Decision, Challenge | None]:
    return rooms.step_up.ask(decision, language, now) if rooms.step_up else (decision, None)


def _origin(turn: Turn) -> Origin:
    number = turn.number.e164 if isinstance(turn.number, PhoneNumber) else None
    return Origin(number=number, source=turn.source)


def _language(turn: Turn, caller: Caller | Unknown, so_far: SoFar) -> Language | None:
    """What to listen in; None lets the recogniser find out."""
    profile = caller.language if isinstance(caller, Caller) else None
    asked_in = so_far.challenge.language if so_far.challenge else None
    chosen = so_far.dialogue.language or asked_in
    return chosen or choose_language(profile=profile, asked=turn.language)


def _timings(watch: Stopwatch) -> TimingsPart:
    return TimingsPart(**watch.rooms_ms(), total=watch.total_ms())
