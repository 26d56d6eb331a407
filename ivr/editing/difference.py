"""What is different between two texts, line by line, as a page shows it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum

_AROUND = 3
"""Lines that stayed are shown so far around a change."""


class Fate(StrEnum):
    """What became of a line."""

    STAYED = "stayed"
    ADDED = "added"
    REMOVED = "removed"
    LEFT_OUT = "left_out"
    """Stands for lines that stayed and are not shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffLine:
    """One line of either text."""

    fate: Fate
    text: str = field(default="", repr=False)
    before: int | None = None
    """Its number in the old text, from 1."""

    after: int | None = None
    """Its number in the new one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Everything that is different."""

    lines: tuple[DiffLine, ...]

    @property
    def added(self) -> int:
        return sum(line.fate is Fate.ADDED for line in self.lines)

    @property
    def removed(self) -> int:
        return sum(line.fate is Fate.REMOVED for line in self.lines)


def difference(before: str, after: str) -> Difference:
    """Nothing at all where the texts are the same."""
    old, new = before.splitlines(), after.splitlines()
    groups = SequenceMatcher(a=old, b=new, autojunk=False).get_grouped_opcodes(_AROUND)
    lines: list[DiffLine] = []
    for group in groups:
        if group[0][1] > 0:
            lines.append(DiffLine(fate=Fate.LEFT_OUT))
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                lines += _stayed(old, range(old_from, old_to), new_from)
            else:
                lines += _gone(old, range(old_from, old_to))
                lines += _come(new, range(new_from, new_to))
    return Difference(lines=tuple(lines))


def _stayed(old: Sequence[str], numbers: range, new_from: int) -> Iterator[DiffLine]:
    for offset, number in enumerate(numbers):
        yield DiffLine(
            fate=Fate.STAYED, text=old[number], before=number + 1, after=new_from + offset + 1
        )


def _gone(old: Sequence[str], numbers: range) -> Iterator[DiffLine]:
    for number in numbers:
        yield DiffLine(fate=Fate.REMOVED, text=old[number], before=number + 1)


def _come(new: Sequence[str], numbers: range) -> Iterator[DiffLine]:
    for number in numbers:
        yield DiffLine(fate=Fate.ADDED, text=new[number], after=number + 1)
