"""What is kept of one recording of a list."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from biometrics import Span, Take


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A recording of the list."""

    subject: str
    file: str
    """As the list has it."""

    path: Path
    code: str = ""
    """Why nobody may listen to it; empty where that is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Heard:
    """A recording as the encoder heard it. As secret as a voiceprint."""

    digest: str = field(repr=False)
    """SHA-256 of the file."""

    audio_ms: int
    spans: tuple[Span, ...]
    """Where somebody speaks in it."""

    take: Take
    """Without its sound."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Row:
    """One recording of the list, and what became of it."""

    subject: str = ""
    """Empty where nobody listened, and where the person was taken out: no name is needed then."""

    file: str = ""
    """As the list has it; empty likewise."""

    code: str = ""
    """Why it was not heard, or is not fit to be enrolled; empty when it is."""

    heard: Heard | None = None


TAKEN_OUT = "taken_out"
"""The code of a row whose person is no longer in the folder."""


Hear = Callable[[Path], Heard]
"""Raises CallProblem where the file is no recording."""
