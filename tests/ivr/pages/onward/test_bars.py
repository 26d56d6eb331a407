"""Code 39, against what its standard prints."""

import pytest

from ivr.pages.onward.bars import Bars, bars


def runs(code: Bars) -> str:
    """Widths of bars and gaps in turn, as 1 and 3."""
    dark = sorted((one.x, one.width) for one in code.bars)
    found = ""
    for (x, width), following in zip(dark, [*dark[1:], (code.width, 0)], strict=True):
        gap = following[0] - x - width
        found += str(width) + (str(gap) if gap else "")
    return found


@pytest.mark.parametrize("text", ["", "A*B", "ä", "a b\n"])
def test_what_has_no_signs_is_not_drawn(text: str) -> None:
    assert bars(text) is None


def test_it_begins_and_ends_with_the_star() -> None:
    code = bars("A")

    assert code is not None
    star, letter = "131131311", "311113113"
    assert runs(code) == f"{star}1{letter}1{star}"


def test_every_sign_has_three_wide_parts_of_nine() -> None:
    for sign in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. ":
        code = bars(sign)
        assert code is not None
        assert runs(code)[10:19].count("3") == 3


def test_small_letters_are_read_as_large_ones() -> None:
    assert bars("r48") == bars("R48")
