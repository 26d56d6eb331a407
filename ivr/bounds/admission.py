"""How many turns are in the house, and whether one more may come in."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from ivr.bounds.tally import Tally
from ivr.call import CallId
from ivr.errors import HouseFull
from ivr.marks import call_mark
from ivr.settings import LoadSettings

log = logging.getLogger(__name__)


class Admission:
    """One per process: turns of every kind of call count together."""

    def __init__(self, settings: LoadSettings | None = None, tally: Tally | None = None) -> None:
        self._settings = settings or LoadSettings()
        self._tally = tally or Tally()
        self._turns = 0
        self._is_draining = False
        self._lock = Lock()

    @property
    def longest_turn_s(self) -> float:
        """Whatever takes longer is given up."""
        return self._settings.stuck_turn_s

    @property
    def turns(self) -> int:
        """That are worked on, or wait for it."""
        with self._lock:
            return self._turns

    @property
    def is_draining(self) -> bool:
        """No new calls are taken until the process ends."""
        with self._lock:
            return self._is_draining

    @property
    def is_pressed(self) -> bool:
        """So much is to be done that the quicker way is to be taken where there is one."""
        with self._lock:
            return self._turns >= self._settings.quicker_from

    def drain(self) -> None:
        """Take no new calls from now on; those that go on are answered."""
        with self._lock:
            self._is_draining = True

    def admit(self) -> None:
        """A call is about to begin.

        Raises:
            HouseFull: it is not to.
        """
        with self._lock:
            why = self._why_no_call()
        if why:
            raise self._refusal(why)

    @contextmanager
    def turn(self, *, is_new: bool) -> Iterator[None]:
        """A turn of a call that comes turn by turn, from its arrival to its answer.

        Raises:
            HouseFull: it is not to be waited for; or it begins a call, and no call may begin.
        """
        with self._lock:
            why = self._why_no_call() if is_new else self._why_no_turn()
            self._turns += not why
        if why:
            raise self._refusal(why)
        try:
            yield
        finally:
            self._leave()

    @contextmanager
    def live_turn(self) -> Iterator[None]:
        """A turn of a streamed call: it was let in when the call was."""
        with self._lock:
            self._turns += 1
        try:
            yield
        finally:
            self._leave()

    def note_stuck(self, where: str, call_id: CallId) -> None:
        """A turn was given up that nothing else had ended."""
        self._tally.count("turn_stuck", where)
        log.error("a turn is stuck", extra={"where": where, "call": call_mark(call_id)})

    def _leave(self) -> None:
        with self._lock:
            self._turns -= 1

    def _why_no_call(self) -> str:
        return "draining" if self._is_draining else self._why_no_turn()

    def _why_no_turn(self) -> str:
        return "full" if self._turns >= self._settings.most_turns else ""

    def _refusal(self, why: str) -> HouseFull:
        self._tally.count("refused", why)
        sentences = {
            "full": "As many turns are worked on here as may be; send this caller to people.",
            "draining": "This service is about to end and takes no new calls; "
            "send this caller to people.",
        }
        return HouseFull(sentences[why], retry_after_s=self._settings.retry_after_s)
