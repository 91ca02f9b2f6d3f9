"""A collector of OpenTelemetry for tests: keeps what comes by OTLP over HTTP, or never answers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, Span


class Collector:
    """What came: whole requests, as bytes too."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.bodies = list[bytes]()

    @property
    def resources(self) -> list[ResourceSpans]:
        """What came, by who sent it."""
        asked = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        return [each for request in asked for each in request.resource_spans]

    @property
    def spans(self) -> list[Span]:
        """Every span that came."""
        return [span for of in self.resources for scope in of.scope_spans for span in scope.spans]


def facts_of(span: Span) -> dict[str, str | int]:
    """Return a span's attributes."""
    return {
        each.key: each.value.string_value or int(each.value.int_value) for each in span.attributes
    }


@contextmanager
def collecting(*, answers: bool = True) -> Iterator[Collector]:
    """Run a collector for the length of the block."""
    ending = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            """Take spans."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            collector.bodies.append(body)
            if not answers:
                ending.wait(60)
                return
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    collector = Collector(f"http://127.0.0.1:{server.server_address[1]}/v1/traces")
    thread = threading.Thread(target=server.serve_forever, name="collector", daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        ending.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
