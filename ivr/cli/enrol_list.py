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


def enrol_list(path: Path, report: Path, codec: Codec, encoded: Path | None = None) -> None:
    """Enrol everybody on the list; who was enrolled from the same files before is skipped.

    What was `encoded` beforehand is not heard again; it is judged all the same.
    """
    from ivr.wiring import House
    from ivr.wiring.bulk import Bulk

    wanted = read_enrolment_list(path)
    done = Done(report.with_name(report.name + ".progress"))
    whole = House.from_environment()
    house = whole.many_room(lambda: datetime.now(UTC))
    if encoded is not None:
        house = Bulk(whole).many_room(house, encoded, codec)
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
