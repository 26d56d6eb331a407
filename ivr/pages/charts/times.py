"""The field in which figures over time are drawn: its lines, names and what is told of a step."""

from collections.abc import Callable
from dataclasses import dataclass

from ivr.pages.charts.drawing import (
    NOTHING,
    About,
    Drawing,
    across,
    colour,
    element,
    picture,
    together,
)
from ivr.pages.charts.scale import Scale, scale_of, shown

HIGH = 168
"""Of the field that is drawn in, pixels."""

TOP, BELOW = 10, 26
"""Above the field, and beneath it where steps are named."""

WIDE = 1_000
"""Units across inside the field, which is stretched to the width there is."""

_MOST_LABELS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One series."""

    name: str
    values: tuple[float | None, ...]
    """One a step; None where there is no figure, which interrupts a line."""

    band: tuple[tuple[float, float] | None, ...] = ()
    """From the lower to the upper of what surrounds each value, such as quantiles."""

    colour: int | None = None
    """Which of the colours, from 0; None for the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A line across, such as a goal or a limit."""

    name: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """Series over the same steps of time."""

    about: About
    steps: tuple[str, ...]
    """How each step is called."""

    lines: tuple[Line, ...]
    written: Callable[[float], str]
    """How a value is written."""

    high: float | None = None
    """The upper end of the scale; None for a round figure above everything."""

    is_whole: bool = True
    """Values are counted, and so is what the lines across say."""

    unit: float = 1.0
    """Lines across are round in this, such as 60 for seconds that are written as minutes."""

    level: Level | None = None
    flagged: frozenset[int] = frozenset()
    """Steps with something to look at."""

    @property
    def has_key(self) -> bool:
        """Whether the series must be told apart."""
        return len(self.lines) > 1

    @property
    def places(self) -> range:
        """One a step."""
        return range(len(self.steps))


def colour_of(line: Line, place: int) -> str:
    """The class of a line's colour, at that place among the lines."""
    return colour(place if line.colour is None else line.colour)


def scale_for(times: Times, reached: list[float]) -> Scale:
    levels = [times.level.value] if times.level else []
    scale = scale_of(
        [value / times.unit for value in (*reached, *levels)],
        high=times.high,
        is_whole=times.is_whole,
    )
    return scale.times(times.unit)


def field(times: Times, scale: Scale, under: Drawing, over: Drawing) -> Drawing:
    """The picture itself, as wide as there is room; `over` lies above the lines."""
    inside = element(
        "svg",
        _flags(times),
        _grid(scale),
        under,
        over,
        _level(times, scale),
        _names_of_steps(times),
        _touched(times),
        y=TOP,
        width="100%",
        height=HIGH,
        overflow="visible",
    )
    return picture(times.about, inside, height=TOP + HIGH + BELOW)


def y_of(scale: Scale, value: float) -> float:
    return round((1 - scale.share(value)) * HIGH, 1)


def middle_of(step: int, steps: int) -> float:
    """The middle of a step, 0 to 1."""
    return (step + 0.5) / steps


def stretched(*inner: Drawing) -> Drawing:
    return element(
        "svg",
        *inner,
        viewBox=f"0 0 {WIDE} {HIGH}",
        preserveAspectRatio="none",
        width="100%",
        height=HIGH,
        overflow="visible",
    )


def _grid(scale: Scale) -> Drawing:
    return together(
        *(
            element(
                "line",
                class_="base" if tick == 0 else "grid",
                x1="0",
                x2="100%",
                y1=y_of(scale, tick),
                y2=y_of(scale, tick),
            )
            for tick in scale.ticks
        )
    )


def _names_of_steps(times: Times) -> Drawing:
    steps = len(times.steps)
    return together(
        *(
            element(
                "text",
                times.steps[step],
                class_="step" if place % 2 == 0 else "step spare",
                x=across(middle_of(step, steps)),
                y=HIGH + 18,
                text_anchor=_anchor(middle_of(step, steps)),
            )
            for place, step in enumerate(shown(times.steps, most=_MOST_LABELS))
        )
    )


def _anchor(share: float) -> str:
    return "start" if share < 0.06 else "end" if share > 0.94 else "middle"  # noqa: PLR2004 - edges


def _flags(times: Times) -> Drawing:
    steps = len(times.steps)
    return together(
        *(
            element(
                "rect",
                class_="flag",
                x=across(step / steps),
                width=across(1 / steps),
                y="0",
                height=HIGH,
            )
            for step in sorted(times.flagged)
        )
    )


def _touched(times: Times) -> Drawing:
    """What is told where somebody points: every figure of the step."""
    steps = len(times.steps)
    return together(
        *(
            element(
                "rect",
                element("title", _told(times, step)),
                class_="touch",
                x=across(step / steps),
                width=across(1 / steps),
                y="0",
                height=HIGH,
            )
            for step in times.places
        )
    )


def _told(times: Times, step: int) -> str:
    figures = [
        f"{line.name}: {times.written(value)}"
        for line in times.lines
        if (value := line.values[step]) is not None
    ]
    return "\n".join([times.steps[step], *figures])


def _level(times: Times, scale: Scale) -> Drawing:
    if times.level is None:
        return NOTHING
    y = y_of(scale, times.level.value)
    return together(
        element("line", class_="level", x1="0", x2="100%", y1=y, y2=y),
        element("text", times.level.name, class_="level", x="100%", y=y - 5, text_anchor="end"),
    )
