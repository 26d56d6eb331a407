"""Figures as Prometheus reads them."""

import re

_LINE = re.compile(r"^([a-z_:]+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)
_LABEL = re.compile(r'([a-z]+)="((?:[^"\\]|\\.)*)"')

Labels = frozenset[tuple[str, str]]


def series_in(scraped: bytes) -> dict[tuple[str, Labels], float]:
    """Every series and its value, by its name and labels."""
    return {
        (name, frozenset(_LABEL.findall(labels))): float(value)
        for name, labels, value in _LINE.findall(scraped.decode())
    }


def figure(scraped: bytes, name: str, **labels: str) -> float:
    """One of them; 0 where it is not there."""
    return series_in(scraped).get((name, frozenset(labels.items())), 0.0)
