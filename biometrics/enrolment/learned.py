"""What later calls have taught about a voice. It is as secret as the print, and kept beside it."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

import numpy as np

from biometrics.encoder import unit
from biometrics.voiceprint import EncoderId, SubjectId, Vector, Voiceprint


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Following:
    """A voiceprint that follows its person. The enrolment stays: whoever wants it back has it."""

    original: Voiceprint
    """As it was enrolled."""

    later: Vector | None = field(default=None, repr=False)
    """Mean of the calls that were learned from."""

    later_net_ms: int = 0
    calls: int = 0

    share: float = 0.0
    """Weight of later calls in the print, 0 to 1."""

    @property
    def current(self) -> Voiceprint:
        """What is compared with. It expires when its enrolment does."""
        if self.later is None:
            return self.original
        mixed = (1 - self.share) * self.original.vector + self.share * self.later
        return replace(self.original, vector=unit(mixed.astype(np.float32)))


class ProvenBy(StrEnum):
    """What proved the caller, since the expired print no longer can."""

    SECOND_FACTOR = "second_factor"
    EARLIER_ENCODER = "earlier_encoder"
    """The encoder that made the expired print, where it is still installed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Collected:
    """One call towards a new print, as the new encoder heard it."""

    vector: Vector = field(repr=False)
    net_ms: int
    at: datetime
    """Aware, UTC."""

    proven_by: ProvenBy


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Collecting:
    """What later calls have given so far towards a print of another encoder."""

    subject: SubjectId
    expired: EncoderId
    """Encoder of the print that no longer counts."""

    encoder: EncoderId
    """Encoder of the print to be."""

    weights_sha256: str
    calls: tuple[Collected, ...] = field(default=(), repr=False)

    note: str = ""
    """Why the last call changed nothing, or everything; empty where it was simply added. Told and
    not kept."""

    @property
    def net_ms(self) -> int:
        return sum(call.net_ms for call in self.calls)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Learned:
    """A print with what calls have taught since it was enrolled."""

    following: Following
    collecting: Collecting | None = None
    """None while nothing is collected for another print."""

    @property
    def is_empty(self) -> bool:
        """Nothing but the enrolment is kept."""
        return self.following.later is None and self.collecting is None


Lesson = Callable[[Learned], Learned | Voiceprint | None]
"""What becomes of what is kept: more or less of it, a print in its place, or no change (None).

A store asks it while nobody else can change the voice, so it must be quick and not ask the store.
"""


def forgetting_collected(kept: Learned) -> Learned | None:
    """The lesson of whoever no longer agrees: nothing is collected any more."""
    return None if kept.collecting is None else replace(kept, collecting=None)


def forgetting_learned(kept: Learned) -> Learned | None:
    """The lesson of a call that was somebody else's: what calls taught is doubtful, all of it."""
    if kept.is_empty:
        return None
    return Learned(following=Following(original=kept.following.original))
