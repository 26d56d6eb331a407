"""The dashboard and the alerts: queries that can be read, about figures that there are."""

import re
from pathlib import Path

import pytest
from fakes.promql import panels, queries, rules, selectors

from ivr.seeing.measure import Histogram
from ivr.seeing.measures import MEASURES

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "monitoring.md"
OTHERS = {"up", "process_resident_memory_bytes", "process_cpu_seconds_total"}
"""Of Prometheus and of the process."""

DECLARED = {
    name
    for one in MEASURES
    for name in (
        [f"{one.name}_{part}" for part in ("bucket", "count", "sum")]
        if isinstance(one, Histogram)
        else [one.name]
    )
}

every = pytest.mark.parametrize(("whose", "query"), queries().items(), ids=list(queries()))


def test_what_is_no_query_is_found() -> None:
    with pytest.raises(ValueError, match="unclosed left parenthesis"):
        list(selectors("sum(rate(rufwerk_turns_total[5m]"))


@every
def test_every_query_is_one_and_asks_for_figures_that_there_are(whose: str, query: str) -> None:
    named = list(selectors(query))

    assert named, whose
    assert {name for name, _ in named} <= DECLARED | OTHERS


@every
def test_every_label_that_is_asked_for_is_one_of_the_figure(whose: str, query: str) -> None:
    labels = {one.name: {label.name: label.values for label in one.labels} for one in MEASURES}
    for name, asked in selectors(query):
        own = labels.get(re.sub(r"_(?:bucket|count|sum)$", "", name), {"job": frozenset()})
        assert asked.keys() <= own.keys(), whose
        for label, value in asked.items():
            assert not own[label] or set(value.split("|")) <= own[label]


def test_every_measure_is_on_the_dashboard() -> None:
    shown = {name for query in queries().values() for name, _ in selectors(query)}
    missing = {one.name for one in MEASURES if not any(name.startswith(one.name) for name in shown)}

    assert missing == set()


def test_every_alert_says_what_is_the_matter_and_where_to_read_on() -> None:
    headings = re.findall(r"^#+ (.+)$", PAGE.read_text("utf-8"), re.MULTILINE)
    anchors = {re.sub(r"[^a-z0-9 -]", "", one.lower()).replace(" ", "-") for one in headings}

    assert len({rule["alert"] for rule in rules()}) == len(rules()) > 10
    for rule in rules():
        page, _, anchor = rule["annotations"]["runbook"].partition("#")
        assert (ROOT / page) == PAGE
        assert anchor in anchors
        assert rule["annotations"]["summary"].endswith(".")
        assert rule["labels"]["severity"] in {"page", "ticket"}


def test_the_page_names_every_panel_and_every_measure() -> None:
    page = PAGE.read_text("utf-8")

    assert [one["title"] for one in panels() if one["title"] not in page] == []
    assert [one.name for one in MEASURES if f"`{one.name}`" not in page] == []
    assert [
        one
        for one in re.findall(r"`(rufwerk_[a-z_]+)`", page)
        if one not in DECLARED | {one.name for one in MEASURES}
    ] == []


def test_panels_lie_beside_each_other() -> None:
    places = [tuple(one["gridPos"].values()) for one in panels()]

    assert len(set(places)) == len(places)
    assert len({one["id"] for one in panels()}) == len(places)
