"""How the service ends: nobody new comes in, and whoever is there is served or handed on first."""

import asyncio
import logging
from collections.abc import Callable, Sized
from dataclasses import dataclass
from typing import Protocol

from ivr.bounds.admission import Admission
from ivr.settings import LoadSettings

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 0.05


class Calls(Sized, Protocol):
    """The streamed calls that go on."""

    def send_away(self) -> None:
        """People go on with them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drain:
    """Run once."""

    admission: Admission
    floor: Calls
    settings: LoadSettings

    async def run(self) -> None:
        """Until nobody is left, or the time is over."""
        settings = self.settings
        self.admission.drain()
        log.warning("draining", extra={"calls": len(self.floor), "turns": self.admission.turns})
        await asyncio.sleep(settings.drain_least_s)
        await _until(self._is_empty, within_s=settings.drain_s - settings.drain_least_s)
        if len(self.floor):
            self.floor.send_away()
            await _until(self._is_empty, within_s=settings.farewell_s)
            await asyncio.sleep(settings.questions_s)
        log.warning("drained", extra={"calls": len(self.floor), "turns": self.admission.turns})

    def _is_empty(self) -> bool:
        return not len(self.floor) and not self.admission.turns


async def _until(is_so: Callable[[], bool], *, within_s: float) -> None:
    until = asyncio.get_running_loop().time() + within_s
    while not is_so() and asyncio.get_running_loop().time() < until:  # noqa: ASYNC110 - of threads
        await asyncio.sleep(_LOOK_EVERY_S)
