"""Trial lists as files, so that others can measure on the same trials.

A line is: enrolment recordings with commas between them, a tab, the test recording, a tab, and
`target` or `impostor`. Paths are relative to the file.
"""

import os
from pathlib import Path

import numpy as np

from biometrics.errors import BadTrialList
from biometrics.evaluation.lists import TrialList
from biometrics.labelled import Labelled

_LABELS = {"target": True, "impostor": False}
_SEPARATORS = (",", "\t", "\n", "\r")


def write_trials(trials: TrialList, file: Path) -> None:
    """Keep the list in `file`.

    Raises:
        BadTrialList: a recording's name holds a comma, tab or line end, or the disk refuses.
    """
    names = [os.path.relpath(entry.file, file.parent) for entry in trials.recordings]
    if any(separator in name for name in names for separator in _SEPARATORS):
        raise BadTrialList("A recording's name holds a comma, a tab or a line end; rename it.")
    enrolments = [",".join(names[place] for place in places) for places in trials.enrolments]
    columns = zip(trials.enrolled, trials.tested, trials.is_target, strict=True)
    lines = (
        f"{enrolments[enrolled]}\t{names[tested]}\t{'target' if is_target else 'impostor'}\n"
        for enrolled, tested, is_target in columns
    )
    try:
        with file.open("w", encoding="utf-8") as out:
            out.writelines(lines)
    except OSError as err:
        raise BadTrialList("The trial list cannot be written; check its folder.") from err


def read_trials(file: Path, folder: Path) -> TrialList:
    """The list in `file`, of recordings in `folder`, which holds one folder a person.

    Raises:
        BadTrialList: the file cannot be read, or a line is none; says which.
    """
    reading = _Reading(file.parent, folder)
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    reading.add(line.rstrip("\r\n"), f"{file.name}, line {number}")
    except (OSError, UnicodeDecodeError) as err:
        raise BadTrialList("The trial list is missing or unreadable.") from err
    return reading.finished()


class _Reading:
    """A list while it is read: recordings and enrolments are known by their first mention."""

    def __init__(self, base: Path, folder: Path) -> None:
        self._base, self._folder = base, Path(os.path.normpath(folder.absolute()))
        self._places: dict[str, int] = {}
        self._entries: list[Labelled] = []
        self._enrolments: dict[tuple[int, ...], int] = {}
        self._trials: list[tuple[int, int, bool]] = []

    def add(self, line: str, where: str) -> None:
        parts = line.split("\t")
        if len(parts) != 3 or parts[2] not in _LABELS:  # noqa: PLR2004 - the format's columns
            raise BadTrialList(
                f"{where}: must be recordings, a tab, a recording, a tab, and target or impostor."
            )
        enrolment = tuple(self._place(name, where) for name in parts[0].split(","))
        tested = self._place(parts[1], where)
        owners = {self._person(place) for place in enrolment}
        is_target = _LABELS[parts[2]]
        if len(owners) > 1:
            raise BadTrialList(f"{where}: an enrolment holds recordings of two persons.")
        if tested in enrolment:
            raise BadTrialList(f"{where}: a recording is tested against itself.")
        if is_target != (self._person(tested) in owners):
            raise BadTrialList(f"{where}: says {parts[2]}, but the folders say otherwise.")
        enrolled = self._enrolments.setdefault(enrolment, len(self._enrolments))
        self._trials.append((enrolled, tested, is_target))

    def finished(self) -> TrialList:
        if not self._trials:
            raise BadTrialList("The trial list is empty.")
        enrolled, tested, is_target = zip(*self._trials, strict=True)
        return TrialList(
            recordings=tuple(self._entries),
            enrolments=tuple(self._enrolments),
            enrolled=np.array(enrolled),
            tested=np.array(tested),
            is_target=np.array(is_target),
        )

    def _place(self, name: str, where: str) -> int:
        if name not in self._places:
            # Not resolved: a folder of links is a folder of recordings.
            file = Path(os.path.normpath(self._base.absolute() / name))
            if not file.is_relative_to(self._folder):
                raise BadTrialList(f"{where}: a recording lies outside the folder of recordings.")
            inside = file.relative_to(self._folder).parts
            if len(inside) < 2:  # noqa: PLR2004 - a person's folder and a file
                raise BadTrialList(f"{where}: a recording lies in no person's folder.")
            self._places[name] = len(self._entries)
            self._entries.append(Labelled(person=f"{self._folder}/{inside[0]}", file=file))
        return self._places[name]

    def _person(self, place: int) -> str:
        return self._entries[place].person
