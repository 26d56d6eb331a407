"""What Prometheus is told, over a real socket, by the standard's own reader."""

import socket
import urllib.request

import pytest
from prometheus_client.parser import text_string_to_metric_families

from ivr.seeing import measures
from ivr.seeing.measures import MEASURES
from ivr.seeing.prometheus_meter import PrometheusMeter

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]


def meter() -> PrometheusMeter:
    return PrometheusMeter(MEASURES, {"code": frozenset({"no_voice", "unexpected"})})


def test_a_port_that_is_taken_is_told() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(OSError, match="in use"),
        meter().serving(taken.getsockname()[1]),
    ):
        pass


def test_its_own_port_answers_on_this_machine_alone() -> None:
    figures = meter()
    figures.count(measures.FAILURES, "no_voice")
    with figures.serving(0) as port:
        url = f"http://127.0.0.1:{port}/metrics"
        with urllib.request.urlopen(url, timeout=10) as answer:
            text = answer.read().decode()
        with socket.socket() as another:
            # Everything but this address is free.
            another.bind(("127.0.0.2", port))

    assert 'rufwerk_turn_failures_total{code="no_voice"} 1.0' in text


def test_what_is_scraped_can_be_read_and_names_what_was_declared() -> None:
    figures = meter()
    figures.time(measures.STAGE, 0.02, "listen")
    families = list(text_string_to_metric_families(figures.scrape().decode()))
    kinds = {family.name: family.type for family in families}

    assert kinds["rufwerk_stage_seconds"] == "histogram"
    assert kinds["rufwerk_turn_failures"] == "counter"
    assert kinds["process_resident_memory_bytes"] == "gauge"
    assert not [name for name in kinds if name.endswith("_created")]
    bounds = [
        sample.labels["le"]
        for family in families
        for sample in family.samples
        if sample.name == "rufwerk_stage_seconds_bucket" and sample.labels["stage"] == "listen"
    ]
    assert (bounds[0], bounds[-2:]) == ("0.005", ["10.0", "+Inf"])


def test_what_has_not_happened_yet_is_told_as_nought() -> None:
    text = meter().scrape().decode()

    assert 'rufwerk_verifications_total{decision="spoof_suspected"} 0.0' in text
    assert 'rufwerk_turn_failures_total{code="unexpected"} 0.0' in text


def test_a_measure_that_was_not_declared_cannot_be_told() -> None:
    with pytest.raises(KeyError):
        PrometheusMeter(()).count(measures.BARGE_INS)
