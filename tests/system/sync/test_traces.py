"""A round of the sync is one trace, which the desk and the server's logs tell of alike."""

import io
from collections.abc import Iterator

import pytest

from sync_server.logs import set_up_logs
from tests.server.http.test_logs import ANSWERED, told
from tests.server.live_rooms.listening import wait_until
from tests.server.world import API
from tests.system.sync.conftest import AddDesk
from trafficdesk.wire.traces import HEADER, read


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What the server logs during a test."""
    stream = io.StringIO()
    set_up_logs("info", stream)
    yield stream
    set_up_logs("error")


def routes_by_trace(lines: io.StringIO) -> dict[str, list[str]]:
    """Return the answered requests of each trace, in their order."""
    found = dict[str, list[str]]()
    for line in told(lines, ANSWERED, 0):
        found.setdefault(str(line["trace_id"]), []).append(str(line["route"]))
    return found


def test_every_request_of_a_round_is_of_one_trace_and_the_next_round_of_another(
    add_desk: AddDesk, lines: io.StringIO
) -> None:
    desk = add_desk()
    desk.sync()
    first = desk.engine.status.trace_id
    desk.file()
    desk.sync()
    second = desk.engine.status.trace_id
    asked = {name: f"{API}/sync/{name}" for name in ("hello", "push", "changes", "snapshot")}
    wait_until(lambda: asked["changes"] in routes_by_trace(lines).get(second, []))
    found = routes_by_trace(lines)
    assert first != second
    assert {asked["hello"], asked["snapshot"], asked["changes"]} <= set(found[first])
    assert found[second] == [asked["push"], asked["changes"]]
    spans = [line["span_id"] for line in told(lines, ANSWERED, 0)]
    assert len(set(spans)) == len(spans)


def test_a_websocket_is_opened_under_a_trace_of_its_own(add_desk: AddDesk) -> None:
    desk = add_desk()
    headers = [desk.engine.access.websocket_headers("/api/v1/live") for _ in "ab"]
    one, other = (read(each[HEADER]) for each in headers)
    assert one is not None
    assert other is not None
    assert one.trace_id != other.trace_id
