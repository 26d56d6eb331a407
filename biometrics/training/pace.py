"""How far a run is, on the terminal."""

import sys
import time
from collections.abc import Mapping

_EVERY = 20
_BAR = 30


class Pace:
    """Shows every twentieth step: a bar, the minutes left, the losses."""

    def __init__(self, steps: int) -> None:
        self._steps = steps
        self._began: tuple[int, float] | None = None

    def __call__(self, step: int, losses: Mapping[str, float]) -> None:
        if self._began is None:
            # The first step compiles and would spoil the estimate.
            self._began = (step, time.monotonic())
        if step % _EVERY == 0 or step == self._steps:
            sys.stderr.write(f"{self._bar(step)} {self._left(step)} {_told(losses)}\n")
            sys.stderr.flush()

    def _bar(self, step: int) -> str:
        filled = _BAR * step // self._steps
        return f"[{'#' * filled}{'.' * (_BAR - filled)}] {step}/{self._steps}"

    def _left(self, step: int) -> str:
        first, began = self._began or (step, 0.0)
        if step == first:
            return ""
        left_s = (time.monotonic() - began) / (step - first) * (self._steps - step)
        return f"{left_s / 60:.0f} min left"


def _told(losses: Mapping[str, float]) -> str:
    return " ".join(f"{name} {value:.3f}" for name, value in losses.items())
