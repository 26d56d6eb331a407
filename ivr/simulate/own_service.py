"""`python -m ivr.simulate.own_service HOME`: a whole service in a process of its own.

It tells its door on its output as JSON, answers by the clock, and ends when its input does.
"""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO

from ivr.errors import NobodyAnswers
from ivr.evaluate.own_output import own_output
from ivr.service.loaded import keep_what_is_loaded
from ivr.settings import Settings
from ivr.simulate.ground import Ground, open_for_all, served
from ivr.simulate.leg import Door
from ivr.wiring import House

_MOST_CALLS = 1_000

_DEPLOYED = {"MALLOC_ARENA_MAX": "2"}
"""As docs/deploy runs the service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnService:
    """A service that was started to be measured."""

    door: Door
    pid: int
    database: Path
    """A SQLite file."""

    @property
    def memory_mb(self) -> float:
        """Held now; 0 where the system does not say."""
        try:
            pages = Path(f"/proc/{self.pid}/statm").read_text("ascii").split()[1]
        except OSError:
            return 0.0
        return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6

    @property
    def cpu_s(self) -> float:
        """Processor time of all its threads since it began; 0 where the system does not say."""
        try:
            stat = Path(f"/proc/{self.pid}/stat").read_text("utf-8")
        except OSError:
            return 0.0
        user, system = stat.rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@contextmanager
def own_service(fixtures: Path, *, engine: str = "cascade") -> Iterator[OwnService]:
    """With the customers of the fixtures and the recognisers of `engine`; gone when it is left.

    Raises:
        NobodyAnswers: it does not start.
    """
    with TemporaryDirectory() as home:
        _stage(Path(home), fixtures)
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
            [sys.executable, "-m", "ivr.simulate.own_service", home],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            env={**_DEPLOYED, **os.environ, "IVR_UNDERSTAND__ENGINE": engine},
        )
        with process:
            try:
                yield OwnService(
                    door=_told(process), pid=process.pid, database=Path(home) / "rehearsal.db"
                )
            finally:
                process.kill()


def _stage(home: Path, fixtures: Path) -> None:
    """Here, so that what enrolment needs is not held by the service."""
    house = House.for_rehearsal(home)
    house.stage(fixtures)
    house.close()


def _told(process: "subprocess.Popen[str]") -> Door:
    line = process.stdout.readline() if process.stdout else ""
    if not line:
        raise NobodyAnswers("The service to be measured does not start; ivr doctor may say why.")
    return Door(**json.loads(line))


def main() -> int:
    (home,) = sys.argv[1:]
    told = own_output()
    settings, door = open_for_all(House.for_rehearsal(Path(home)).settings, is_fast=False)
    house = House(_unlimited(settings))
    house.warm_up()
    keep_what_is_loaded()
    asyncio.run(_answer(Ground(house=house, door=door), told))
    house.close()
    return 0


def _unlimited(settings: Settings) -> Settings:
    """Everybody calls from one address, and what is too much is to be found out."""
    live = replace(settings.gateways.live, most_calls=_MOST_CALLS)
    limits = replace(settings.limits, calls_per_s=_MOST_CALLS, at_once=_MOST_CALLS)
    gateways = replace(settings.gateways, live=live)
    return replace(settings, gateways=gateways, limits=limits)


async def _answer(ground: Ground, told: TextIO) -> None:
    async with served(ground):
        told.write(json.dumps(asdict(ground.door)) + "\n")
        told.flush()
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    sys.exit(main())
