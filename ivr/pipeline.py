"""One turn of a call through the rooms, in the order a caller meets them."""

import logging
from dataclasses import fields, replace
from datetime import datetime
from functools import partial

from biometrics import Ahead, Outcome, Speech, Verdict
from ivr.call import Action, Language, Line, Transcript, Unheard, Unknown
from ivr.decide.dialogue import Dialogue
from ivr.decide.moment import Decision, Moment
from ivr.errors import NoBusinessSystem, RefusedRecording
from ivr.findings import NO_SOUND, Finder
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

    def __init__(self, rooms: Rooms, *, default_language: Language) -> None:
        self._rooms = rooms
        self._default_language = default_language
        self._finder = Finder(rooms)

    def answer(self, turn: Turn, so_far: SoFar, *, now: datetime) -> Answer:
        """One turn. `now` is aware; the local date in it decides what "tomorrow" means.

        Raises:
            RefusedRecording: the audio is no turn that can be used; nothing has changed.
        """
        watch = Stopwatch()
        if turn.said is not None:  # where the gateway listens there is no voice to ask more of
            dialogue = replace(so_far.dialogue, has_asked_for_speech=True)
            so_far = replace(so_far, dialogue=dialogue)
        try:
            speech = watch.time("listen", self._finder.heard, turn)
            answer = self._answer(turn, so_far, speech, watch, now)
            return replace(answer, times=watch.times())
        except RefusedRecording:
            raise
        except Exception as err:  # noqa: BLE001 - the caller must always hear something
            told = trace(err)
            log.error("turn failed", extra=told)  # noqa: TRY400 - messages can hold words
        answer = self._apology(turn, so_far, watch)
        return replace(answer, times=watch.times(), failure=told["code"])

    def broken_off(self, turn: Turn, so_far: SoFar) -> Answer:
        """To a person: a turn of this call was begun, and whoever was at it is gone.

        It is not answered again: what it asked for may be done, and what it held may be what the
        worker died of.
        """
        return self._apology(turn, so_far, Stopwatch(), why="a worker was lost")

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
        self, turn: Turn, so_far: SoFar, speech: Speech, watch: Stopwatch, now: datetime
    ) -> Answer:
        found = self._finder.find(turn, so_far, speech, watch, now)
        moment, evidence = found.moment, found.evidence
        decision = watch.time("decide", self._rooms.decide, moment)
        decision = self._served(moment, decision, watch)
        language = self._answer_in(turn, so_far, moment, decision)
        decision = self._posted(moment, decision, language, watch)
        self._rooms.note(moment, decision)
        decision, challenge = _with_digits(self._rooms, decision, language, now)
        dialogue, lines = decision.dialogue, decision.action.lines
        spoken = watch.time(
            "speak",
            partial(self._rooms.speak, is_slow=dialogue.is_slow),
            *(lines, language, decision.wording),
        )
        rest = spoken.rest if turn.may_answer_in_parts else ()
        sound = spoken.first if rest else watch.time("speak", lambda: spoken.sound)
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
                dialogue=dialogue,
                usual=found.felt.baseline,
                evidence=None if dialogue.refuses_voice else evidence,
                challenge=challenge,
                nonce=so_far.nonce,
                stale=moment.stale,
                spoken_in=language,
            ),
            moment=moment,
            decision=decision,
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

    def _posted(
        self, moment: Moment, decision: Decision, language: Language, watch: Stopwatch
    ) -> Decision:
        """Send what was asked for, before it is said that it was."""
        rooms = self._rooms
        if decision.sending is None:
            return decision
        if rooms.post is None or rooms.posted is None:
            raise NoBusinessSystem("A link was decided on, and nothing here sends it.")
        outcome = rooms.post(decision.sending, language, moment.now)
        return self._served(moment, rooms.posted(moment, decision, outcome), watch)

    def _answer_in(self, turn: Turn, so_far: SoFar, moment: Moment, decision: Decision) -> Language:
        """The language to speak; before the voice is proven, none that tells whose number it is."""
        heard = _language_of(moment.heard, so_far.spoken_in)
        profile = moment.proven.language if moment.proven else None
        chosen = decision.dialogue.language or heard or so_far.spoken_in or profile or turn.language
        return chosen or self._default_language

    def _apology(
        self, turn: Turn, so_far: SoFar, watch: Stopwatch, why: str = "a part of the system failed"
    ) -> Answer:
        language = so_far.dialogue.language or turn.language or self._default_language
        action = self._rooms.fallback
        if "serve" in watch.rooms_ms():  # whoever hears a bare apology orders it once more
            action = replace(action, lines=(Line(key="tell.may_be_done"),))
        spoken = self._spoken(action, language) or self._spoken(action, self._default_language)
        text, sound = (spoken.text, spoken.sound) if spoken else ("", NO_SOUND)
        nobody = Verdict(outcome=Outcome.INCONCLUSIVE, reasons=(why,))
        return Answer(
            result=Result(
                call_id=turn.call_id,
                caller=caller_part(turn.number, Unknown()),
                verification=verification_part(nobody),
                transcript=transcript_part(Unheard.NOISE, language),
                intent=intent_part(None),
                action=action_part(action, text),
                reasons=[f"{why} -> queue {action.queue}"],
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
