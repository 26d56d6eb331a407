"""Real workers are killed while callers talk to them: nobody is lost, and nothing is done twice."""

import asyncio
from pathlib import Path

import pytest

from ivr.wiring import House

from .killing.kill import Ground, Plan, killed, line_lost

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


@pytest.fixture
def ground(house: House, postgres: str, tmp_path: Path) -> Ground:
    """With the prompts that the house has spoken; it has skipped where models are missing."""
    return Ground(folder=tmp_path, database=postgres, home=house.settings.home)


def test_workers_that_are_killed_lose_nobody(ground: Ground) -> None:
    """Six of them; `scripts/kill-workers` kills two hundred."""
    plan = Plan(kills=6, callers=20, enrolments=20, customers=400)

    found = asyncio.run(killed(plan, ground))

    assert found.faults == ()
    assert found.kills == 6
    assert found.interrupted > 0
    assert (
        found.interrupted
        == found.interrupted_served + found.interrupted_queued + found.interrupted_gone
    )
    assert found.enrolled > 0


def test_a_line_that_breaks_with_its_worker_leads_to_a_person_who_knows_the_call(
    ground: Ground,
) -> None:
    broken = asyncio.run(line_lost(ground))

    assert broken.told["action"] == "queue"
    assert broken.context["customer"]["id"] == "k-0"
    assert len(broken.context["said"]) == 2
    assert broken.context["reasons"] == ["a worker was lost -> queue agents"]
