"""Drawing with numbers: a plot's frame, its scales and its lines, as SVG inside a page.

Colours are CSS variables of the page, so that one picture is right by day and by night.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import escape

Point = tuple[float, float]

DASHES = ("", "7 4", "2 3", "9 3 2 3")
"""Lines differ by more than colour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One scale: from a value to its place between 0 and 1."""

    title: str
    place: Callable[[float], float]
    ticks: Sequence[tuple[float, str]]
    """Values that have a line, and how they are written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """A picture with two axes, gathered piece by piece."""

    x: Axis
    y: Axis
    title: str
    """Read aloud in place of the picture."""

    width: int = 560
    height: int = 420
    left: int = 64
    bottom: int = 48
    top: int = 12
    right: int = 16
    _pieces: list[str] = field(default_factory=list)

    def at(self, x: float, y: float) -> Point:
        """The place of a value on the canvas, inside the frame."""
        across = min(max(self.x.place(x), 0.0), 1.0)
        up = min(max(self.y.place(y), 0.0), 1.0)
        return (
            self.left + across * (self.width - self.left - self.right),
            self.top + (1 - up) * (self.height - self.top - self.bottom),
        )

    def line(self, points: Iterable[Point], *, style: str, dashes: str = "") -> None:
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (self.at(*point) for point in points))
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self._pieces.append(f'<polyline class="line" points="{path}" style="{style}"{dashed}/>')

    def area(self, points: Sequence[Point], *, style: str) -> None:
        base = self.at(points[0][0], 0), self.at(points[-1][0], 0)
        corners = [base[0], *(self.at(*point) for point in points), base[1]]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
        self._pieces.append(f'<polygon class="area" points="{path}" style="{style}"/>')

    def dot(self, point: Point, *, style: str, says: str) -> None:
        x, y = self.at(*point)
        self._pieces.append(
            f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4.5" style="{style}">'
            f"<title>{escape(says)}</title></circle>"
        )

    def text(self, point: Point, words: str, *, before: bool = False) -> None:
        """Words beside a point: after it, or before it where there is more room."""
        x, y = self.at(*point)
        side = f'x="{x - 5:.1f}" text-anchor="end"' if before else f'x="{x + 5:.1f}"'
        self._pieces.append(f'<text class="note" {side} y="{y:.1f}">{escape(words)}</text>')

    def drawn(self) -> str:
        """The whole picture."""
        middle = self.top + (self.height - self.top - self.bottom) / 2
        titles = (
            f'<text class="axis" x="{(self.left + self.width - self.right) / 2:.0f}" '
            f'y="{self.height - 8}" text-anchor="middle">{escape(self.x.title)}</text>'
            f'<text class="axis" text-anchor="middle" '
            f'transform="translate(14 {middle:.0f}) rotate(-90)">{escape(self.y.title)}</text>'
        )
        return (
            f'<svg viewBox="0 0 {self.width} {self.height}" role="img" '
            f'aria-label="{escape(self.title)}"><title>{escape(self.title)}</title>'
            f"{self._grid()}{titles}{''.join(self._pieces)}</svg>"
        )

    def _grid(self) -> str:
        lines = []
        low, high = self.top, self.height - self.bottom
        for value, label in self.x.ticks:
            x = self.at(value, 0)[0]
            lines.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{low}" y2="{high}"/>')
            lines.append(_tick(x, high + 16, label, anchor="middle"))
        for value, label in self.y.ticks:
            y = self.at(0, value)[1]
            lines.append(
                f'<line class="grid" x1="{self.left}" x2="{self.width - self.right}" '
                f'y1="{y:.1f}" y2="{y:.1f}"/>'
            )
            lines.append(_tick(self.left - 6, y + 4, label, anchor="end"))
        return "".join(lines)


def linear(low: float, high: float) -> Callable[[float], float]:
    """An even scale from `low` to `high`."""
    return lambda value: (value - low) / (high - low)


def percent(share: float, decimals: int = 1) -> str:
    """A share as people read it."""
    return f"{100 * share:.{decimals}f} %"


def _tick(x: float, y: float, label: str, *, anchor: str) -> str:
    return f'<text class="tick" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{label}</text>'
