"""How fast callers who wait are taken, in SQLite and in PostgreSQL."""

import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from ivr.bench.chart import Chart, p95
from ivr.errors import ModelMissing
from ivr.evaluate.claims import Claims, measure_claims
from ivr.evaluate.own_postgres import own_postgres
from ivr.queue.waiting import WaitingRoom
from ivr.settings import Settings
from ivr.wiring import House

_ROUNDS = 4
_CALLERS = 200
_DESKS = (1, 4, 16)


def claims_chart(
    *, rounds: int = _ROUNDS, callers: int = _CALLERS, desks: Sequence[int] = _DESKS
) -> Chart:
    """Both databases in turns; where one cannot be had its row says why."""
    with ExitStack() as stack:
        rooms, absent = _rooms(stack)
        found = _measured(rooms, rounds=rounds, callers=callers, desks=desks)
    rows = [_row(name, count, found[name, count], found) for count in desks for name in rooms]
    return Chart(
        title="Callers taken from a queue",
        made_by=f"{callers} callers wait, and so many desks at the same time, each a thread of one "
        f"process, take the next one until nobody waits; {rounds} rounds in turns, after one "
        "that is not counted. Both databases keep their own promises about power cuts.",
        columns=(
            *("database", "desks", "claims a second", "of SQLite", "a claim, ms", "95 %"),
            *("to join, ms", "taken twice"),
        ),
        rows=(*rows, *((name, reason, "", "", "", "", "", "") for name, reason in absent.items())),
    )


def _rooms(stack: ExitStack) -> tuple[Mapping[str, WaitingRoom], Mapping[str, str]]:
    """Those that are here, and why others are not."""
    home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    addresses = {"SQLite": f"sqlite:///{home / 'queue.db'}"}
    absent = {}
    try:
        addresses["PostgreSQL"] = stack.enter_context(own_postgres())
    except ModelMissing as err:
        absent["PostgreSQL"] = err.sentence
    rooms = {}
    for name, address in addresses.items():
        house = House(Settings(home=home, database_url=address))
        stack.callback(house.close)
        rooms[name] = house.room
    return rooms, absent


def _measured(
    rooms: Mapping[str, WaitingRoom], *, rounds: int, callers: int, desks: Sequence[int]
) -> Mapping[tuple[str, int], Sequence[Claims]]:
    found: dict[tuple[str, int], list[Claims]] = {(n, d): [] for d in desks for n in rooms}
    for round_ in range(1 + rounds):
        for count in desks:
            for name, room in rooms.items():
                number = round_ * 1_000 + count
                claims = measure_claims(room, round_=number, callers=callers, desks=count)
                if round_:
                    found[name, count].append(claims)
    return found


def _row(
    name: str,
    desks: int,
    claims: Sequence[Claims],
    all_: Mapping[tuple[str, int], Sequence[Claims]],
) -> tuple[str, ...]:
    took = [ms for one in claims for ms in one.claimed_ms]
    joined = [ms for one in claims for ms in one.joined_ms]
    return (
        name,
        f"{desks}",
        f"{_rate(claims):.0f}",
        f"{_rate(claims) / _rate(all_['SQLite', desks]):.2f}",
        f"{median(took):.1f}",
        f"{p95(took):.1f}",
        f"{median(joined):.1f}",
        f"{sum(one.twice for one in claims)}",
    )


def _rate(claims: Sequence[Claims]) -> float:
    return median(one.per_second for one in claims)
