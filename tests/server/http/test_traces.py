"""Requests that belong together are found together: by a trace that is taken, kept and answered."""

import io

import pytest
import requests

from tests.server.http.test_logs import ANSWERED, told
from tests.server.live import Live
from tests.server.world import API
from trafficdesk.wire.traces import HEADER, Trace, begin, read


def line_of(lines: io.StringIO, answer: requests.Response) -> dict[str, object]:
    """Return the log's line of a request."""
    own = answer.headers["X-Request-Id"]
    for count in range(1, 100):
        for line in told(lines, ANSWERED, count):
            if line["request_id"] == own:
                return line
    raise AssertionError(own)


def span_in(answer: requests.Response) -> Trace:
    found = read(answer.headers[HEADER])
    assert found is not None
    return found


def test_a_trace_that_is_given_goes_on_in_a_span_of_its_own(live: Live, lines: io.StringIO) -> None:
    given = begin()
    answer = requests.get(f"{live.url}/health", headers={HEADER: given.header}, timeout=10)
    span = span_in(answer)
    assert span.trace_id == given.trace_id
    assert span.span_id != given.span_id
    line = line_of(lines, answer)
    assert (line["trace_id"], line["span_id"]) == (span.trace_id, span.span_id)


@pytest.mark.parametrize("header", [None, "", "nothing", f"00-{'0' * 32}-{'1' * 16}-01", "TN37 1"])
def test_without_one_that_can_be_read_a_new_trace_is_begun(
    live: Live, lines: io.StringIO, header: str | None
) -> None:
    headers = {} if header is None else {HEADER: header}
    first, second = (requests.get(f"{live.url}/health", headers=headers, timeout=10) for _ in "ab")
    assert span_in(first).trace_id != span_in(second).trace_id
    assert line_of(lines, first)["trace_id"] == span_in(first).trace_id
    assert not header or header not in lines.getvalue()


def test_a_caller_who_wants_no_spans_kept_is_answered_so(live: Live) -> None:
    given = begin()._replace(is_sampled=False)
    answer = requests.get(f"{live.url}/health", headers={HEADER: given.header}, timeout=10)
    assert span_in(answer).is_sampled is False


def test_a_refusal_and_a_fault_are_told_under_their_trace(
    live: Live, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = requests.get(f"{live.url}{API}/users", timeout=10)
    assert line_of(lines, refused)["trace_id"] == span_in(refused).trace_id

    def fail() -> bytes:
        raise LookupError

    monkeypatch.setattr(live.server.metrics, "page", fail)
    faulty = requests.get(f"{live.url}/metrics", timeout=10)
    (line,) = told(lines, "request_failed")
    assert (faulty.status_code, line["trace_id"]) == (500, span_in(faulty).trace_id)
