"""What came of killing workers, as a table."""

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from .reckoning import Reckoning

_BEGINS = "<!-- figures: written by scripts/kill-workers -->"
_ENDS = "<!-- end of figures -->"

_ROWS = (
    ("kills", "workers killed (SIGKILL)"),
    ("other_deaths", "workers that died by themselves"),
    ("start_median_s", "seconds until a new worker takes calls, median"),
    ("calls", "calls"),
    ("turns", "turns answered"),
    ("interrupted", "calls that met a dead worker"),
    ("interrupted_served", "of them served on by another worker"),
    ("interrupted_queued", "of them in the queue with context"),
    ("interrupted_gone", "of them hung up on silence, and written down"),
    ("handed_on_by_others", "calls handed to a person because a turn was broken off"),
    ("queued", "callers queued"),
    ("served", "callers who said goodbye to the machine"),
    ("errands", "errands done"),
    ("enrolled", "people enrolled"),
    ("enrolments_interrupted", "enrolments that met a dead worker, and were sent again"),
    ("slowest_answer_s", "seconds a caller waited for an answer, at most"),
)


def table(found: Reckoning) -> str:
    """Markdown."""
    told = found.told()
    rows = [f"| {words} | {told[name]} |" for name, words in _ROWS]
    faults = [f"| **{fault}** | |" for fault in found.faults]
    none = "| entries lost or doubled, calls lost, errands done twice, half enrolments | 0 |"
    return "\n".join(["| what | how many |", "|---|---|", *rows, *(faults or [none])])


def write_into(page: Path, found: Reckoning) -> None:
    """Between the marks of the page."""
    text = page.read_text("utf-8")
    before, _, rest = text.partition(_BEGINS)
    _, _, behind = rest.partition(_ENDS)
    made = (
        f"Written by `scripts/kill-workers --kills {found.kills}` on {datetime.now(UTC):%Y-%m-%d}: "
        f"{found.workers} workers on {os.cpu_count()} cores ({platform.machine()}), PostgreSQL."
    )
    page.write_text(f"{before}{_BEGINS}\n\n{made}\n\n{table(found)}\n\n{_ENDS}{behind}", "utf-8")
