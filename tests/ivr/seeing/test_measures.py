"""The names and labels that dashboards rely on, and that nothing about a person is among them."""

import re
from itertools import pairwise

from ivr.seeing.measure import Counter, Gauge, Histogram, closed, series_of
from ivr.seeing.measures import MEASURES

ALLOWED = {
    *("action", "by", "code", "decision", "encoder", "ending", "gateway", "intent", "kind"),
    *("model", "outcome", "pool", "python", "queue", "reading", "reason", "stage", "system"),
    *("version", "what", "where"),
}
"""A label that is new has to be thought about: whether its values are a closed set."""

FROM_THE_HOUSE = {"code", "encoder", "python", "queue", "system", "version"}
"""Their values come from files that an operator wrote, or from the code."""


def test_names_are_as_prometheus_wants_them() -> None:
    for one in MEASURES:
        assert re.fullmatch(r"rufwerk_[a-z_]+[a-z]", one.name)
        assert one.name.endswith("_total") == isinstance(one, Counter)
        if isinstance(one, Histogram):
            assert one.name.endswith("_seconds")
        assert one.help.endswith(".")
    assert len({one.name for one in MEASURES}) == len(MEASURES)


def test_every_label_has_a_closed_set_of_values() -> None:
    labels = [label for one in MEASURES for label in one.labels]

    assert {label.name for label in labels} == ALLOWED
    assert {label.name for label in labels if not label.values} <= FROM_THE_HOUSE
    for label in labels:
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", value) for value in label.values)


def test_whatever_comes_is_told_as_other() -> None:
    for one in MEASURES:
        odd = tuple("+4989123456" for _ in one.labels)
        assert set(closed(one, odd, {})) <= {"other"}


def test_there_are_never_more_than_some_hundred_series_of_one_measure() -> None:
    for one in MEASURES:
        if all(label.values for label in one.labels):
            assert len(list(series_of(one, {}, most=10_000))) <= 250


def test_buckets_grow_and_reach_from_5_ms_to_10_s() -> None:
    stages = next(one for one in MEASURES if one.name == "rufwerk_stage_seconds")
    assert isinstance(stages, Histogram)
    assert (stages.buckets[0], stages.buckets[-1]) == (0.005, 10.0)
    for one in MEASURES:
        if isinstance(one, Histogram):
            assert all(low < high for low, high in pairwise(one.buckets))


def test_gauges_are_read_and_not_counted() -> None:
    assert not [one for one in MEASURES if isinstance(one, Gauge) and one.name.endswith("_total")]
