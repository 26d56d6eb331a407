"""Real workers are killed while callers talk to them: nobody is lost, and nothing is done twice."""

import asyncio
from pathlib import Path

import pytest

from ivr.wiring import House

from .killing.kill import Plan, killed

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


def test_workers_that_are_killed_lose_nobody(house: House, postgres: str, tmp_path: Path) -> None:
    """Six of them; `scripts/kill-workers` kills two hundred."""
    del house  # it has skipped where models are missing
    plan = Plan(kills=6, callers=20, enrolments=20, customers=400)

    found = asyncio.run(killed(plan, tmp_path, postgres))

    assert found.faults == ()
    assert found.kills == 6
    assert found.interrupted > 0
    assert (
        found.interrupted
        == found.interrupted_served + found.interrupted_queued + found.interrupted_gone
    )
    assert found.enrolled > 0
