"""Kill workers while callers talk to them: `scripts/kill-workers --kills 200`."""

import argparse
import asyncio
import json
import os
import random
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fakes.postgres import postgres_on, started
from fakes.server import serving

from biometrics import Channel, Purpose, Said, SubjectId
from ivr.call import Caller, CustomerId, Language, PhoneNumber
from ivr.identify.directory import Entry
from ivr.settings import Settings
from ivr.shared_switchboard import SharedSwitchboard
from ivr.wiring import House

from . import bank as banks
from . import callers
from .bank import Bank
from .callers import Street, number_of
from .enrolling import Office
from .reckoning import Reckoning, reckon, subjects_of
from .report import table, write_into
from .streamed import Broken, broken_line
from .workers import Workers

_FIXTURES = Path(__file__).parents[3] / "audio_fixtures"
_PAGE = Path(__file__).parents[3] / "docs" / "workers.md"
_LEASE_S = 2
_SETTLES_S = 2 * _LEASE_S
"""For what dead workers left behind to be found by those who are alive."""

_MUCH_LATER = timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is killed, and how often."""

    kills: int
    callers: int = 20
    workers: int = 2
    enrolments: int = 200
    customers: int = 4_000
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Where workers are killed."""

    folder: Path
    """For keys, and for what workers write down."""

    database: str
    home: Path | None = None
    """Where prompts are that were spoken before; None speaks them."""

    @property
    def log(self) -> Path:
        return self.folder / "workers.log"


def environment(ground: Ground, bank_port: int) -> dict[str, str]:
    """Of every worker, and of whoever looks into the database afterwards."""
    return {
        "IVR_HOME": str(ground.home or ground.folder / "home"),
        "IVR_MODELS": os.environ.get("IVR_MODELS", str(Settings().models_home)),
        "IVR_DATABASE_URL": ground.database,
        "IVR_KEYS__DATABASE": f"sqlite:///{ground.folder / 'keys.db'}",
        "IVR_KEYS__FILE": str(ground.folder / "master.key"),
        "IVR_UNDERSTAND__PACK": "bank",
        "IVR_SERVE__URL": f"http://127.0.0.1:{bank_port}",
        "BACKEND_TOKEN": banks.TOKEN,
        "IVR_GATEWAYS__TWILIO__TOKENS": callers.TOKEN,
        "IVR_GATEWAYS__TWILIO__MODE": "gather",
        "IVR_GATEWAYS__TWILIO__WORKFLOW": callers.WORKFLOW,
        "IVR_GATEWAYS__PUBLIC_URL": callers.PUBLIC,
        "IVR_CALLS__LEASE_S": str(_LEASE_S),
        "IVR_LIMITS__REQUESTS_PER_S": "1000",
        "IVR_LIMITS__REQUESTS_BURST": "10000",
        "IVR_LIMITS__CALLS_PER_S": "1000",
        "IVR_LIMITS__CALLS_BURST": "10000",
    }


async def line_lost(ground: Ground) -> Broken:
    """Of a customer who is known by the number."""
    told = environment(ground, bank_port=9)
    with house_of(told) as house:
        await asyncio.to_thread(_prepared, house, 1, [])
        workers = Workers(environment=told, log=ground.log, count=2)
        async with workers.running():
            dies, asked = workers.all
            return await broken_line(dies, asked, number_of(0))


async def killed(plan: Plan, ground: Ground) -> Reckoning:
    """Everything, from the first start to the reckoning."""
    chance = random.Random(plan.seed)  # noqa: S311 - so that a run can be made again
    bank = Bank(chance=chance)
    async with serving(bank.routes()) as port:
        told = environment(ground, port)
        with house_of(told) as house:
            subjects = subjects_of(plan.enrolments)
            await asyncio.to_thread(_prepared, house, plan.customers, subjects)
            workers = Workers(environment=told, log=ground.log, count=plan.workers)
            street = Street(workers=workers, chance=chance)
            office = Office(workers=workers, chance=chance, fixtures=_FIXTURES, subjects=subjects)
            async with workers.running():
                await asyncio.gather(
                    street.busy(plan.callers), office.busy(), _kill(plan, street, office, chance)
                )
                await asyncio.sleep(_SETTLES_S)
            await asyncio.to_thread(_much_later, house)
            return await asyncio.to_thread(reckon, house, workers, street, bank, office)


async def _kill(plan: Plan, street: Street, office: Office, chance: random.Random) -> None:
    """Any worker at any moment, as long as another one answers; now and then it does not."""
    workers = street.workers
    while workers.kills < plan.kills:
        await workers.some_ready()
        await asyncio.sleep(chance.uniform(0.1, 2.5))
        ready = [worker for worker in workers.all if worker.is_ready] or workers.all
        workers.kill(chance.choice(ready))
    await workers.some_ready(plan.workers)
    street.is_over = office.is_over = True


@contextmanager
def house_of(told: Mapping[str, str]) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(name, value)
        house = House.from_environment()
        yield house
        house.close()


def _much_later(house: House) -> None:
    """Callers who fell silent between two turns are written down once nobody expects them."""
    calls = house.calls
    if not isinstance(calls, SharedSwitchboard):
        raise TypeError("The calls are not shared.")
    while calls.beat(datetime.now(UTC) + _MUCH_LATER):
        pass
    calls.close()


def _prepared(house: House, customers: int, subjects: list[SubjectId]) -> None:
    """Customers who can be recognised by their numbers, and people who agreed to be enrolled."""
    house.directory.put(tuple(map(_customer, range(customers))))
    said = Said(text="recognition-1", language="de", channel=Channel.PAPER)
    for subject in subjects:
        house.subjects.rights.grant(subject, Purpose.RECOGNITION, said, datetime.now(UTC))


def _customer(place: int) -> Entry:
    caller = Caller(
        customer_id=CustomerId(f"k-{place}"),
        subject=SubjectId(f"s-{place}"),
        name="Alex",
        language=Language.GERMAN,
    )
    return Entry(caller=caller, numbers=(PhoneNumber(e164=number_of(place)),))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=200)
    asked.add_argument("--callers", type=int, default=20)
    asked.add_argument("--workers", type=int, default=2)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--json", type=Path, help="write the figures there")
    asked.add_argument("--docs", action="store_true", help="write the table into docs/workers.md")
    told = asked.parse_args()
    plan = Plan(kills=told.kills, callers=told.callers, workers=told.workers, seed=told.seed)
    folder = Path(tempfile.mkdtemp(prefix="rufwerk-kill-"))
    with started() as server, postgres_on(server, "killing") as database:
        found = asyncio.run(killed(plan, Ground(folder=folder, database=database)))
    print(table(found))  # noqa: T201 - what it was asked for
    if told.json:
        told.json.write_text(json.dumps(found.told(), indent=2) + os.linesep, "utf-8")
    if told.docs:
        write_into(_PAGE, found)
    raise SystemExit(1 if found.faults else 0)


if __name__ == "__main__":
    main()
