"""What stands around a field: its figures before it, the names of its series behind it."""

from collections.abc import Sequence
from html import escape

from ivr.pages.charts.drawing import NOTHING, Drawing, element, short, together
from ivr.pages.charts.scale import Scale, spread
from ivr.pages.charts.times import BELOW, HIGH, TOP, Times, colour_of, field, y_of

_APART = 17
"""Between two names, pixels."""

_LETTER = 7
"""Width of a letter, about, pixels."""

_MOST_LETTERS = 22


def framed(
    times: Times, scale: Scale, under: Drawing, over: Drawing, ends: Sequence[float | None]
) -> Drawing:
    """A field with everything around it; `ends`: where each series is named.

    Where there is little room the names stand above it; the style sheet chooses.
    """
    inner = together(
        _key(times) if times.has_key else NOTHING,
        _figures(times, scale),
        field(times, scale, under, over),
        _ends(times, scale, ends) if times.has_key else NOTHING,
    )
    return Drawing(markup=f'<div class="framed">{inner}</div>')


def _figures(times: Times, scale: Scale) -> Drawing:
    written = [times.written(tick) for tick in scale.ticks]
    width = _LETTER * max((len(figure) for figure in written), default=0) + 8
    figures = (
        element(
            "text",
            figure,
            class_="tick",
            x=width - 8,
            y=TOP + y_of(scale, tick) + 4,
            text_anchor="end",
        )
        for tick, figure in zip(scale.ticks, written, strict=True)
    )
    return _beside("chart figures", width, *figures)


def _ends(times: Times, scale: Scale, ends: Sequence[float | None]) -> Drawing:
    wanted = [y_of(scale, 0 if end is None else end) for end in ends]
    places = spread(wanted, apart=_APART, low=6, high=HIGH - 4)
    names = [short(line.name, most=_MOST_LETTERS) for line in times.lines]
    shown = (
        element(
            "text", name, class_=f"end {colour_of(line, index)}", x=8, y=TOP + places[index] + 4
        )
        for index, (line, name) in enumerate(zip(times.lines, names, strict=True))
    )
    return _beside("chart ends", _LETTER * max(map(len, names)) + 12, *shown)


def _key(times: Times) -> Drawing:
    names = "".join(
        f'<li class="{colour_of(line, index)}">{escape(line.name)}</li>'
        for index, line in enumerate(times.lines)
    )
    return Drawing(markup=f'<ul class="key" aria-hidden="true">{names}</ul>')


def _beside(class_: str, width: float, *inner: Drawing) -> Drawing:
    return element(
        "svg", *inner, class_=class_, aria_hidden="true", width=width, height=TOP + HIGH + BELOW
    )
