"""What turns and calls add to the figures, once they are over."""

from dataclasses import dataclass

from ivr.chronicle import outcome_of
from ivr.result import IntentPart, Result
from ivr.seeing import measures
from ivr.seeing.measure import Meter
from ivr.stopwatch import Times
from ivr.story import Story
from ivr.turn import Answer, Turn

_NS_A_S = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedTurns:
    """Told of every turn and every call."""

    meter: Meter

    def answered(self, turn: Turn, answer: Answer) -> None:
        """One turn."""
        result = answer.result
        self.meter.count(
            measures.TURNS, turn.gateway, result.action.type, _understood(result.intent)
        )
        if answer.failure:
            self.meter.count(measures.FAILURES, answer.failure)
        else:
            self._proven(result)
        if result.transcript.fallback:
            self.meter.count(measures.FALLBACKS, result.transcript.fallback)
        if answer.times is not None:
            self._timed(answer.times)

    def over(self, story: Story) -> None:
        """One call."""
        self.meter.count(measures.CALLS, story.gateway, outcome_of(story).value)

    def _proven(self, result: Result) -> None:
        self.meter.count(measures.VERIFICATIONS, result.verification.decision)
        if any("locked" in reason for reason in result.verification.reasons):
            self.meter.count(measures.LOCKED)

    def _timed(self, times: Times) -> None:
        took_ns: dict[str, int] = {}
        for lap in times.laps:
            took_ns[lap.room] = took_ns.get(lap.room, 0) + lap.took_ns
        for room, took in took_ns.items():
            self.meter.time(measures.STAGE, took / _NS_A_S, room)
        self.meter.time(measures.TURN, times.total_ns / _NS_A_S)


def _understood(intent: IntentPart) -> str:
    match intent.name:
        case None:
            return "nothing"
        case "out_of_scope":
            return "unknown"
        case _:
            return "known"
