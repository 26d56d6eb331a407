"""How long a turn takes, room by room."""

from pathlib import Path
from statistics import median

from ivr.bench.chart import Chart
from ivr.rehearsal import play, read_script
from ivr.result import TimingsPart
from ivr.wiring import House

_ROOMS = tuple(TimingsPart.__slots__)


def turns(house: House, fixtures: Path) -> Chart:
    """Every fixture call three times; the first round warms up and is not counted."""
    times: list[TimingsPart] = []
    for round_ in range(3):
        for call in read_script(fixtures).calls:
            played = play(call, fixtures, house.switchboard, house.read_number)
            found = [turn.result.timings_ms for turn in played.turns if turn.result]
            times += found if round_ else []
    spoken = [one for one in times if one.transcribe]
    worked = {room: [ms for one in spoken if (ms := getattr(one, room))] for room in _ROOMS}
    return Chart(
        title="Time of a turn",
        made_by=f"{len(spoken)} fixture turns with speech in them, in ms; a room counts where it "
        "had work to do. Verifying and transcribing overlap.",
        columns=("", *_ROOMS),
        rows=tuple(
            (name, *(f"{pick(worked[room] or [0]):.0f}" for room in _ROOMS))
            for name, pick in (("median", median), ("slowest", max))
        ),
        is_headline=True,
    )


def sizes(checkout: Path) -> Chart:
    rows = []
    for place in ("ivr", "biometrics", "tests"):
        files = sorted((checkout / place).rglob("*.py"))
        lines = [len(file.read_text("utf-8").splitlines()) for file in files]
        rows.append((f"{place}/", str(len(files)), str(sum(lines)), f"{median(lines):.0f}"))
    return Chart(
        title="Size",
        made_by="Python files and their lines.",
        columns=("place", "files", "lines", "median lines a file"),
        rows=tuple(rows),
    )
