"""How much of an enrolment's speech is there, while recordings are listened to."""

from collections.abc import Callable, Sequence
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from biometrics import Meter


class Metering:
    """A bar for each take, on the terminal's error stream: the speech there is after it."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._meter: Meter | None = None
        self._place_of: dict[int, int] = {}
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TextColumn("{task.fields[told]}", markup=False),
            console=Console(stderr=True),
            transient=True,
        )

    def __enter__(self) -> Callable[[int, Meter], None]:
        self._progress.start()
        self._waiting = self._progress.add_task("Listening", total=None, told="")
        return self._tell

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    @property
    def lines(self) -> list[str]:
        """What became of each recording, by its name, and what is still needed."""
        if self._meter is None:
            return []
        told = [self._line(number) for number in sorted(self._place_of)]
        done = f"{self._meter.net_speech_ms / 1000:.1f} of {self._meter.needed_ms / 1000:.1f} s"
        return [*told, f"{self._meter.percent} %, {done} of speech. {self._meter.next}"]

    def _tell(self, number: int, meter: Meter) -> None:
        before = len(self._meter.takes) if self._meter else 0
        self._meter = meter
        # A recording that was there before adds no take.
        self._place_of[number] = len(meter.takes) if len(meter.takes) > before else 0
        self._progress.update(self._waiting, visible=number < len(self._names))
        self._progress.add_task(
            self._names[number - 1],
            total=meter.needed_ms,
            completed=min(meter.net_speech_ms, meter.needed_ms),
            told=f"{meter.net_speech_ms / 1000:.1f} / {meter.needed_ms / 1000:.1f} s",
        )

    def _line(self, number: int) -> str:
        name, place = self._names[number - 1], self._place_of[number]
        if not place or self._meter is None:
            return f"{name}: the same recording again, which tells nothing more."
        mark = self._meter.takes[place - 1]
        heard = f"{name}: {mark.net_speech_ms / 1000:.1f} s"
        heard += " as over a telephone" if mark.is_narrowed else ""
        return f"{heard}." if mark.counts else f"{heard}, not used. {mark.told}"
