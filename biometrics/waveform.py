"""One audio type for everything that hears."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Waveform:
    """Mono sound."""

    samples: NDArray[np.float32] = field(repr=False)
    """Shape (n,), full scale is -1 to 1."""

    rate_hz: int
    """Samples a second."""

    @property
    def duration_ms(self) -> int:
        return len(self.samples) * 1000 // self.rate_hz

    def cut(self, start_ms: int, end_ms: int) -> "Waveform":
        """The part from `start_ms` to `end_ms`, clipped to what is there."""
        first, last = (ms * self.rate_hz // 1000 for ms in (max(start_ms, 0), max(end_ms, 0)))
        return Waveform(samples=self.samples[first:last], rate_hz=self.rate_hz)


def joined(parts: list[Waveform]) -> Waveform:
    """The parts one after the other.

    Raises:
        ValueError: no parts, or their rates differ.
    """
    rates = {part.rate_hz for part in parts}
    if len(rates) != 1:
        raise ValueError("Only waveforms of one rate can be joined.")
    return Waveform(samples=np.concatenate([part.samples for part in parts]), rate_hz=rates.pop())
