"""What is done when a shared call ends, or its worker or its caller is gone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from ivr.call import CallId
from ivr.kept_call import KeptCall, story_of
from ivr.story import Story
from ivr.switchboard import Witnesses, attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """What is done about calls whose worker or caller is gone."""

    keep: Callable[[Story], object] = lambda _: None
    """What is known is kept for a person, should the caller still come."""

    gone: Callable[[str, datetime], object] = lambda _token, _now: None
    """Whoever has this token waits for nobody any more."""

    left: Callable[[CallId], object] = lambda _: None
    """The line of a call was closed after its end; the gateway may still ask what is next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Tells whoever is to be told; what fails there disturbs no call."""

    tell: Witnesses
    losses: Losses

    def hand_on(self, kept: KeptCall) -> None:
        """Whoever takes the call finds it known; where that fails, the caller goes on as well."""
        if self.tell.hand_over is not None:
            attempt(partial(self.tell.hand_over, story_of(kept)), "hand-over failed")

    def keep_for_people(self, kept: KeptCall) -> None:
        attempt(partial(self.losses.keep, story_of(kept)), "context not kept")

    def write_down(self, kept: KeptCall) -> None:
        """Learn from it, and keep its record. The same call may be written down twice."""
        evidence = kept.so_far.evidence
        if self.tell.after_call is not None:
            attempt(partial(self.tell.after_call, evidence, kept.heard_at), "after-call failed")
        if self.tell.chronicle is not None and kept.told:
            attempt(partial(self.tell.chronicle, story_of(kept)), "call not written down")

    def ended(self, kept: KeptCall) -> None:
        """Nothing more is said in it."""
        if not kept.is_over and kept.results and self.tell.hung_up is not None:
            attempt(partial(self.tell.hung_up, kept.so_far.dialogue), "hang-up not told")
        if kept.told:
            self.write_down(kept)

    def gone(self, kept: KeptCall, now: datetime) -> None:
        """The caller hung up, and waits for nobody."""
        token = kept.results[-1].action.context_token if kept.results else None
        if token:
            attempt(partial(self.losses.gone, token, now), "a caller who left still waits")
