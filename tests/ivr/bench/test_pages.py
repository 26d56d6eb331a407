from ivr.bench.chart import Chart
from ivr.bench.pages import with_new, with_or_added

PAGE = """# Measured

## One

old words

| a |
|---|
| 1 |

## Two

stays
"""


def chart(title: str) -> Chart:
    return Chart(title=title, made_by="new words", columns=("b",), rows=(("2",),))


def test_a_chart_takes_the_place_of_the_one_of_its_title() -> None:
    page = with_new(PAGE, [chart("One")], level="##")

    assert page.startswith("# Measured\n\n## One\n\nnew words\n\n| b |\n|---|\n| 2 |\n\n## Two\n")
    assert "old" not in page
    assert page.endswith("stays\n")


def test_the_last_one_before_the_end_of_figures_too() -> None:
    text = PAGE.replace("stays\n", "stays\n\n<!-- end of figures -->\nrest\n")

    page = with_new(text, [chart("Two")], level="##")

    assert "stays" not in page
    assert page.endswith("| 2 |\n\n<!-- end of figures -->\nrest\n")


def test_what_is_not_on_the_page_stays_off_it() -> None:
    assert with_new(PAGE, [chart("Three")], level="##") == PAGE


def test_one_that_is_new_is_added_at_the_end_and_the_next_time_replaced() -> None:
    added = with_or_added(PAGE, chart("Three"))

    assert added.startswith(PAGE)
    assert added.endswith("stays\n\n## Three\n\nnew words\n\n| b |\n|---|\n| 2 |\n")
    assert with_or_added(added, chart("Three")).count("## Three") == 1
