"""How long anything may take and how much of it there may be, put together for one process."""

import logging
from dataclasses import dataclass, field
from functools import cached_property

from ivr.bounds.admission import Admission
from ivr.bounds.aside import Aside
from ivr.bounds.stages import Stages
from ivr.bounds.tally import Tally
from ivr.errors import TooLate
from ivr.live.floor import Floor
from ivr.service.drain import Drain
from ivr.settings import DeadlineSettings, Settings
from ivr.story import Story
from ivr.switchboard import HandOver

log = logging.getLogger(__name__)

_MOST_ASIDE = 1_000

_MINUTE_MS = 60_000

UNHURRIED = DeadlineSettings(
    identify_ms=_MINUTE_MS,
    verify_ms=_MINUTE_MS,
    transcribe_ms=_MINUTE_MS,
    understand_ms=_MINUTE_MS,
    serve_ms=_MINUTE_MS,
    speak_ms=_MINUTE_MS,
    turn_ms=2 * _MINUTE_MS,
    apologise_ms=_MINUTE_MS,
    hand_over_ms=_MINUTE_MS,
)
"""For rehearsals: nobody is on the telephone, and a busy machine must not make another call."""


@dataclass(frozen=True)
class Bounds:
    """Of one house."""

    settings: Settings
    tally: Tally = field(default_factory=Tally)
    """What went wrong since the process began, as counts."""

    @cached_property
    def admission(self) -> Admission:
        """Turns of every kind of call."""
        return Admission(self.settings.load, self.tally)

    @cached_property
    def floor(self) -> Floor:
        """Streamed calls."""
        return Floor(self.settings.load, self.tally)

    @cached_property
    def aside(self) -> Aside:
        """What is counted of calls that ended, and no event loop waits for."""
        return Aside("hung_up", most=_MOST_ASIDE, tally=self.tally)

    @property
    def drain(self) -> Drain:
        """How the service ends."""
        return Drain(admission=self.admission, floor=self.floor, settings=self.settings.load)

    def handed_over(self, hand_over: HandOver, story: Story) -> None:
        """Nobody waits for a database before they are handed on; what is late goes on by itself."""
        try:
            self.stages.hand_over.run(lambda: hand_over(story))
        except TooLate as err:
            log.warning("hand-over is late", extra={"code": err.code})

    @cached_property
    def stages(self) -> Stages:
        """The parts of a turn."""
        return Stages.of(self.settings.deadlines, self.tally)
