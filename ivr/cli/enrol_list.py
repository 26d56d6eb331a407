"""`ivr enrol --csv`: everybody on a list, with a bar, a report and a way to go on later."""

import csv
import os
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import typer

from biometrics import Codec
from ivr.cli.counting import Counting
from ivr.errors import DiskReadOnly
from ivr.pages.tables import harmless
from ivr.verify.enrol_many import Done, Entry, Outcome, enrol_many
from ivr.verify.enrolment_list import read_enrolment_list

_COLUMNS = ("subject", "outcome", "code", "reason", "recordings", "net_speech_ms", "warnings")


def enrol_list(path: Path, report: Path, codec: Codec) -> None:
    """Enrol everybody on the list; who was enrolled from the same files before is skipped."""
    from ivr.wiring import House

    wanted = read_enrolment_list(path)
    done = Done(report.with_name(report.name + ".progress"))
    house = House.from_environment().many_room(lambda: datetime.now(UTC))
    counted: Counter[Outcome] = Counter()
    with _opened(report) as file, Counting("Enrolling") as tell:
        table = csv.writer(file)
        table.writerow(_COLUMNS)
        tell(0, len(wanted))
        for number, entry in enumerate(enrol_many(wanted, house, done, codec=codec), start=1):
            table.writerow(map(harmless, _cells(entry)))
            # What was done until an interruption can be read after it.
            file.flush()
            counted[entry.outcome] += 1
            tell(number, len(wanted))
    told = ", ".join(f"{outcome.value}: {counted[outcome]}" for outcome in Outcome)
    typer.echo(f"{told.capitalize()}. The report is {report}.")
    if counted[Outcome.REFUSED]:
        raise typer.Exit(1)


def _opened(report: Path) -> TextIO:
    """For its owner alone: it says who sounds like whom."""
    try:
        handle = os.open(report, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as err:
        raise DiskReadOnly(f"{report} cannot be written.") from err
    return os.fdopen(handle, "w", encoding="utf-8", newline="")


def _cells(entry: Entry) -> tuple[str | int, ...]:
    return (
        entry.subject,
        entry.outcome.value,
        entry.code,
        entry.reason,
        entry.recordings,
        entry.net_speech_ms,
        " ".join(entry.warnings),
    )
