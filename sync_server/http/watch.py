"""What surrounds every request: its id and trace, its log line, metrics, headers, the last net."""

import re
import time
from typing import Final
from uuid import uuid4

import structlog
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync_server.http.errors import problem
from sync_server.http.spans import Spans, Told
from sync_server.logs import logger
from sync_server.problems import RefusedError
from sync_server.server import Server
from trafficdesk.wire import traces
from trafficdesk.wire.codes import Code
from trafficdesk.wire.traces import Trace

REQUEST_ID_HEADER: Final = "X-Request-Id"
_OWN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
_GONE: Final = 499  # the caller hung up before it had an answer
_METHODS: Final = frozenset(
    {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"}
)
_OTHER_METHOD: Final = "_OTHER"  # as OpenTelemetry calls them
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_TLS_HEADERS: Final = {"Strict-Transport-Security": "max-age=31536000"}


_TWO_LENGTHS: Final = RefusedError(
    Code.BAD_REQUEST, "A body has one length.", headers={"Connection": "close"}
)


class Watch:
    """Middleware around the whole application."""

    def __init__(self, app: ASGIApp, server: Server, spans: Spans) -> None:
        self._app, self._metrics, self._spans = app, server.metrics, spans
        tls = server.settings.tls_certificate or server.settings.behind_tls_proxy
        self._headers = _HEADERS | (_TLS_HEADERS if tls else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens in it."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        given = _given_trace(scope)
        scope["request_id"] = _request_id(scope)
        scope["trace"] = traces.begin() if given is None else given.span()
        scope["parent_id"] = "" if given is None else given.span_id
        with structlog.contextvars.bound_contextvars(
            request_id=scope["request_id"],
            trace_id=scope["trace"].trace_id,
            span_id=scope["trace"].span_id,
        ):
            await self._watch(scope, receive, send)

    async def _watch(self, scope: Scope, receive: Receive, send: Send) -> None:
        started_s, status = time.perf_counter(), 0

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[REQUEST_ID_HEADER] = scope["request_id"]
                headers[traces.HEADER] = scope["trace"].header
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            if _has_two_lengths(scope):
                await problem(HTTPConnection(scope), _TWO_LENGTHS)(scope, receive, note)
            else:
                await self._app(scope, receive, note)
        except ClientDisconnect:
            status = _GONE
        except Exception as error:  # noqa: BLE001 - the last net under every route
            logger().error("request_failed", error=error, route=_route_of(scope))
            if status == 0 and scope["type"] == "http":
                answer = problem(HTTPConnection(scope), RefusedError(Code.FAULT))
                await answer(scope, receive, note)
        if scope["type"] == "http":
            self._tell(scope, status, time.perf_counter() - started_s)

    def _tell(self, scope: Scope, status: int, took_s: float) -> None:
        method, route = _method_of(scope), _route_of(scope)
        self._metrics.requests.labels(method, route, str(status)).observe(took_s)
        logger().info(
            "request_answered",
            method=method,
            route=route,
            status=status,
            took_ms=round(took_s * 1000, 1),
        )
        now_ns = time.time_ns()
        self._spans.tell(
            Told(
                trace=scope["trace"],
                parent_id=scope["parent_id"],
                method=method,
                route=route,
                status=status,
                request_id=scope["request_id"],
                began_ns=now_ns - round(took_s * 1e9),
                ended_ns=now_ns,
            )
        )


def _has_two_lengths(scope: Scope) -> bool:
    """Tell whether a proxy before us may have taken another end of the body for the right one."""
    names = {name for name, _ in scope["headers"]}
    return {b"content-length", b"transfer-encoding"} <= names


def _method_of(scope: Scope) -> str:
    """Return the method if it is known: a stranger's may hold anything, and each has its metric."""
    method = str(scope["method"])
    return method if method in _METHODS else _OTHER_METHOD


def _route_of(scope: Scope) -> str:
    """Return the route's pattern: a path may hold anything, a pattern is ours."""
    return str(getattr(scope.get("route"), "path", "unmatched"))


def _given_trace(scope: Scope) -> Trace | None:
    """Return the span of the caller's that a request is part of, None if they name none."""
    given = HTTPConnection(scope).headers.getlist(traces.HEADER)
    return traces.read(given[0]) if len(given) == 1 else None


def _request_id(scope: Scope) -> str:
    given = HTTPConnection(scope).headers.get(REQUEST_ID_HEADER, "")
    return given if _OWN_ID.fullmatch(given) else uuid4().hex
