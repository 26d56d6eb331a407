"""Where figures are written to."""

import re
from collections.abc import Iterable
from functools import partial

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


def with_new(text: str, charts: Iterable[Chart], *, level: str) -> str:
    """A page with these charts in place of those of the same titles; what is not there stays out.

    Args:
        text: a page that was written before.
        charts: what was measured anew.
        level: how its titles begin, such as ##.
    """
    for chart in charts:
        old = re.compile(
            rf"^{level} {re.escape(chart.title)}\n.*?(?=^{level} |^<!-- end|\Z)",
            re.MULTILINE | re.DOTALL,
        )
        text = old.sub(partial(_instead, chart.markdown(level) + "\n"), text)
    return text


def with_or_added(text: str, chart: Chart) -> str:
    """A page with this chart in place of the one of its title, or at the end."""
    changed = with_new(text, [chart], level="##")
    is_there = re.search(rf"^## {re.escape(chart.title)}$", text, re.MULTILINE)
    return changed if is_there else f"{text.rstrip()}\n\n{chart.markdown('##')}"


def _instead(new: str, _: re.Match[str]) -> str:
    return new
