"""Figures over time as lines, with what surrounds them as bands."""

from collections.abc import Iterator, Sequence

from ivr.pages.charts.drawing import NOTHING, Drawing, across, element, together
from ivr.pages.charts.names import framed
from ivr.pages.charts.scale import Scale
from ivr.pages.charts.times import (
    WIDE,
    Line,
    Times,
    colour_of,
    middle_of,
    scale_for,
    stretched,
    y_of,
)


def drawn_lines(times: Times, *, is_filled: bool = False) -> Drawing:
    """Lines; `is_filled` also fills down to the bottom, for a single one."""
    reached = [value for line in times.lines for value in line.values if value is not None]
    reached += [edge for line in times.lines for pair in line.band if pair for edge in pair]
    scale = scale_for(times, reached)
    bands = [_band(line, index, scale) for index, line in enumerate(times.lines) if any(line.band)]
    areas = [_area(line, index, scale) for index, line in enumerate(times.lines) if is_filled]
    paths = [_path(line, index, scale) for index, line in enumerate(times.lines)]
    lone = [_lone(line, index, scale) for index, line in enumerate(times.lines)]
    ends = [_last(line.values) for line in times.lines]
    return framed(times, scale, stretched(*bands, *areas, *paths), together(*lone), ends)


def _runs(line: Line) -> Iterator[list[tuple[int, float]]]:
    """Steps and values without a gap."""
    run: list[tuple[int, float]] = []
    for step, value in enumerate(line.values):
        if value is None:
            if run:
                yield run
            run = []
        else:
            run.append((step, value))
    if run:
        yield run


def _point(step: int, value: float, steps: int, scale: Scale) -> str:
    return f"{middle_of(step, steps) * WIDE:.1f} {y_of(scale, value)}"


def _path(line: Line, index: int, scale: Scale) -> Drawing:
    steps = len(line.values)
    runs = [
        "M" + "L".join(_point(step, value, steps, scale) for step, value in run)
        for run in _runs(line)
        if len(run) > 1
    ]
    return (
        element("path", class_=f"line {colour_of(line, index)}", d="".join(runs))
        if runs
        else NOTHING
    )


def _lone(line: Line, index: int, scale: Scale) -> Drawing:
    """Figures without neighbours, which no line shows."""
    steps = len(line.values)
    return together(
        *(
            element(
                "circle",
                class_=f"fill {colour_of(line, index)}",
                cx=across(middle_of(run[0][0], steps)),
                cy=y_of(scale, run[0][1]),
                r=3,
            )
            for run in _runs(line)
            if len(run) == 1
        )
    )


def _area(line: Line, index: int, scale: Scale) -> Drawing:
    steps = len(line.values)
    bottom = y_of(scale, max(scale.low, 0.0))
    shapes = [
        f"M{middle_of(run[0][0], steps) * WIDE:.1f} {bottom}L"
        + "L".join(_point(step, value, steps, scale) for step, value in run)
        + f"L{middle_of(run[-1][0], steps) * WIDE:.1f} {bottom}Z"
        for run in _runs(line)
        if len(run) > 1
    ]
    return (
        element("path", class_=f"area {colour_of(line, index)}", d="".join(shapes))
        if shapes
        else NOTHING
    )


def _band(line: Line, index: int, scale: Scale) -> Drawing:
    steps = len(line.band)
    there = [(step, pair) for step, pair in enumerate(line.band) if pair is not None]
    upper = [_point(step, pair[1], steps, scale) for step, pair in there]
    lower = [_point(step, pair[0], steps, scale) for step, pair in reversed(there)]
    return element(
        "path", class_=f"band {colour_of(line, index)}", d="M" + "L".join([*upper, *lower]) + "Z"
    )


def _last(values: Sequence[float | None]) -> float | None:
    return next((value for value in reversed(values) if value is not None), None)
