"""Spans by OpenTelemetry. Nothing else in this package imports it."""

from threading import local

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from ivr.seeing.spans import Span

_PATIENCE_S = 3
"""For one delivery; at the end nobody waits longer for a receiver that is gone."""


def otlp(url: str) -> SpanExporter:
    """Sends spans to whoever receives OTLP over HTTP there."""
    return OTLPSpanExporter(endpoint=url, timeout=_PATIENCE_S)


class OtelTracer:
    """Sends spans in batches, on a thread of its own. Full queues drop the latest."""

    def __init__(self, exporter: SpanExporter, *, version: str) -> None:
        self._ids = _Given()
        resource = Resource.create({"service.name": "rufwerk", "service.version": version})
        self._provider = TracerProvider(
            sampler=ALWAYS_ON,
            resource=resource,
            id_generator=self._ids,
            shutdown_on_exit=False,
        )
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("rufwerk", version)

    def tell(self, span: Span) -> None:
        self._ids.next(span)
        made = self._tracer.start_span(
            span.name,
            context=_inside(span),
            attributes=dict(span.codes),
            start_time=span.began_ns,
        )
        if span.has_failed:
            made.set_status(Status(StatusCode.ERROR))
        made.end(end_time=span.ended_ns)

    def close(self) -> None:
        self._provider.shutdown()


class _Given(IdGenerator):
    """The ids of the span that is told: the same that are in the log."""

    def __init__(self) -> None:
        self._told = local()

    def next(self, span: Span) -> None:
        self._told.span = span

    def generate_span_id(self) -> int:
        return int(self._told.span.id, 16)

    def generate_trace_id(self) -> int:
        return int(self._told.span.trace, 16)


def _inside(span: Span) -> Context:
    """Of its parent, or of nothing."""
    if not span.parent:
        return Context()
    parent = SpanContext(
        trace_id=int(span.trace, 16),
        span_id=int(span.parent, 16),
        is_remote=False,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
    )
    return set_span_in_context(NonRecordingSpan(parent), Context())
