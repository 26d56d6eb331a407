"""Code 39 (ISO/IEC 16388): a number as bars, for scanners of parcels."""

from dataclasses import dataclass

_BARS = ("10001", "01001", "11000", "00101", "10100", "01100", "00011", "10010", "01010", "00110")
"""Which of five bars are wide: the same ten for each row of the signs below."""

_ROWS = (("1234567890", 1), ("ABCDEFGHIJ", 2), ("KLMNOPQRST", 3), ("UVWXYZ-. *", 0))
"""Ten signs each, and which of the four gaps between their bars is the wide one."""

_NARROW, _WIDE = 1, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One dark stripe, in units of the narrowest."""

    x: int
    width: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A whole code."""

    bars: tuple[Bar, ...]
    width: int


def bars(text: str) -> Bars | None:
    """None for what the code has no signs for."""
    signs = f"*{text.upper()}*"
    if not text or "*" in text or any(sign not in _PATTERNS for sign in signs):
        return None
    found: list[Bar] = []
    x = 0
    for sign in signs:
        for place, is_wide in enumerate(_PATTERNS[sign]):
            width = _WIDE if is_wide else _NARROW
            if place % 2 == 0:
                found.append(Bar(x=x, width=width))
            x += width
        x += _NARROW
    return Bars(bars=tuple(found), width=x - _NARROW)


def _pattern(bars_wide: str, gap: int) -> tuple[bool, ...]:
    """Five bars and the four gaps between them."""
    gaps = [place == gap for place in range(4)]
    pattern: list[bool] = []
    for place, bar in enumerate(bars_wide):
        pattern.append(bar == "1")
        pattern += gaps[place : place + 1]
    return tuple(pattern)


_PATTERNS = {
    sign: _pattern(_BARS[place], gap) for row, gap in _ROWS for place, sign in enumerate(row)
}
