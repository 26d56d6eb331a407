"""The answer that is left when a turn cannot be answered: a person takes the call."""

import logging
from dataclasses import dataclass, replace
from functools import partial

from biometrics import Outcome, Verdict, Waveform
from ivr.bounds.stages import Stages
from ivr.call import Language, Line, Queue, Unheard, Unknown
from ivr.errors import TooLate
from ivr.findings import NO_SOUND
from ivr.result import (
    Result,
    TimingsPart,
    action_part,
    caller_part,
    intent_part,
    transcript_part,
    verification_part,
)
from ivr.rooms import Rooms
from ivr.trace import trace
from ivr.turn import Answer, SoFar, Turn

log = logging.getLogger(__name__)

FAILED = "a part of the system failed"
LOST = "a worker was lost"
LATE = "the turn took too long"
FULL = "too much is to be done"
ENDING = "the service ends"
TOO_LONG = "the call went on for too long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Apology:
    """Of one process, shared by every call."""

    rooms: Rooms
    stages: Stages
    default_language: Language

    def failed(self, turn: Turn, so_far: SoFar, why: str, *, is_in_doubt: bool) -> Answer:
        """Something broke or hangs.

        `is_in_doubt`: something may have been done, and whoever hears a bare apology orders it
        once more.
        """
        key = "tell.may_be_done" if is_in_doubt else self.rooms.fallback.lines[0].key
        return self._answer(turn, so_far, Line(key=key), why)

    def handed_on(self, turn: Turn, so_far: SoFar, why: str) -> Answer:
        """Nothing broke, but the call cannot go on here."""
        return self._answer(turn, so_far, Line(key="tell.queue"), why)

    def _answer(self, turn: Turn, so_far: SoFar, line: Line, why: str) -> Answer:
        chosen = so_far.dialogue.language or so_far.spoken_in or turn.language
        language = chosen or self.default_language
        action = replace(self.rooms.fallback, lines=(line,))
        text, sound = self._spoken(action, language)
        return Answer(
            result=_result(turn, action, text, language, why),
            sound=sound,
            action=action,
            so_far=SoFar(dialogue=replace(so_far.dialogue, pending=None, is_over=True)),
        )

    def _spoken(self, action: Queue, language: Language) -> tuple[str, Waveform]:
        """The words may fail too; then the gateway's queue must do without them."""
        for one in dict.fromkeys((language, self.default_language)):
            try:
                return self.stages.apologise.run(partial(self._said, action, one))
            except TooLate:
                break
            except Exception as err:  # noqa: BLE001 - the caller must reach a person all the same
                log.error("apology failed", extra=trace(err))  # noqa: TRY400 - may hold words
        return "", NO_SOUND

    def _said(self, action: Queue, language: Language) -> tuple[str, Waveform]:
        spoken = self.rooms.speak(action.lines, language)
        return spoken.text, spoken.sound


def _result(turn: Turn, action: Queue, text: str, language: Language, why: str) -> Result:
    nobody = Verdict(outcome=Outcome.INCONCLUSIVE, reasons=(why,))
    return Result(
        call_id=turn.call_id,
        caller=caller_part(turn.number, Unknown()),
        verification=verification_part(nobody),
        transcript=transcript_part(Unheard.NOISE, language),
        intent=intent_part(None),
        action=action_part(action, text),
        reasons=[f"{why} -> queue {action.queue}"],
        timings_ms=TimingsPart(),
    )
