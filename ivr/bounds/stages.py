"""The parts of a turn that may hang, each with its deadline."""

from dataclasses import dataclass
from typing import Self

from ivr.bounds.stage import Stage
from ivr.bounds.tally import Tally
from ivr.settings import DeadlineSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Stages:
    """One of each per process: what hangs in one call counts for all of them."""

    identify: Stage
    verify: Stage
    transcribe: Stage
    understand: Stage
    serve: Stage
    speak: Stage
    turn: Stage
    """All the others and what lies between them."""

    apologise: Stage
    """The words for whoever is sent to a person; they are fixed, and kept."""

    hand_over: Stage

    @classmethod
    def of(cls, settings: DeadlineSettings, tally: Tally | None = None) -> Self:
        shared = tally or Tally()

        def stage(name: str, within_ms: int) -> Stage:
            most = settings.most_hanging
            return Stage(name, within_ms=within_ms, most_hanging=most, tally=shared)

        return cls(
            identify=stage("identify", settings.identify_ms),
            verify=stage("verify", settings.verify_ms),
            transcribe=stage("transcribe", settings.transcribe_ms),
            understand=stage("understand", settings.understand_ms),
            serve=stage("serve", settings.serve_ms),
            speak=stage("speak", settings.speak_ms),
            turn=stage("turn", settings.turn_ms),
            apologise=stage("apologise", settings.apologise_ms),
            hand_over=stage("hand_over", settings.hand_over_ms),
        )
