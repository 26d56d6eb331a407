"""People who may no longer be in a folder: neither kept by what is written late, nor left there."""

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from dataclasses import dataclass

from ivr.bulk.crew import Made
from ivr.bulk.folder import Folder
from ivr.bulk.row import TAKEN_OUT, Row

IsGone = Callable[[str], bool]
"""Whether a subject was erased, has refused or no longer agrees."""

Taking = Callable[[AbstractSet[str]], AbstractContextManager[None]]
"""Writes down that subjects are taken out, before they are; raises where it cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOut:
    """What was done to a folder."""

    rows: int = 0
    shards: int = 0
    """Those that were written anew."""

    damaged: int = 0
    """Shards that do not open, so that nobody can be taken out of them."""


def write_without(folder: Folder, made: Made, is_gone: IsGone) -> tuple[Row, ...]:
    """Write a shard without those who are gone by now; what it holds.

    Asked and written with nobody else in between, so that whoever takes people out after this
    finds the shard, and before this has made the answer another one.
    """
    with folder.alone():
        rows = _without(made.rows, _gone(made.rows, is_gone))
        folder.write(made.number, rows)
    return rows


def take_out(folder: Folder, is_gone: IsGone, taking: Taking) -> TakenOut:
    """Write those shards anew that hold somebody who is gone; numbers of rows stay.

    Raises:
        BadBulkFolder: the folder was destroyed meanwhile.
        DiskReadOnly: it cannot be read or written to; shards that were finished stay so.
    """
    with folder.alone():
        numbers = folder.numbers()
    done = [_taken_out(folder, number, is_gone, taking) for number in numbers]
    return TakenOut(
        rows=sum(one.rows for one in done),
        shards=sum(one.shards for one in done),
        damaged=sum(one.damaged for one in done),
    )


def _taken_out(folder: Folder, number: int, is_gone: IsGone, taking: Taking) -> TakenOut:
    rows = folder.read(number)
    if rows is None:
        return TakenOut(damaged=1)
    gone = _gone(rows, is_gone)
    if not gone:
        return TakenOut()
    with folder.alone():
        # Asking took time: a run that encodes may have written the shard anew.
        rows = folder.read(number)
        if rows is None:
            return TakenOut(damaged=1)
        with taking(gone):
            folder.write(number, _without(rows, gone))
    return TakenOut(rows=sum(row.subject in gone for row in rows), shards=1)


def _gone(rows: Iterable[Row], is_gone: IsGone) -> frozenset[str]:
    return frozenset(name for name in {row.subject for row in rows} if name and is_gone(name))


def _without(rows: Sequence[Row], gone: AbstractSet[str]) -> tuple[Row, ...]:
    return tuple(Row(code=TAKEN_OUT) if row.subject in gone else row for row in rows)
