"""One turn of a call through the rooms, in the order a caller meets them."""

import logging
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime
from functools import partial

from biometrics import Ahead, Waveform
from ivr.acting import Acting
from ivr.apology import FAILED, LATE, LOST, Apology
from ivr.bounds.leave import Leave
from ivr.bounds.stages import Stages
from ivr.call import HangUp, Language, Queue, Transcript, Transfer, Unheard
from ivr.decide.moment import Decision, Moment, sent_to_person
from ivr.decide.policy import Seat
from ivr.errors import RefusedRecording, TooLate
from ivr.findings import Finder, Findings
from ivr.result import (
    Result,
    TimingsPart,
    action_part,
    caller_part,
    intent_part,
    transcript_part,
    verification_part,
)
from ivr.rooms import Rooms, Spoken
from ivr.settings import DeadlineSettings
from ivr.stopwatch import Stopwatch
from ivr.trace import trace
from ivr.turn import Answer, Awaited, SoFar, Tried, Turn
from ivr.verify.challenge import Challenge

log = logging.getLogger(__name__)

_TOLD_ROOMS = frozenset(each.name for each in fields(TimingsPart))

_FEW_WORDS = 1
"""So few tell no language."""


class Pipeline:
    """Answers turns. One per process, shared by every call; holds nothing of any of them."""

    def __init__(
        self, rooms: Rooms, *, default_language: Language, stages: Stages | None = None
    ) -> None:
        self._rooms = rooms
        self._default_language = default_language
        self._stages = stages or Stages.of(DeadlineSettings())
        self._finder = Finder(rooms, self._stages)
        self._apology = Apology(rooms=rooms, stages=self._stages, default_language=default_language)

    def answer(self, turn: Turn, so_far: SoFar, *, now: datetime) -> Answer:
        """One turn. `now` is aware; the local date in it decides what "tomorrow" means.

        Raises:
            RefusedRecording: the audio is no turn that can be used; nothing has changed.
        """
        watch, leave = Stopwatch(), Leave()
        if turn.said is not None:  # where the gateway listens there is no voice to ask more of
            dialogue = replace(so_far.dialogue, has_asked_for_speech=True)
            so_far = replace(so_far, dialogue=dialogue)
        why = FAILED
        try:
            answer = self._stages.turn.run(
                partial(self._answer, turn, so_far, watch=watch, leave=leave, now=now)
            )
            return replace(answer, times=watch.times())
        except RefusedRecording:
            raise
        except Exception as err:  # noqa: BLE001 - the caller must always hear something
            told = trace(err)
            log.error("turn failed", extra=told)  # noqa: TRY400 - messages can hold words
            why = LATE if isinstance(err, TooLate) else FAILED
        answer = self._apology.failed(turn, so_far, why, is_in_doubt=leave.give_up())
        result = replace(answer.result, timings_ms=_timings(watch))
        return replace(answer, result=result, times=watch.times(), failure=told["code"])

    def handed_on(self, turn: Turn, so_far: SoFar, why: str) -> Answer:
        """Nothing was said, and a person goes on with the call; `turn` tells which it is."""
        return self._apology.handed_on(turn, so_far, why)

    def broken_off(self, turn: Turn, so_far: SoFar) -> Answer:
        """To a person: a turn of this call was begun, and whoever was at it is gone.

        It is not answered again: what it asked for may be done, and what it held may be what the
        worker died of.
        """
        return self._apology.failed(turn, so_far, LOST, is_in_doubt=False)

    def awaited(self, turn: Turn, so_far: SoFar, *, now: datetime) -> Awaited:
        """What to listen for in a turn before any of it has been said."""
        return self._finder.awaited(turn, so_far, now)

    def tried(self, heard: Transcript | Unheard, awaited: Awaited, *, now: datetime) -> Tried:
        """What words that were found on trial would mean. Changes nothing."""
        return self._finder.tried(heard, awaited, now)

    def rehearse(self, turn: Turn, so_far: SoFar) -> Ahead | None:
        """Hear a live turn that may be over. What is held makes its answer quicker, not another."""
        return self._finder.rehearse(turn, so_far)

    def _answer(
        self, turn: Turn, so_far: SoFar, *, watch: Stopwatch, leave: Leave, now: datetime
    ) -> Answer:
        speech = watch.time("listen", self._finder.heard, turn)
        found = self._finder.find(turn, so_far, speech, watch, now)
        moment, evidence = found.moment, found.evidence
        acting = Acting(rooms=self._rooms, stages=self._stages, watch=watch, leave=leave)
        decision = watch.time("decide", self._decided, found)
        decision = acting.served(moment, decision)
        language = self._answer_in(turn, so_far, moment, decision)
        decision = acting.posted(moment, decision, language)
        self._rooms.note(moment, decision)
        decision, challenge = _with_digits(self._rooms, decision, language, now)
        spoken, sound, rest = self._said(turn, decision, language, watch)
        return Answer(
            result=Result(
                call_id=turn.call_id,
                caller=caller_part(turn.number, moment.caller),
                verification=verification_part(evidence.verdict),
                transcript=transcript_part(moment.heard, language),
                intent=intent_part(moment.meaning),
                action=action_part(decision.action, spoken.text),
                reasons=[*found.troubles, *found.felt.reasons, *decision.reasons],
                timings_ms=_timings(watch),
            ),
            sound=sound,
            rest=rest,
            action=decision.action,
            so_far=SoFar(
                dialogue=decision.dialogue,
                usual=found.felt.baseline,
                evidence=None if decision.dialogue.refuses_voice else evidence,
                challenge=challenge,
                nonce=so_far.nonce,
                stale=moment.stale,
                spoken_in=language,
            ),
            moment=moment,
            decision=decision,
        )

    def _decided(self, found: Findings) -> Decision:
        """Where nobody can be looked up, nobody is served by the machine either."""
        decision = self._rooms.decide(found.moment)
        is_leaving = isinstance(decision.action, Queue | Transfer | HangUp)
        if not found.is_blind or (is_leaving and decision.errand is None):
            return decision
        fallback = self._rooms.fallback
        seat = Seat(queue=fallback.queue, priority=fallback.priority)
        return sent_to_person(found.moment, seat, reason="the directory cannot be read")

    def _said(
        self, turn: Turn, decision: Decision, language: Language, watch: Stopwatch
    ) -> tuple[Spoken, Waveform, tuple[Callable[[], Waveform], ...]]:
        """The prompt, its sound, and what of that is made while its beginning is heard."""
        lines, is_slow = decision.action.lines, decision.dialogue.is_slow

        def say() -> tuple[Spoken, Waveform, tuple[Callable[[], Waveform], ...]]:
            spoken = self._rooms.speak(lines, language, decision.wording, is_slow=is_slow)
            rest = spoken.rest if turn.may_answer_in_parts else ()
            return spoken, spoken.first if rest else spoken.sound, rest

        return self._stages.speak.run(partial(watch.time, "speak", say))

    def _answer_in(self, turn: Turn, so_far: SoFar, moment: Moment, decision: Decision) -> Language:
        """The language to speak; before the voice is proven, none that tells whose number it is."""
        heard = _language_of(moment.heard, so_far.spoken_in)
        profile = moment.proven.language if moment.proven else None
        chosen = decision.dialogue.language or heard or so_far.spoken_in or profile or turn.language
        return chosen or self._default_language


def _language_of(heard: Transcript | Unheard, spoken_in: Language | None) -> Language | None:
    """A German "Ja" alone is heard as "Yeah": so few words do not change the language of a call."""
    if not isinstance(heard, Transcript):
        return None
    is_telling = spoken_in is None or len(heard.text.split()) > _FEW_WORDS
    return heard.language if is_telling else spoken_in


def _with_digits(
    rooms: Rooms, decision: Decision, language: Language, now: datetime
) -> tuple[Decision, Challenge | None]:
    return rooms.step_up.ask(decision, language, now) if rooms.step_up else (decision, None)


def _timings(watch: Stopwatch) -> TimingsPart:
    rooms = {room: ms for room, ms in watch.rooms_ms().items() if room in _TOLD_ROOMS}
    return TimingsPart(**rooms, total=watch.total_ms())
