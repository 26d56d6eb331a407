"""How a caller usually sounds: a few means of their first seconds, and nothing of the sound."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ivr.understand.prosody import Prosody

MANNER = (
    "pitch_semitones",
    "pitch_range_semitones",
    "pitch_movement_semitones",
    "level_range_db",
    "brightness_db",
    "sharpness_db",
    "clearness",
    "voiced",
    "syllables_per_second",
)
"""What is compared with a caller's usual. The height itself says nothing without it; loudness is
left out, as the line and the distance from the telephone change it more than a mood does."""

_FIRST_MS = 6_000
"""Of speech that makes the usual; what comes later is compared with it."""

_ENOUGH_MS = 1_500
"""With less, nobody knows how the caller usually sounds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A caller's usual way of speaking in this call; empty before the first turn."""

    net_ms: int = 0
    """Speech that it was made of."""

    usual: tuple[float, ...] = field(default=(), repr=False)
    """Means in the order of `MANNER`, weighted by length."""

    @property
    def is_known(self) -> bool:
        return self.net_ms >= _ENOUGH_MS

    def after(self, turn: Prosody) -> "Baseline":
        """With one more turn in it, as long as these are the caller's first seconds."""
        if self.net_ms >= _FIRST_MS:
            return self
        net_ms = self.net_ms + turn.net_ms
        share = turn.net_ms / max(net_ms, 1)
        before = np.asarray(self.usual or (0.0,) * len(MANNER))
        mean = (1 - share) * before + share * manner(turn)
        return Baseline(net_ms=net_ms, usual=tuple(mean.tolist()))


def manner(turn: Prosody) -> NDArray[np.float64]:
    """One turn in the order of `MANNER`."""
    return np.asarray([getattr(turn, name) for name in MANNER], dtype=np.float64)
