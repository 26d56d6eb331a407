"""What a call costs, measured, and what many calls need, computed from it."""

import math
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import process_time

import numpy as np

from ivr.bench.chart import Chart
from ivr.bench.lines import SCRIPTS, spoken
from ivr.bench.load import Ladder, Level, climb
from ivr.call import Language
from ivr.rehearsal import play, read_script
from ivr.settings.plan import MOST_IN_A_PROCESS
from ivr.simulate.own_service import own_service
from ivr.studio import read_manifest
from ivr.understand.recogniser import transcribe
from ivr.wiring import House

AT_ONCE = (10, 1_000, 100_000)

_BUSY_SHARE = 0.6
"""Of a core that may be busy in the mean, so that peaks do not wait."""

_RTP_KBIT_S = 87.2
"""G.711 in packets of 20 ms over Ethernet, one way: 160 bytes of sound and 58 of headers."""

_LADDER = Ladder(counts=(1, 4, 8), seconds=90, limit_ms=10_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnCost:
    """Processor time of one turn, in ms."""

    whole: float
    recognise: float
    verify: float

    @property
    def others(self) -> float:
        """Finding speech, understanding, deciding, speaking, databases."""
        return max(self.whole - self.recognise - self.verify, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCost:
    """What one live call adds to a service, and what the service takes by itself."""

    cores: float
    process_mb: float
    call_mb: float
    turns_a_minute: float
    rows_a_turn: float
    """That stay in the database: journal, audit, attempts and the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """What so many calls at the same time need."""

    calls: int
    cores: int
    processes: int
    memory_gb: float
    rows_a_second: float
    mbit_s: float
    """Each way."""


def need_of(calls: int, cost: CallCost) -> Need:
    cores = max(math.ceil(calls * cost.cores / _BUSY_SHARE), 1)
    processes = -(-cores // MOST_IN_A_PROCESS)
    return Need(
        calls=calls,
        cores=cores,
        processes=processes,
        memory_gb=(processes * cost.process_mb + calls * cost.call_mb) / 1_000,
        rows_a_second=calls * cost.turns_a_minute * cost.rows_a_turn / 60,
        mbit_s=calls * _RTP_KBIT_S / 1_000,
    )


def call_cost(levels: Sequence[Level], rows: int, seconds: float) -> CallCost:
    """Lines through the levels: what grows with calls, and what is there without any."""
    calls = np.array([level.calls for level in levels], dtype=float)
    cores = np.polyfit(calls, [level.cores for level in levels], 1)
    memory = np.polyfit(calls, [level.memory_mb for level in levels], 1)
    turns = sum(len(level.answer_ms) + level.early for level in levels)
    return CallCost(
        cores=max(float(cores[0]), 0.0),
        process_mb=float(memory[1]),
        call_mb=max(float(memory[0]), 0.0),
        turns_a_minute=turns / (float(calls.sum()) * seconds / 60),
        rows_a_turn=rows / max(turns, 1),
    )


def scaling_charts(
    house: House, fixtures: Path, ladder: Ladder = _LADDER
) -> tuple[Chart, Chart, Chart]:
    """Costs, needs, and what the needs take for granted."""
    turn = turn_cost(house, fixtures)
    callers = spoken(house, fixtures, SCRIPTS)
    with own_service(fixtures) as service:
        before = _rows(service.database)
        levels = list(climb(service, callers, ladder))
        rows = _rows(service.database) - before
    cost = call_cost(levels, rows, ladder.seconds)
    return _costs(turn, cost), _needs(turn, cost), _assumptions(ladder)


def turn_cost(house: House, fixtures: Path) -> TurnCost:
    """The fixture calls, one after the other; the first round is not counted."""
    calls = [call for call in read_script(fixtures).calls if not any(t.error for t in call.turns)]
    whole: list[float] = []
    for round_ in range(2):
        for call in calls:
            begun = process_time()
            played = play(call, fixtures, house.switchboard, house.read_number)
            if round_:
                whole.append(1_000 * (process_time() - begun) / len(played.turns))
    return TurnCost(whole=median(whole), **_rooms(house, fixtures))


def _rooms(house: House, fixtures: Path) -> dict[str, float]:
    recognise, verify = [], []
    for one in read_manifest(fixtures).recordings:
        if not one.words:
            continue
        speech = house.voices.listen((fixtures / one.file).read_bytes())
        begun = process_time()
        transcribe(house.words.recogniser, speech, Language(one.language))
        heard = process_time()
        house.voices.encoder.encode(speech.waveform)
        recognise.append(1_000 * (heard - begun))
        verify.append(1_000 * (process_time() - heard))
    return {"recognise": median(recognise), "verify": median(verify)}


def _rows(database: Path) -> int:
    """Of all tables."""
    with closing(sqlite3.connect(database)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        names = [name for (name,) in tables.fetchall()]
        counts = [connection.execute(f'SELECT count(*) FROM "{name}"') for name in names]  # noqa: S608 - names of tables, from the database
        return sum(int(count.fetchone()[0]) for count in counts)


def _costs(turn: TurnCost, cost: CallCost) -> Chart:
    rooms = (
        ("recognising words", turn.recognise),
        ("verifying the voice", turn.verify),
        ("everything else", turn.others),
        ("a whole turn", turn.whole),
    )
    return Chart(
        title="What a call costs",
        made_by="Turns as whole files, one after the other, in processor time; a live call in a "
        "service of its own, by a straight line through several numbers of calls at once: with the "
        "trials at pauses and 50 frames a second. Caches that fill meanwhile count as memory of "
        "calls. `ivr bench scaling`.",
        columns=("what", "cost"),
        rows=(
            *((f"{name}, processor seconds a turn", f"{ms / 1_000:.3f}") for name, ms in rooms),
            ("a live call, cores", f"{cost.cores:.3f}"),
            ("a live call, processor seconds a minute", f"{60 * cost.cores:.1f}"),
            ("a live call, turns a minute", f"{cost.turns_a_minute:.1f}"),
            ("a process without calls, MB", f"{cost.process_mb:.0f}"),
            ("each call more, MB", f"{cost.call_mb:.1f}"),
            ("rows that stay in the database, a turn", f"{cost.rows_a_turn:.1f}"),
        ),
    )


def _needs(turn: TurnCost, cost: CallCost) -> Chart:
    share = turn.recognise / turn.whole
    return Chart(
        title="What many calls need",
        made_by="Computed from the costs above and the assumptions below. Recognising words takes "
        f"{100 * share:.0f} % of a turn: the cores of that share are what a pool of recognisers or "
        "a graphics card could take over. On one machine neither pays; it is worth a trial where "
        "the cores for recognition alone fill several machines. A card was measured by itself, "
        "never under calls: Whisper on a graphics card, below.",
        columns=(
            *("calls at once", "cores", "of them for words", "processes", "memory, GB"),
            *("database rows a second", "Mbit/s each way"),
        ),
        rows=tuple(_need_row(need_of(calls, cost), share) for calls in AT_ONCE),
    )


def _need_row(need: Need, share: float) -> tuple[str, ...]:
    return (
        f"{need.calls:,}",
        f"{need.cores:,}",
        f"{need.cores * share:,.0f}",
        f"{need.processes:,}",
        f"{need.memory_gb:,.1f}",
        f"{need.rows_a_second:,.1f}",
        f"{need.mbit_s:,.1f}",
    )


def _assumptions(ladder: Ladder) -> Chart:
    return Chart(
        title="What the needs take for granted",
        made_by="Whoever finds one of these otherwise measures again.",
        columns=("assumption", "value", "where from"),
        rows=(
            ("callers speak", "40 % of the time", "the callers of the fixtures"),
            ("cores are busy in the mean", f"{100 * _BUSY_SHARE:.0f} %", "chosen"),
            ("cores of a process, at most", f"{MOST_IN_A_PROCESS}", "chosen, not measured"),
            (
                "a core does as much beside 15 others as beside one",
                "yes",
                "Whisper: nearly (on a graphics card, below); the rest: not measured",
            ),
            ("calls that were measured at once", f"1 to {max(ladder.counts)}", "measured"),
            ("sound of a call, each way", f"{_RTP_KBIT_S} kbit/s", "G.711, 20 ms, Ethernet"),
            ("a call stays with the process it began in", "yes", "the gateway sees to it"),
            ("database of several processes", "PostgreSQL", "SQLite has one writer"),
        ),
    )
