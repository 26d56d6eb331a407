"""Who the speakers are, as far as error rates should be told apart: sex and age."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from biometrics.errors import BadPeople

AGE_GROUPS = ((0, 11), (12, 17), (18, 39), (40, 64), (65, 120))
"""First and last age of each group, in years. Before twelve a voice is a child's, and from 65 on
it grows rough."""

_SEXES = frozenset({"f", "m", "d"})


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of one speaker."""

    age: int | None
    sex: str
    """f, m or d; empty where it is not known."""

    @property
    def age_group(self) -> str:
        """As it is shown; empty where the age is not known."""
        age = self.age
        if age is None:
            return ""
        return next((f"{low}-{high}" for low, high in AGE_GROUPS if low <= age <= high), "")


def read_people(file: Path) -> Mapping[str, About]:
    """Speakers by the names of their folders, from a CSV with the columns speaker, age and sex.

    Raises:
        BadPeople: the file cannot be read, or a line is none; says which.
    """
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines)
            if not {"speaker", "age", "sex"} <= set(rows.fieldnames or ()):
                raise BadPeople(f"{file.name}: must have the columns speaker, age and sex.")
            return {
                row["speaker"]: _about(row, f"{file.name}, line {number}")
                for number, row in enumerate(rows, start=2)
            }
    except (OSError, UnicodeDecodeError, csv.Error) as err:
        raise BadPeople("The list of speakers is missing or unreadable.") from err


def _about(row: Mapping[str, str | None], where: str) -> About:
    age, sex = (row["age"] or "").strip(), (row["sex"] or "").strip().lower()
    if not row["speaker"] or (age and not age.isdecimal()) or (sex and sex not in _SEXES):
        raise BadPeople(f"{where}: must be a speaker, an age in years, and f, m or d.")
    return About(age=int(age) if age else None, sex=sex)
