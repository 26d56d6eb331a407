"""Queries of the dashboard and the alerts, read by a parser of PromQL."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import yaml

FOLDER = Path(__file__).parents[2] / "docs" / "monitoring"


def panels() -> list[dict[str, Any]]:
    """Of the dashboard, without its headings."""
    board = json.loads((FOLDER / "dashboard.json").read_text("utf-8"))
    return [one for one in board["panels"] if one["type"] != "row"]


def rules() -> list[dict[str, Any]]:
    """All alerts."""
    groups = yaml.safe_load((FOLDER / "alerts.yaml").read_text("utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def queries() -> dict[str, str]:
    """By whose they are; Grafana puts a span of time in."""
    told = {
        f"{panel['title']}-{target['refId']}": target["expr"]
        for panel in panels()
        for target in panel["targets"]
    }
    told |= {rule["alert"]: rule["expr"] for rule in rules()}
    return {name: query.replace("$__rate_interval", "5m") for name, query in told.items()}


def selectors(query: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Names of figures and the labels that are asked for.

    Raises:
        ValueError: it is no PromQL.
    """
    found: list[tuple[str, dict[str, str]]] = []

    def visit(node: object) -> bool:
        if isinstance(node, promql_parser.VectorSelector):
            labels = {one.name: one.value for one in node.matchers.matchers}
            found.append((node.name, labels))
        return True

    promql_parser.walk(promql_parser.parse(query), pre_visit=visit)
    yield from found
