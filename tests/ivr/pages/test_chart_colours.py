"""Colours of pictures can be read, and told apart by people who see no red or green.

Contrast is WCAG 2.2's; the lack of a kind of cone is simulated after Machado, Oliveira and
Fernandes (IEEE TVCG 15/6, 2009), and distance is CIE 1976's in Lab.
"""

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import ivr.pages

STATIC = Path(ivr.pages.__file__).parent / "static"
SCHEMES = ("light", "dark")
SEES = {
    "everything": np.eye(3),
    "no red": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
         [-0.003882, -0.048116, 1.051998]]
    ),
    "no green": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
         [-0.011820, 0.042940, 0.968881]]
    ),
}  # fmt: skip
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
LEAST = 15.0
"""Some six times what two colours beside each other need to be seen as two."""


def named(file: str, name: str, scheme: str) -> NDArray[np.float64]:
    """Linear red, green and blue, 0 to 1."""
    found = re.search(
        rf"{name}: light-dark\((#\w{{6}}), (#\w{{6}})\)", (STATIC / file).read_text("utf-8")
    )
    assert found
    text = found[1 + SCHEMES.index(scheme)]
    values = np.array([int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def colours(scheme: str) -> list[NDArray[np.float64]]:
    return [named("charts.css", f"--c{number}", scheme) for number in range(1, 7)]


def luminance(colour: NDArray[np.float64]) -> float:
    return float(TO_XYZ[1] @ colour)


def lab(colour: NDArray[np.float64]) -> NDArray[np.float64]:
    white = TO_XYZ @ np.ones(3)
    x, y, z = np.cbrt(np.maximum(TO_XYZ @ np.clip(colour, 0, 1) / white, 0.008856))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("scheme", SCHEMES)
def test_names_in_every_colour_can_be_read(scheme: str) -> None:
    ground = luminance(named("rufwerk.css", "--surface", scheme))
    for colour in colours(scheme):
        lighter, darker = sorted((luminance(colour), ground), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("sees", SEES)
def test_colours_can_be_told_apart(scheme: str, sees: str) -> None:
    seen = [lab(SEES[sees] @ colour) for colour in colours(scheme)]
    nearest = min(
        (float(np.linalg.norm(one - other)), place)
        for place, (one, other) in enumerate(combinations(seen, 2))
    )

    assert nearest[0] >= LEAST, list(combinations(range(1, 7), 2))[nearest[1]]
