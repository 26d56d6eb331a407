"""Everything that a turn tells, before anything is decided."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial

import numpy as np

from biometrics import Ahead, Outcome, Speech, Waveform
from ivr.bounds.stage import Begun
from ivr.bounds.stages import Stages
from ivr.call import (
    Caller,
    CallerNumber,
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
from ivr.decide.dialogue import (
    AnythingElse,
    Confirming,
    Dialogue,
    Offered,
    Repeating,
    Typing,
    expected,
)
from ivr.decide.guess import History
from ivr.decide.moment import Moment, Trouble
from ivr.errors import DirectoryUnavailable, SourceUnavailable, TooLate
from ivr.rooms import Felt, Rooms
from ivr.stopwatch import Stopwatch
from ivr.trace import trace
from ivr.turn import Awaited, SoFar, Tried, Turn
from ivr.understand.language import choose_language
from ivr.verify.attempts import Origin
from ivr.verify.check import unchecked
from ivr.verify.evidence import Evidence
from ivr.verify.pins import with_pin

log = logging.getLogger(__name__)

NO_SOUND = Waveform(samples=np.zeros(0, dtype=np.float32), rate_hz=8_000)
NO_SPEECH = Speech(waveform=NO_SOUND, spans=())


_UNREAD = "the directory cannot be read -> caller unknown"

_YES_OR_NO = Offered | Confirming | AnythingElse | Typing | Repeating
"""Questions that are answered by a word, or by digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What the rooms before the decision found out."""

    moment: Moment
    evidence: Evidence
    felt: Felt
    troubles: tuple[str, ...] = ()
    """What could not be found out, as reasons."""

    is_blind: bool = False
    """The directory cannot be read: who calls is for a person to find out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """Whose number it is, as far as that could be told."""

    caller: Caller | Unknown
    troubles: tuple[str, ...] = ()
    is_blind: bool = False


class Finder:
    """Asks those rooms. One per process, shared by every call; holds nothing of any of them."""

    def __init__(self, rooms: Rooms, stages: Stages) -> None:
        self._rooms = rooms
        self._stages = stages

    def heard(self, turn: Turn) -> Speech:
        """The sound of the turn; none where keys came instead.

        Raises:
            RefusedRecording: the audio is no turn that can be used.
        """
        if turn.live is not None:
            return self._rooms.listen(turn.live.sound)
        is_without_sound = turn.said is not None or (turn.keys and not turn.audio)
        return NO_SPEECH if is_without_sound else self._rooms.listen(turn.audio)

    def rehearse(self, turn: Turn, so_far: SoFar) -> Ahead | None:
        """Hear what was said live as `find` will; held, it need not be heard again.

        Only the sound and what the call told before are looked at. Nothing is compared, decided,
        counted or written.
        """
        rooms = self._rooms
        if rooms.ahead is None or turn.live is None:
            return None
        with rooms.ahead() as ahead:
            speech = self.heard(turn)
            if not rooms.keys_in(speech.waveform) and self._is_known(turn.number):
                rooms.rehearse(speech, so_far.evidence)
        return ahead

    def find(
        self, turn: Turn, so_far: SoFar, speech: Speech, watch: Stopwatch, now: datetime
    ) -> Findings:
        """Who calls, what the voice proves, what was said, meant and felt."""
        rooms = self._rooms
        known = watch.time("identify", self._identified, turn.number)
        caller = known.caller
        keys = turn.keys or rooms.keys_in(speech.waveform)
        speech = NO_SPEECH if keys else speech
        # No voice is in the tones of keys: what was proven before stands.
        before, origin = so_far.evidence, _origin(turn)
        verify: Callable[[], Evidence] = partial(
            watch.time, "verify", rooms.verify, caller, speech, before, now, origin
        )
        verifying = self._stages.verify.begin(partial(_same, before) if keys and before else verify)
        heard = Unheard.SILENCE if keys else self._words(turn, caller, so_far, speech, watch)
        meaning = self._understood(watch, turn, heard, now.date())
        felt = watch.time("understand", rooms.feel, heard, speech, so_far.usual)
        evidence = _verified(verifying, caller, before, speech)
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
            nonce=so_far.nonce,
            stale=_stale(so_far, evidence, keys),
            was_rejected=evidence.was_rejected,
            keys=keys,
            read=read.slots,
            problem=read.problem,
            repeated=repeated,
            pinned=pinned,
            has_second_factor=evidence.has_second_factor,
        )
        return Findings(
            moment=moment if known.is_blind else self._with_what_we_know(turn, moment),
            evidence=evidence,
            felt=felt,
            troubles=known.troubles,
            is_blind=known.is_blind,
        )

    def _words(
        self,
        turn: Turn,
        caller: Caller | Unknown,
        so_far: SoFar,
        speech: Speech,
        watch: Stopwatch,
    ) -> Transcript | Unheard:
        """Where the recogniser fails or takes too long, nobody listened."""
        if turn.said is not None:
            return turn.said
        listen_in, names = _language(turn, caller, so_far), _names(caller, so_far)
        whole = partial(self._rooms.transcribe, speech, listen_in, names)
        words = turn.live.words if turn.live is not None else whole
        try:
            return self._stages.transcribe.run(partial(watch.time, "transcribe", words))
        except Exception as err:  # noqa: BLE001 - keys do without it
            if not isinstance(err, TooLate):
                self._stages.transcribe.note_failed()
            log.error("nobody listened", extra=trace(err))  # noqa: TRY400 - messages can hold words
            return Unheard.NOBODY_LISTENED

    def _understood(
        self, watch: Stopwatch, turn: Turn, heard: Transcript | Unheard, today: date
    ) -> Understanding | None:
        if isinstance(heard, Unheard):
            return None
        if turn.live is not None and turn.live.read is not None and turn.live.read[0] == heard:
            return turn.live.read[1]
        understand = partial(self._rooms.understand, heard, today)
        return self._stages.understand.run(partial(watch.time, "understand", understand))

    def awaited(self, turn: Turn, so_far: SoFar, now: datetime) -> Awaited:
        """What to listen for in a turn before any of it has been said."""
        caller = self._identified(turn.number).caller
        is_slow = isinstance(caller, Caller) and self._rooms.needs_time(caller, now.date())
        return Awaited(
            language=_language(turn, caller, so_far),
            names=_names(caller, so_far),
            dialogue=so_far.dialogue,
            needs_time=is_slow or so_far.dialogue.is_slow,
        )

    def tried(self, heard: Transcript | Unheard, awaited: Awaited, now: datetime) -> Tried:
        """What words that were found on trial would mean. Changes nothing."""
        if isinstance(heard, Unheard):
            return Tried(heard=heard)
        return Tried(
            heard=heard,
            meaning=self._rooms.understand(heard, now.date()),
            told=_read(self._rooms, awaited.dialogue, heard, "", now.date()),
        )

    def _with_what_we_know(self, turn: Turn, moment: Moment) -> Moment:
        """What the house remembers, asked only where it may be told."""
        rooms, proven = self._rooms, moment.proven
        may_guess = proven is not None and proven.events and not moment.dialogue.has_guessed
        return replace(
            moment,
            trouble=self._news(turn, moment),
            has_pin=bool(proven and rooms.pins and rooms.pins.has_pin(proven.subject)),
            history=rooms.recall(proven) if proven and may_guess and rooms.recall else History(),
            done_by_link=self._done_by_link(proven) if proven and may_guess else {},
        )

    def _done_by_link(self, proven: Caller) -> Mapping[str, datetime]:
        done = self._rooms.done_by_link
        return done(proven.customer_id) if done else {}

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

    def _is_known(self, number: CallerNumber) -> bool:
        return isinstance(self._identified(number).caller, Caller)

    def _identified(self, number: CallerNumber) -> _Known:
        try:
            caller = self._stages.identify.run(partial(self._rooms.identify, number))
        except SourceUnavailable:
            log.warning("source of customers unavailable")
            return _Known(caller=Unknown(), troubles=(_UNREAD,))
        except (DirectoryUnavailable, TooLate) as err:
            log.warning("directory unavailable", extra={"code": err.code})
            return _Known(caller=Unknown(), troubles=(_UNREAD,), is_blind=True)
        return _Known(caller=caller, troubles=_lacking(caller))


def _lacking(caller: Caller | Unknown) -> tuple[str, ...]:
    missing = caller.missing if isinstance(caller, Caller) else ()
    return tuple(f"{what} -> what it knows of the caller is not used" for what in missing)


def _names(caller: Caller | Unknown, so_far: SoFar) -> tuple[str, ...]:
    """What a caller whose voice was accepted may name of what happened to them.

    They take a second hearing, so where yes or no is awaited they are left out.
    """
    is_proven = so_far.evidence and so_far.evidence.verdict.outcome is Outcome.ACCEPTED
    is_yes_or_no = isinstance(so_far.dialogue.pending, _YES_OR_NO)
    if not is_proven or is_yes_or_no or isinstance(caller, Unknown):
        return ()
    facts = (fact for event in caller.events if event.may_mention for fact in event.facts.values())
    return tuple(dict.fromkeys(fact for fact in facts if not any(map(str.isdigit, fact))))


def _stale(so_far: SoFar, evidence: Evidence, keys: str) -> int:
    """Turns in a row that had no voice in them that could be compared."""
    before = so_far.evidence.standing if so_far.evidence else None
    now = evidence.standing
    is_as_before = before is not None and now is not None and now.evidence is before.evidence
    return so_far.stale + 1 if keys or is_as_before else 0


def _same(evidence: Evidence) -> Evidence:
    return evidence


def _verified(
    verifying: Begun[Evidence], caller: Caller | Unknown, before: Evidence | None, speech: Speech
) -> Evidence:
    """A voice that could not be compared is accepted by nobody, and neither is it any more."""
    try:
        return verifying.result()
    except TooLate as err:
        log.error("voice not compared", extra=trace(err))  # noqa: TRY400 - its frames are ours
        return unchecked(caller, before, speech, "the voice was not compared in time")
    except Exception as err:  # noqa: BLE001 - the call goes on without it
        log.error("voice not compared", extra=trace(err))  # noqa: TRY400 - messages can hold words
        verifying.stage.note_failed()
        return unchecked(caller, before, speech, "the voice cannot be compared")


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


def _origin(turn: Turn) -> Origin:
    number = turn.number.e164 if isinstance(turn.number, PhoneNumber) else None
    return Origin(number=number, source=turn.source)


def _language(turn: Turn, caller: Caller | Unknown, so_far: SoFar) -> Language | None:
    """What to listen in; None lets the recogniser find out.

    The customer's own language counts once the voice was accepted: Whisper writes in the language
    it is told to expect, and the answer would tell a stranger whose number it is.
    """
    is_proven = so_far.evidence and so_far.evidence.verdict.outcome is Outcome.ACCEPTED
    profile = caller.language if isinstance(caller, Caller) and is_proven else None
    asked_in = so_far.challenge.language if so_far.challenge else None
    chosen = so_far.dialogue.language or asked_in
    return chosen or choose_language(profile=profile, asked=turn.language)
