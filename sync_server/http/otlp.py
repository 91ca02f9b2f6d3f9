"""Sends spans by OTLP over HTTP; loaded only where an operator has named a collector."""

from importlib.metadata import version
from threading import local
from typing import Final

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from sync_server.http.spans import Told

_TIMEOUT_S: Final = 5.0  # for a batch, with all tries
_NAME: Final = "trafficdesk-sync-server"


class _Given(IdGenerator):
    """Gives a span the numbers that its request has in the logs already."""

    def __init__(self) -> None:
        self._next = local()

    def prepare(self, told: Told) -> None:
        """Let the next span of this thread have a request's numbers."""
        self._next.trace_id = int(told.trace.trace_id, 16)
        self._next.span_id = int(told.trace.span_id, 16)

    def generate_trace_id(self) -> int:
        """Return the trace's number."""
        found: int = self._next.trace_id
        return found

    def generate_span_id(self) -> int:
        """Return the span's number."""
        found: int = self._next.span_id
        return found


class Sender:
    """Sends what it is given in batches, on a thread of its own, until ``close``."""

    def __init__(self, url: str) -> None:
        self._ids = _Given()
        facts = {"service.name": _NAME, "service.version": version("trafficdesk")}
        self._provider = TracerProvider(
            sampler=ALWAYS_ON,  # what is kept was chosen before
            resource=Resource.create(facts),
            shutdown_on_exit=False,
            id_generator=self._ids,
        )
        exporter = OTLPSpanExporter(url, timeout=_TIMEOUT_S)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer(_NAME)

    def send(self, told: Told) -> None:
        """Take a span; it leaves within some seconds."""
        self._ids.prepare(told)
        attributes: dict[str, str | int] = {
            "http.request.method": told.method,
            "http.route": told.route,
            "http.response.status_code": told.status,
            "trafficdesk.request_id": told.request_id,
        }
        span = self._tracer.start_span(
            f"{told.method} {told.route}",
            context=_context_of(told),
            kind=SpanKind.SERVER,
            attributes=attributes,
            start_time=told.began_ns,
        )
        if told.is_fault:
            span.set_attribute("error.type", str(told.status))
            span.set_status(Status(StatusCode.ERROR))
        span.end(told.ended_ns)

    def close(self) -> None:
        """Send what waits."""
        self._provider.shutdown()


def _context_of(told: Told) -> Context:
    """Return the caller's span as what a span's parent is; nothing of a span without one."""
    if not told.parent_id:
        return Context()
    parent = SpanContext(
        int(told.trace.trace_id, 16),
        int(told.parent_id, 16),
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
    )
    return set_span_in_context(NonRecordingSpan(parent), Context())
