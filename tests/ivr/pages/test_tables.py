"""What is saved for a spreadsheet does nothing there."""

import pytest

from ivr.pages.tables import Table, as_csv


@pytest.mark.parametrize(
    "cell", ["=1+1", "+49", "-x", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")']
)
def test_no_cell_is_a_formula(cell: str) -> None:
    table = Table(columns=(cell,), rows=((cell,),))

    lines = as_csv(table)
    assert lines.count("'") == 2
    assert not lines.startswith(("=", "+", "-", "@", "\t", '"=', '"\r'))


def test_figures_stay_figures() -> None:
    table = Table(
        columns=("day", "calls", "llr"),
        rows=(("Mon", 3, -1.5), ("x,y", None, 0)),
    )

    assert as_csv(table) == 'day,calls,llr\r\nMon,3,-1.5\r\n"x,y",,0\r\n'
