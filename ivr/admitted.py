"""Turns of calls that come turn by turn, let in where one more may be worked on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from ivr.bounds.admission import Admission
from ivr.bounds.threads import in_thread
from ivr.call import CallId
from ivr.calls import Calls, is_new
from ivr.errors import TooLate

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """Of every way by which such turns come."""

    calls: Calls
    admission: Admission

    async def take(
        self, work: Callable[[], T], call_id: CallId, *, limiter: CapacityLimiter, where: str
    ) -> T:
        """Work on a turn on a thread; `where` is a code of the way it came.

        Raises:
            HouseFull: it is not to be waited for; or it begins a call, and no call may begin.
            TooLate: it was given up.
        """
        admission = self.admission
        # Only where no call may begin it matters whether this one does.
        begins = admission.is_draining and await run_sync(is_new, self.calls, call_id)
        with admission.turn(is_new=begins):
            try:
                return await in_thread(work, limiter=limiter, within_s=admission.longest_turn_s)
            except TooLate:
                admission.note_stuck(where, call_id)
                raise
