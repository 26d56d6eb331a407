"""Spans through the real SDK: into memory, and by OTLP over a socket of this machine."""

import logging
import socket

import pytest
from fakes.otlp import receiving
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from ivr.seeing.otel_tracer import OtelTracer, otlp
from ivr.seeing.spans import Span

TRACE, CALL, TURN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", "00f067aa0ba902b7"
BEGAN_NS = 1_770_000_000_000_000_000


def span(name: str, id_: str, parent: str = "", **changes: object) -> Span:
    usual: dict[str, object] = {
        "trace": TRACE,
        "id": id_,
        "parent": parent,
        "name": name,
        "began_ns": BEGAN_NS,
        "ended_ns": BEGAN_NS + 1_000_000,
        "codes": {"rufwerk.gateway": "rest", "rufwerk.known": True, "rufwerk.turns": 2},
    }
    return Span(**{**usual, **changes})  # type: ignore[arg-type]


def test_spans_have_the_ids_that_are_in_the_log() -> None:
    exporter = InMemorySpanExporter()
    tracer = OtelTracer(exporter, version="1")
    tracer.tell(span("turn", TURN, CALL))
    tracer.tell(span("call", CALL))
    tracer.close()
    turn, call = exporter.get_finished_spans()

    assert format(turn.context.trace_id, "032x") == format(call.context.trace_id, "032x") == TRACE
    assert format(turn.context.span_id, "016x") == TURN
    assert format(call.context.span_id, "016x") == CALL
    assert call.parent is None
    assert turn.parent is not None
    assert format(turn.parent.span_id, "016x") == CALL
    assert (turn.start_time, turn.end_time) == (BEGAN_NS, BEGAN_NS + 1_000_000)
    assert dict(turn.attributes or {}) == {
        "rufwerk.gateway": "rest",
        "rufwerk.known": True,
        "rufwerk.turns": 2,
    }


def test_what_failed_has_the_state_of_an_error() -> None:
    exporter = InMemorySpanExporter()
    tracer = OtelTracer(exporter, version="1")
    tracer.tell(span("turn", TURN, CALL, has_failed=True))
    tracer.tell(span("turn", CALL, TURN))
    tracer.close()

    assert [one.status.status_code for one in exporter.get_finished_spans()] == [
        StatusCode.ERROR,
        StatusCode.UNSET,
    ]


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_spans_are_received_by_otlp_over_http() -> None:
    with receiving() as receiver:
        tracer = OtelTracer(otlp(receiver.url), version="7")
        for name, id_, parent in (("turn", TURN, CALL), ("call", CALL, "")):
            tracer.tell(span(name, id_, parent))
        tracer.close()
    (body,) = receiver.bodies
    request = ExportTraceServiceRequest.FromString(body)
    (resource,) = request.resource_spans
    told = {one.key: one.value.string_value for one in resource.resource.attributes}
    spans = [one for scope in resource.scope_spans for one in scope.spans]

    assert receiver.types == ["application/x-protobuf"]
    assert (told["service.name"], told["service.version"]) == ("rufwerk", "7")
    assert [(one.name, one.trace_id.hex(), one.span_id.hex()) for one in spans] == [
        ("turn", TRACE, TURN),
        ("call", TRACE, CALL),
    ]
    assert [one.parent_span_id.hex() for one in spans] == [CALL, ""]


@pytest.mark.enable_socket
@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_receiver_that_is_gone_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    caplog.set_level(logging.ERROR)
    tracer = OtelTracer(otlp(f"http://127.0.0.1:{port}/v1/traces"), version="1")
    tracer.tell(span("turn", TURN, CALL))
    tracer.close()

    assert [one.name for one in caplog.records if one.name.startswith("ivr")] == []
