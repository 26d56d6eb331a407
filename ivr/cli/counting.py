"""Bars that are told how many of how many are done."""

from collections.abc import Callable
from types import TracebackType

from rich.console import Console
from rich.progress import MofNCompleteColumn, Progress, TimeRemainingColumn


class Counting:
    """Shown on the terminal's error stream for as long as the block runs."""

    def __init__(self, title: str) -> None:
        self._progress = Progress(
            *Progress.get_default_columns()[:2],
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._progress.add_task(title, total=None)

    def __enter__(self) -> Callable[[int, int], None]:
        self._progress.start()
        return lambda done, total: self._progress.update(self._task, completed=done, total=total)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()


class Stages:
    """The same for work of several stages: each has its bar while it lasts."""

    def __init__(self, title: str) -> None:
        self._bar = Counting(title)
        self._title = title

    def __enter__(self) -> Callable[[str, int, int], None]:
        self._count = self._bar.__enter__()
        return self._tell

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.__exit__(kind, problem, trace)

    def _tell(self, what: str, done: int, total: int) -> None:
        if what != self._title:
            self._bar.__exit__(None, None, None)
            self._title, self._bar = what, Counting(what)
            self._count = self._bar.__enter__()
        self._count(done, total)
