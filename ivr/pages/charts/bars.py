"""Figures beside each other: bars, one bar of shares, a histogram and a line as small as a word."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ivr.pages.charts.drawing import (
    NOTHING,
    About,
    Drawing,
    across,
    colour,
    element,
    picture,
    short,
    together,
)
from ivr.pages.charts.scale import scale_of

_ROW = 34
"""Of a bar with its name above it, pixels."""

_THICK = 10
_MOST_LETTERS = 36
"""So that a name leaves room for its figure on a telephone."""

_HIGH = 120
_SMALL = 28
_WIDE = 1_000
_GAP = 0.004
"""Between parts of one bar, of its width."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One figure and its name."""

    name: str
    value: float
    colour: int = 0
    """Which of the colours; the first unless they tell something apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """Figures of the same kind."""

    about: About
    bars: tuple[Bar, ...]
    written: Callable[[float], str]
    high: float | None = None
    """What a whole bar stands for; None for the greatest value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """How often values fall between edges."""

    about: About
    edges: tuple[float, ...]
    """One more than counts, rising."""

    counts: tuple[int, ...]
    written: Callable[[float], str]
    """How an edge is written."""

    limit: float | None = None
    """A value where something begins, such as a threshold."""

    limit_name: str = ""


def drawn_bars(bars: Bars) -> Drawing:
    """One under the other, each with its name and its figure above it."""
    whole = bars.high or max((bar.value for bar in bars.bars), default=0) or 1
    rows = (_bar(bar, place, whole, bars.written) for place, bar in enumerate(bars.bars))
    return picture(bars.about, *rows, height=max(_ROW * len(bars.bars), 1))


def drawn_shares(bars: Bars) -> Drawing:
    """One bar of all parts, and beneath it what each is."""
    whole = sum(bar.value for bar in bars.bars) or 1
    pieces, begin = [], 0.0
    for bar in bars.bars:
        width = bar.value / whole
        if width:
            pieces.append(
                element(
                    "rect",
                    element("title", f"{bar.name}: {bars.written(bar.value)}"),
                    class_=f"fill {colour(bar.colour)}",
                    x=across(begin),
                    y=0,
                    width=across(max(width - _GAP, _GAP)),
                    height=2 * _THICK,
                )
            )
        begin += width
    return picture(bars.about, *pieces, height=2 * _THICK, class_="chart shares")


def drawn_histogram(histogram: Histogram) -> Drawing:
    """Columns from edge to edge, and the limit as a line through them."""
    edges = histogram.edges
    scale = scale_of([float(count) for count in histogram.counts])

    def place(value: float) -> float:
        return min(max((value - edges[0]) / (edges[-1] - edges[0]), 0.0), 1.0)

    columns = (
        element(
            "rect",
            element("title", _between(histogram, index)),
            class_="fill c1" if _is_above(histogram, index) else "fill c6",
            x=across(place(edges[index])),
            width=across(max(place(edges[index + 1]) - place(edges[index]) - _GAP / 2, _GAP)),
            y=18 + _HIGH * (1 - scale.share(count)),
            height=_HIGH * scale.share(count),
        )
        for index, count in enumerate(histogram.counts)
    )
    names = (
        element(
            "text",
            histogram.written(edges[index]),
            class_="step",
            x=across(place(edges[index])),
            y=_HIGH + 36,
            text_anchor=anchor,
        )
        for index, anchor in ((0, "start"), (len(edges) // 2, "middle"), (len(edges) - 1, "end"))
    )
    base = element("line", class_="base", x1="0", x2="100%", y1=18 + _HIGH, y2=18 + _HIGH)
    limit = _limit(histogram, place)
    return picture(histogram.about, *columns, base, limit, *names, height=_HIGH + 44)


def drawn_spark(about: About, values: Sequence[float], *, is_flagged: bool = False) -> Drawing:
    """A line without axes, for a row of a table; a dot where it ends."""
    scale = scale_of(values)
    steps = max(len(values) - 1, 1)
    points = [
        f"{step / steps * _WIDE:.1f} {(1 - scale.share(value)) * (_SMALL - 6) + 3:.1f}"
        for step, value in enumerate(values)
    ]
    kind = "c2" if is_flagged else "c1"
    if not points:
        return picture(about, height=_SMALL, class_="chart spark")
    shapes = element(
        "svg",
        element("path", class_=f"area {kind}", d=f"M0 {_SMALL}L" + "L".join(points) + _closing()),
        element("path", class_=f"line {kind}", d="M" + "L".join(points)),
        viewBox=f"0 0 {_WIDE} {_SMALL}",
        preserveAspectRatio="none",
        width="100%",
        height=_SMALL,
    )
    return picture(about, shapes, height=_SMALL, class_="chart spark")


def _closing() -> str:
    return f"L{_WIDE} {_SMALL}Z"


def _bar(bar: Bar, place: int, whole: float, written: Callable[[float], str]) -> Drawing:
    top = _ROW * place
    return together(
        element("text", short(bar.name, most=_MOST_LETTERS), class_="name", x="0", y=top + 13),
        element(
            "text", written(bar.value), class_="figure", x="100%", y=top + 13, text_anchor="end"
        ),
        element("rect", class_="track", x="0", y=top + 19, width="100%", height=_THICK, rx=3),
        element(
            "rect",
            class_=f"fill {colour(bar.colour)}",
            x="0",
            y=top + 19,
            width=across(min(bar.value / whole, 1.0)),
            height=_THICK,
            rx=3,
        ),
    )


def _between(histogram: Histogram, index: int) -> str:
    low, high = histogram.edges[index], histogram.edges[index + 1]
    count = histogram.counts[index]
    return f"{histogram.written(low)} - {histogram.written(high)}: {count}"


def _is_above(histogram: Histogram, index: int) -> bool:
    return histogram.limit is None or histogram.edges[index] >= histogram.limit


def _limit(histogram: Histogram, place: Callable[[float], float]) -> Drawing:
    if histogram.limit is None:
        return NOTHING
    share = place(histogram.limit)
    x, anchor = across(share), "end" if share > 0.5 else "start"  # noqa: PLR2004 - the middle
    return together(
        element("line", class_="level", x1=x, x2=x, y1=0, y2=18 + _HIGH),
        element(
            "text",
            histogram.limit_name,
            class_="level",
            x=x,
            y=11,
            dx=4 if anchor == "start" else -4,
            text_anchor=anchor,
        ),
    )
