"""Figures over time as columns, series standing on each other."""

from ivr.pages.charts.drawing import NOTHING, Drawing, across, element, together
from ivr.pages.charts.names import framed
from ivr.pages.charts.scale import Scale
from ivr.pages.charts.times import Times, colour_of, scale_for, y_of

_COLUMN = 0.72
"""Of a step's width; the rest is the gap."""


def drawn_columns(times: Times) -> Drawing:
    """Columns, the first series at the bottom."""
    totals = [sum(line.values[step] or 0 for line in times.lines) for step in times.places]
    scale = scale_for(times, totals)
    columns = together(*(_column(times, step, scale) for step in times.places))
    return framed(times, scale, columns, NOTHING, _middles(times))


def _column(times: Times, step: int, scale: Scale) -> Drawing:
    steps, pieces, below = len(times.steps), [], 0.0
    for index, line in enumerate(times.lines):
        value = line.values[step] or 0
        top, bottom = y_of(scale, below + value), y_of(scale, below)
        below += value
        if bottom > top:
            pieces.append(
                element(
                    "rect",
                    class_=f"fill {colour_of(line, index)}",
                    x=across((step + (1 - _COLUMN) / 2) / steps),
                    width=across(_COLUMN / steps),
                    y=top,
                    height=bottom - top,
                )
            )
    return together(*pieces)


def _middles(times: Times) -> list[float | None]:
    """Of the pieces of the last column that has any."""
    last = next((s for s in reversed(times.places) if any(one.values[s] for one in times.lines)), 0)
    middles: list[float | None] = []
    below = 0.0
    for line in times.lines:
        value = (line.values[last] or 0) if times.steps else 0
        middles.append(below + value / 2)
        below += value
    return middles
