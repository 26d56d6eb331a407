"""Where figures are written to."""

import re
from collections.abc import Iterable

from ivr.bench.chart import Chart

_BLOCK = re.compile(r"(<!-- figures: .*? -->\n).*?(<!-- end of figures -->)", re.DOTALL)


def page(machine: str, charts: Iterable[Chart]) -> str:
    """All of docs/performance.md."""
    return "\n".join(["# Measured", "", machine, "", *(chart.markdown("##") for chart in charts)])


def with_headlines(readme: str, machine: str, charts: Iterable[Chart]) -> str:
    """The README with new figures between its marks."""
    shown = [chart.short or chart for chart in charts if chart.is_headline]
    headlines = "\n".join(chart.markdown("###") for chart in shown)
    return _BLOCK.sub(lambda marks: f"{marks[1]}\n{machine}\n\n{headlines}\n{marks[2]}", readme)
