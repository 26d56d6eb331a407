"""What a turn has done in other systems before anything is said."""

from dataclasses import dataclass
from functools import partial

from ivr.bounds.leave import Leave
from ivr.bounds.stages import Stages
from ivr.call import Language
from ivr.decide.moment import Decision, Moment
from ivr.errand import Errand, Served, Step, Unavailable
from ivr.errors import NoBusinessSystem, StageHangs, TooLate
from ivr.rooms import Rooms
from ivr.stopwatch import Stopwatch

_CHANGES = (Step.DO, Step.UNDO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """One turn's. Nothing is begun once the turn was given up."""

    rooms: Rooms
    stages: Stages
    watch: Stopwatch
    leave: Leave

    def served(self, moment: Moment, decision: Decision) -> Decision:
        """Run errands until something can be said."""
        while decision.errand is not None:
            if self.rooms.told is None:
                raise NoBusinessSystem("A task was decided on, and nothing here runs it.")
            decision = self.rooms.told(moment, decision, self._run(decision.errand))
        return decision

    def posted(self, moment: Moment, decision: Decision, language: Language) -> Decision:
        """Send what was asked for, before it is said that it was."""
        rooms = self.rooms
        if decision.sending is None:
            return decision
        if rooms.post is None or rooms.posted is None:
            raise NoBusinessSystem("A link was decided on, and nothing here sends it.")
        self.leave.act(leaves_doubt=False)
        outcome = rooms.post(decision.sending, language, moment.now)
        return self.served(moment, rooms.posted(moment, decision, outcome))

    def _run(self, errand: Errand) -> Served:
        """A business system that does not answer in time may have done it all the same."""
        serve, is_change = self.rooms.serve, errand.step in _CHANGES
        if serve is None:
            raise NoBusinessSystem("A task was decided on, and nothing here runs it.")
        self.leave.act(leaves_doubt=is_change)
        try:
            return self.stages.serve.run(partial(self.watch.time, "serve", serve, errand))
        except StageHangs:
            return Unavailable()
        except TooLate:
            return Unavailable(may_be_done=is_change)
