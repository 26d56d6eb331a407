"""Disks, the clock and ports."""

import shutil
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from ivr.checkup.machine import WRITTEN_AT, Port, clock, disk, ports

NOW = datetime(2027, 5, 1, 12, tzinfo=UTC)


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.parametrize(
    ("free", "is_well", "is_fatal"),
    [(49_000_000, False, True), (51_000_000, False, False), (500_000_000, True, False)],
)
def test_a_disk_that_is_full_is_fatal_and_one_that_fills_up_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, free: int, is_well: bool, is_fatal: bool
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**10, 0, free))

    (finding,) = disk([tmp_path / "not" / "there", tmp_path])

    assert (finding.is_well, finding.is_fatal) == (is_well, is_fatal)
    assert str(tmp_path) in finding.found


def test_a_clock_before_this_version_is_fatal() -> None:
    (finding,) = clock(WRITTEN_AT - timedelta(seconds=1), None)

    assert finding.is_fatal
    assert finding.sentence.startswith("clock: 2026-11-25 23:59 UTC. It is before")


def test_a_clock_that_was_set_back_is_told() -> None:
    ahead = NOW + timedelta(hours=1)

    well, told = clock(NOW, ahead)

    assert well.is_well
    assert (told.is_well, told.is_fatal) == (False, False)
    assert "a call of 2027-05-01 13:00 UTC is known" in told.found


@pytest.mark.parametrize("newest", [None, NOW, NOW + timedelta(minutes=4)])
def test_a_clock_that_can_be_right_is_well(newest: datetime | None) -> None:
    assert [one.is_well for one in clock(NOW, newest)] == [True]


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize("is_udp", [False, True])
def test_a_port_that_somebody_listens_on_is_fatal(*, is_udp: bool) -> None:
    kind = socket.SOCK_DGRAM if is_udp else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as taken:
        taken.bind(("127.0.0.1", 0))
        if not is_udp:
            taken.listen()
        number = taken.getsockname()[1]
        port = Port(what="IVR_PORT", host="127.0.0.1", number=number, is_udp=is_udp)
        (finding,) = ports([port])

    assert finding.is_fatal
    assert finding.remedy == "Stop what listens there, or give IVR_PORT another port."
    (free,) = ports([port])
    assert free.is_well


@pytest.mark.enable_socket
def test_a_port_that_is_not_asked_for_is_not_looked_at() -> None:
    assert list(ports([Port(what="--port", host="127.0.0.1", number=0)])) == []
