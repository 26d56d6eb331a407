"""How far a pull is, for whoever waits at a terminal."""

from types import TracebackType
from typing import Self

from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)


class Bars:
    """A pull's progress: one bar, made anew for each step; a running light where no size is known.

    Implements `ivr.models.Progress`.
    """

    def __init__(self, title: str) -> None:
        self._bars = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TimeRemainingColumn(),
            transient=True,
        )
        self._task = self._bars.add_task(title, total=None)

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bars.stop()

    def step(self, what: str, total_bytes: int | None) -> None:
        self._bars.remove_task(self._task)
        self._task = self._bars.add_task(what, total=total_bytes)

    def reached(self, done_bytes: int) -> None:
        self._bars.update(self._task, completed=done_bytes)
