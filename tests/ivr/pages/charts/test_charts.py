"""Pictures are well-formed SVG, say what they show, and hold no style, script or stranger's tag."""

from collections.abc import Callable
from xml.etree.ElementTree import Element, fromstring

import pytest

from ivr.pages.charts.bars import (
    Bar,
    Bars,
    Histogram,
    drawn_bars,
    drawn_histogram,
    drawn_shares,
    drawn_spark,
)
from ivr.pages.charts.columns import drawn_columns
from ivr.pages.charts.drawing import About, Drawing, element
from ivr.pages.charts.lines import drawn_lines
from ivr.pages.charts.scale import round_step, scale_of, shown, spread
from ivr.pages.charts.times import Level, Line, Times

SPACE = ' xmlns="http://www.w3.org/2000/svg"'
EVIL = '<script>alert(1)</script>" onload="alert(2)'
ABOUT = About(id="calls", title="Calls", text="Calls a day.")
TIMES = Times(
    about=ABOUT,
    steps=("Mon", "Tue", "Wed", "Thu"),
    lines=(
        Line(name="served", values=(3, 5, 4, 8), band=((1, 4), (4, 6), None, (6, 9))),
        Line(name="handed over", values=(1, None, 2, None)),
    ),
    written=lambda value: f"{value:.0f}",
    level=Level(name="goal", value=6),
    flagged=frozenset({2}),
)
BARS = Bars(
    about=ABOUT,
    bars=(Bar(name="agents", value=12), Bar(name=EVIL, value=3, colour=1)),
    written=lambda value: f"{value:.0f}",
)
HISTOGRAM = Histogram(
    about=ABOUT,
    edges=(-2, 0, 2, 4),
    counts=(1, 6, 3),
    written=lambda value: f"{value:.0f}",
    limit=2,
    limit_name=EVIL,
)
PICTURES: dict[str, Callable[[], Drawing]] = {
    "lines": lambda: drawn_lines(TIMES),
    "columns": lambda: drawn_columns(TIMES),
    "bars": lambda: drawn_bars(BARS),
    "shares": lambda: drawn_shares(BARS),
    "histogram": lambda: drawn_histogram(HISTOGRAM),
    "spark": lambda: drawn_spark(ABOUT, (1, 4, 2), is_flagged=True),
}


def tree(drawing: Drawing) -> Element:
    return fromstring(f"<body>{drawing.markup}</body>".replace(SPACE, ""))  # noqa: S314 - our own


def classes(drawing: Drawing, name: str) -> list[Element]:
    return [one for one in tree(drawing).iter() if name in one.get("class", "").split()]


@pytest.mark.parametrize("attribute", ["style", "onload", "onclick"])
def test_no_picture_has_a_style_or_a_script(attribute: str) -> None:
    with pytest.raises(ValueError, match="has no attribute"):
        element("rect", **{attribute: "x"})


@pytest.mark.parametrize("name", PICTURES)
def test_what_comes_from_outside_is_text(name: str) -> None:
    found = tree(PICTURES[name]())

    assert {one.tag for one in found.iter()} <= {
        *("svg", "title", "desc", "path", "rect", "line", "circle", "text"),
        *("body", "div", "ul", "li"),
    }
    assert not [key for one in found.iter() for key in one.attrib if key.startswith("on")]
    assert not [one for one in found.iter() if "style" in one.attrib]


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_says_what_it_shows(name: str) -> None:
    found = next(one for one in tree(PICTURES[name]()).iter("svg") if one.get("role"))

    assert found.get("role") == "img"
    assert found.get("aria-labelledby") == "calls-title calls-text"
    assert found.findtext("title") == "Calls"
    assert found.findtext("desc") == "Calls a day."


@pytest.mark.parametrize("drawn", [drawn_lines, drawn_columns])
def test_series_are_named_where_they_end(drawn: Callable[[Times], Drawing]) -> None:
    names = classes(drawn(TIMES), "end")

    assert [one.text for one in names] == ["served", "handed over"]


def test_one_series_needs_no_name() -> None:
    alone = Times(
        about=ABOUT, steps=TIMES.steps, lines=TIMES.lines[:1], written=lambda value: f"{value:.0f}"
    )

    assert classes(drawn_lines(alone), "end") == []
    assert classes(drawn_lines(alone), "key") == []


def test_a_missing_figure_interrupts_a_line_and_lone_ones_are_dots() -> None:
    assert len(classes(drawn_lines(TIMES), "line")) == 1
    assert len([one for one in tree(drawn_lines(TIMES)).iter() if one.tag == "circle"]) == 2


def test_every_step_tells_its_figures() -> None:
    told = [one.findtext("title") for one in classes(drawn_columns(TIMES), "touch")]

    assert told == [
        "Mon\nserved: 3\nhanded over: 1",
        "Tue\nserved: 5",
        "Wed\nserved: 4\nhanded over: 2",
        "Thu\nserved: 8",
    ]


def test_columns_stand_on_each_other() -> None:
    first = classes(drawn_columns(TIMES), "fill")[:2]

    lower, upper = ((float(one.get("y", "")), float(one.get("height", ""))) for one in first)
    assert upper[0] + upper[1] == pytest.approx(lower[0])


def test_bars_are_as_long_as_their_share_of_the_greatest() -> None:
    bars = classes(drawn_bars(BARS), "fill")

    assert [one.get("width") for one in bars] == ["100.00%", "25.00%"]


def test_figures_above_the_limit_look_different() -> None:
    columns = classes(drawn_histogram(HISTOGRAM), "fill")

    assert [one.get("class") for one in columns] == ["fill c6", "fill c6", "fill c1"]


def test_nothing_at_all_can_be_drawn() -> None:
    empty = Times(about=ABOUT, steps=(), lines=(), written=str)

    assert classes(drawn_lines(empty), "line") == []
    assert classes(drawn_columns(empty), "fill") == []
    assert classes(drawn_bars(Bars(about=ABOUT, bars=(), written=str)), "fill") == []
    assert classes(drawn_spark(ABOUT, ()), "line") == []
    zeros = Times(
        about=ABOUT, steps=("a", "b"), lines=(Line(name="x", values=(0, 0)),), written=str
    )
    assert len(classes(drawn_lines(zeros), "line")) == 1
    assert classes(drawn_columns(zeros), "fill") == []


@pytest.mark.parametrize(
    ("least", "step"), [(0, 1), (0.003, 0.005), (1, 1), (1.2, 2), (2.4, 2.5), (26, 50), (99, 100)]
)
def test_steps_are_round(least: float, step: float) -> None:
    assert round_step(least) == pytest.approx(step)


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([], (0, 1)),
        ([3], (0, 1, 2, 3)),
        ([100, 873], (0, 250, 500, 750, 1000)),
        ([-3, 5], (-4, -2, 0, 2, 4, 6)),
    ],
)
def test_scales_begin_at_nought_and_hold_everything(
    values: list[float], ticks: tuple[float, ...]
) -> None:
    assert scale_of(values).ticks == ticks


def test_a_share_goes_up_to_one() -> None:
    assert scale_of([0.3, 0.5], high=1.0, is_whole=False).ticks == pytest.approx(
        (0, 0.25, 0.5, 0.75, 1)
    )


def test_there_are_no_more_labels_than_fit() -> None:
    assert list(shown(["x"] * 4, most=6)) == [0, 1, 2, 3]
    assert list(shown(["x"] * 30, most=6)) == [2, 7, 12, 17, 22, 27]


def test_names_that_would_lie_on_each_other_are_moved_apart() -> None:
    assert spread([50, 52, 90], apart=15, low=0, high=100) == [50, 65, 90]
    assert spread([99, 98], apart=15, low=0, high=100) == [100, 85]
    assert spread([10, 10], apart=15, low=0, high=100) == [10, 25]
