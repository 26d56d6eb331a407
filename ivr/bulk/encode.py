"""A list of recordings encoded into a folder, shard by shard; what is there is not made again."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from ivr.bulk.crew import Crew, Job
from ivr.bulk.folder import Folder
from ivr.bulk.gone import IsGone, write_without
from ivr.bulk.row import Line, Row


@dataclass(slots=True, kw_only=True)
class Figures:
    """What became of a list; only these are held of it."""

    rows: int = 0
    found: int = 0
    """Rows of shards that were there."""

    made: int = 0
    made_audio_ms: int = 0
    codes: Counter[str] = field(default_factory=Counter)
    """Rows that are not fit to be enrolled, by why."""

    def add(self, rows: Sequence[Row], *, is_new: bool) -> None:
        self.rows += len(rows)
        self.codes.update(row.code for row in rows if row.code)
        if is_new:
            self.made += len(rows)
            self.made_audio_ms += sum(row.heard.audio_ms for row in rows if row.heard)
        else:
            self.found += len(rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How what is heard is kept."""

    shard_rows: int
    """Recordings in a shard."""

    is_gone: IsGone
    """Asked when a shard is written: hearing it takes time, in which people may be erased."""


def encode(
    lines: Iterable[Line],
    folder: Folder,
    crew: Crew,
    keeping: Keeping,
    *,
    told: Callable[[Figures], None],
) -> Figures:
    """Make the shards that are missing or damaged.

    Raises:
        BadBulkFolder: the folder was destroyed meanwhile.
        DiskReadOnly: the folder cannot be written to; finished shards stay.
        WorkerLost: a worker process has ended; likewise.
    """
    figures = Figures()

    def missing() -> Iterator[Job]:
        for number, batch in enumerate(_batches(iter(lines), keeping.shard_rows)):
            rows = folder.read(number)
            if rows is None:
                yield Job(number=number, lines=batch)
            else:
                figures.add(rows, is_new=False)
                told(figures)

    for made in crew(missing()):
        figures.add(write_without(folder, made, keeping.is_gone), is_new=True)
        told(figures)
    return figures


def _batches(lines: Iterator[Line], size: int) -> Iterator[tuple[Line, ...]]:
    while batch := tuple(islice(lines, size)):
        yield batch
