"""Contestants that work in turns, seen from the process that asks them."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Self

from ivr.call import Language
from ivr.evaluate.peers.work import Acted


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """Who is asked."""

    title: str
    """As the table calls it."""

    name: str
    """Among `ENCODERS` and `RECOGNISERS`."""

    folder: Path | None = None
    """Of its model; None where that is not here, or it needs none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One recording that is worked on."""

    recording: Path
    language: Language = Language.GERMAN


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """What one contestant showed."""

    title: str
    startup_s: float
    """From the start of its process until it was ready."""

    peak_mb: float
    acted: tuple[Acted, ...]
    """As often as there were recordings, round after round."""

    @property
    def median_ms(self) -> float:
        return median(one.ms for one in self.acted)

    @property
    def cpu_ms(self) -> float:
        """Processor time of one, in the median."""
        return median(one.cpu_ms for one in self.acted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Absent:
    """A contestant that is not here."""

    title: str
    reason: str


class Actor:
    """A contestant's process. Used in a with statement, at whose end the process is gone."""

    def __init__(self, contestant: Contestant) -> None:
        begun = perf_counter()
        self.title = contestant.title
        command = [sys.executable, "-m", "ivr.evaluate.peers.act", contestant.name]
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own module
            [*command, str(contestant.folder or "")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self.absent = str(self._answer().get("absent", "it does not start"))
        self.startup_s = perf_counter() - begun
        self.acted: list[Acted] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        with self._process:
            pass  # its pipes are closed, and it is waited for

    def act(self, asked: Asked) -> Acted | None:
        """None where it could not; it is gone then."""
        task = {"recording": str(asked.recording.resolve()), "language": asked.language.value}
        if not self._tell(json.dumps(task)):
            return None
        answer = self._answer()
        return Acted(**answer) if "ms" in answer else None

    def leave(self) -> float:
        """The most memory it held, in megabytes."""
        if self._process.stdin:
            self._process.stdin.close()
        return float(self._answer().get("peak_mb", 0.0))

    def _tell(self, line: str) -> bool:
        pipe = self._process.stdin
        try:
            if pipe:
                pipe.write(line + "\n")
                pipe.flush()
        except BrokenPipeError:
            return False
        return True

    def _answer(self) -> Mapping[str, Any]:
        pipe = self._process.stdout
        line = pipe.readline() if pipe else ""
        return dict(json.loads(line)) if line else {}


def perform(
    contestants: Sequence[Contestant], asked: Sequence[Asked], *, rounds: int
) -> tuple[Performance | Absent, ...]:
    """Everybody once with each recording, round after round; the first round is not counted.

    So whatever else runs on the machine disturbs all of them alike.
    """
    with ExitStack() as stack:
        actors = [stack.enter_context(Actor(one)) for one in contestants]
        present = [actor for actor in actors if not actor.absent]
        for round_ in range(1 + rounds):
            for one in asked:
                for actor in present:
                    _act(actor, one, is_counted=round_ > 0)
        return tuple(map(_shown, actors))


def _act(actor: Actor, asked: Asked, *, is_counted: bool) -> None:
    acted = actor.act(asked)
    if acted is None:
        actor.absent = actor.absent or "it broke off"
    elif is_counted:
        actor.acted.append(acted)


def _shown(actor: Actor) -> Performance | Absent:
    if actor.absent:
        return Absent(title=actor.title, reason=actor.absent)
    return Performance(
        title=actor.title,
        startup_s=actor.startup_s,
        peak_mb=actor.leave(),
        acted=tuple(actor.acted),
    )
