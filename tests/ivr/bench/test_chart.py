"""Figures are written where they belong, and nothing else is touched."""

import pytest

from ivr.bench.chart import Chart, at_most, percent, pooled
from ivr.bench.pages import page, with_headlines

SHORT = Chart(title="Words", made_by="In short.", columns=("a",), rows=(("1",),))
LONG = Chart(
    title="Words",
    made_by="At length.",
    columns=("a", "b"),
    rows=(("1", "2"), ("3", "4")),
    is_headline=True,
    short=SHORT,
)
SIZE = Chart(title="Size", made_by="Counted.", columns=("lines",), rows=(("7",),))
TIME = Chart(title="Time", made_by="Timed.", columns=("ms",), rows=(("9",),), is_headline=True)
README = """# Rufwerk

<!-- figures: written by a run -->
old
<!-- end of figures -->

Limits
"""


def test_a_chart_is_a_table() -> None:
    assert LONG.markdown("##") == (
        "## Words\n\nAt length.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n"
    )


def test_the_page_has_every_chart_at_length() -> None:
    written = page("A machine.", [LONG, SIZE])

    assert written.startswith("# Measured\n\nA machine.\n\n## Words\n\nAt length.")
    assert written.endswith("## Size\n\nCounted.\n\n| lines |\n|---|\n| 7 |\n")
    assert "In short." not in written


def test_the_readme_has_headlines_alone_and_keeps_what_people_wrote() -> None:
    assert with_headlines(README, "A machine.", [LONG, SIZE, TIME]) == (
        "# Rufwerk\n\n<!-- figures: written by a run -->\n\nA machine.\n\n"
        "### Words\n\nIn short.\n\n| a |\n|---|\n| 1 |\n\n"
        "### Time\n\nTimed.\n\n| ms |\n|---|\n| 9 |\n\n"
        "<!-- end of figures -->\n\nLimits\n"
    )


def test_a_readme_without_marks_stays_as_it_is() -> None:
    assert with_headlines("# Rufwerk\n", "A machine.", [TIME]) == "# Rufwerk\n"


@pytest.mark.parametrize(("share", "written"), [(None, ""), (0.0, "0.0 %"), (0.1234, "12.3 %")])
def test_shares_are_written_in_percent(share: float | None, written: str) -> None:
    assert percent(share) == written


@pytest.mark.parametrize(
    ("events", "trials", "share"),
    [(0, 80, 0.0368), (0, 120, 0.0247), (1, 20, 0.2161), (5, 10, 0.7776), (3, 3, 1.0)],
)
def test_so_many_of_so_many_is_surely_less_than(events: int, trials: int, share: float) -> None:
    """Exact binomial limits, the upper one alone: Clopper and Pearson, Biometrika 26 (1934)."""
    assert at_most(events, trials) == pytest.approx(share, abs=1e-4)


def test_shares_of_many_lists_are_weighed_by_their_lengths() -> None:
    assert pooled([1.0, 0.5, None], [1, 2, 1]) == 0.5
