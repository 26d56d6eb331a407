"""The machine: room on its disks, its clock, and the ports that are to be listened on."""

import shutil
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from ivr.checkup.finding import Finding

LEAST_FREE_BYTES = 500_000_000
"""Room for the default recogniser and for what calls leave behind."""

_NEXT_TO_NOTHING_BYTES = 50_000_000
"""With less, the database may not be able to finish what it begins."""

WRITTEN_AT = datetime(2026, 11, 26, tzinfo=UTC)
"""When this version was made. No clock that is right tells an earlier time."""

_AHEAD = timedelta(minutes=5)
"""So far the clocks of several machines may be apart."""


def disk(folders: Iterable[Path]) -> Iterator[Finding]:
    """Room where something is written; a folder that is not there yet counts as its parent."""
    found = {_existing(folder.absolute()) for folder in folders}
    for folder in sorted(found):
        free_bytes = shutil.disk_usage(folder).free
        yield Finding(
            what="free disk space",
            found=f"{free_bytes / 10**9:.1f} GB in {folder}",
            is_well=free_bytes >= LEAST_FREE_BYTES,
            is_required=free_bytes < _NEXT_TO_NOTHING_BYTES,
            remedy="Make room, or choose a folder on another disk.",
        )


def _existing(folder: Path) -> Path:
    return next(path for path in (folder, *folder.parents) if path.exists())


def clock(now: datetime, newest: datetime | None) -> Iterator[Finding]:
    """Whether the time can be right, by this version and by the newest call that is known."""
    told = f"{now.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    yield Finding(
        what="clock",
        found=told,
        is_well=now >= WRITTEN_AT,
        remedy="It is before this version was made; set the clock (chronyd, timedatectl).",
    )
    if newest is not None and newest > now + _AHEAD:
        yield Finding(
            what="clock",
            found=f"{told}, but a call of {newest.astimezone(UTC):%Y-%m-%d %H:%M} UTC is known",
            is_well=False,
            is_required=False,
            remedy="It was set back, or was ahead before: locks and waiting times may be wrong.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """Something is to listen there; 0 is any."""

    what: str
    host: str
    number: int
    is_udp: bool = False


def ports(wanted: Iterable[Port]) -> Iterator[Finding]:
    """Those that nobody else listens on."""
    for port in wanted:
        if port.number:
            yield _port(port)


def _port(port: Port) -> Finding:
    kind = "UDP" if port.is_udp else "TCP"
    found = Finding(what=f"{kind} port {port.number} of {port.host}", found="free")
    try:
        _listen(port)
    except OSError as err:
        return Finding(
            what=found.what,
            found=f"cannot be listened on ({err.strerror})",
            is_well=False,
            remedy=f"Stop what listens there, or give {port.what} another port.",
        )
    return found


def _listen(port: Port) -> None:
    kind = socket.SOCK_DGRAM if port.is_udp else socket.SOCK_STREAM
    family, *_, address = socket.getaddrinfo(port.host, port.number, type=kind)[0]
    with socket.socket(family, kind) as one:
        # As the servers do, so that what has just ended is not in the way.
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, not port.is_udp)
        one.bind(address)
